"""Problems: the one way a service says what is wrong (RFC 9457), all errors at once, each with its JSON pointer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from nrem_shared.runtime.database import is_away
from nrem_shared.runtime.journal.writing import PayloadTooLarge
from nrem_shared.runtime.logs import logger

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fastapi import FastAPI, Request
    from starlette.responses import Response

MEDIA_TYPE = "application/problem+json"
_BASE = "https://nrem.example/problems/"
_log = logger(__name__)
#: Of what the framework answers by itself.
_KINDS = {
    400: "malformed",
    401: "unauthenticated",
    403: "forbidden",
    404: "not-found",
    405: "method-not-allowed",
    413: "too-large",
}


@dataclass(frozen=True, slots=True)
class FieldError:
    """One thing wrong: where (JSON pointer), which kind (code), what (detail) and what to do (hint)."""

    pointer: str
    code: str
    detail: str
    hint: str = ""


class ErrorModel(BaseModel):
    """One error of a problem, as OpenAPI shows it."""

    pointer: str
    code: str
    detail: str
    hint: str = ""


class ProblemModel(BaseModel):
    """A problem document, as OpenAPI shows it."""

    type: str
    title: str
    status: int
    detail: str
    instance: str | None = None
    correlation_id: str | None = None
    errors: list[ErrorModel] = []


@dataclass(eq=False)
class Problem(Exception):
    """Raised by handlers; becomes the answer. `kind` is a slug that names the sort of problem."""

    status: int
    kind: str
    title: str
    detail: str
    errors: tuple[FieldError, ...] = ()
    headers: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        """The sentence a log shows."""
        return f"{self.status} {self.kind}: {self.detail}"

    @classmethod
    def invalid(
        cls, errors: Iterable[FieldError], title: str = "The content is not valid", detail: str = ""
    ) -> Problem:
        """422: every error is listed; nothing was kept."""
        listed = tuple(errors)
        return cls(422, "invalid", title, detail or f"{len(listed)} errors; nothing was kept.", listed)

    @classmethod
    def malformed(cls, detail: str) -> Problem:
        """400: the request cannot be read at all."""
        return cls(400, "malformed", "The request cannot be read", detail)

    @classmethod
    def unauthenticated(cls, detail: str) -> Problem:
        """401: nobody is signed in, or the token is not valid any more."""
        return cls(401, "unauthenticated", "Sign in first", detail, headers={"WWW-Authenticate": "Bearer"})

    @classmethod
    def forbidden(cls, detail: str) -> Problem:
        """403: signed in, but not allowed."""
        return cls(403, "forbidden", "Not allowed", detail)

    @classmethod
    def not_found(cls, detail: str) -> Problem:
        """404: it does not exist, or is somebody else's."""
        return cls(404, "not-found", "Not found", detail)

    @classmethod
    def conflict(cls, detail: str) -> Problem:
        """409: the present state does not allow it."""
        return cls(409, "conflict", "The present state does not allow this", detail)

    @classmethod
    def precondition_failed(cls, detail: str) -> Problem:
        """412: somebody changed it meanwhile."""
        return cls(412, "changed-meanwhile", "It was changed meanwhile", detail)

    @classmethod
    def too_large(cls, detail: str) -> Problem:
        """413: more than one request may carry."""
        return cls(413, "too-large", "Too large", detail)

    @classmethod
    def precondition_required(cls, detail: str) -> Problem:
        """428: say which state you saw, by If-Match."""
        return cls(428, "if-match-required", "Say which revision you saw", detail)

    @classmethod
    def unavailable(cls, detail: str, retry_after: int) -> Problem:
        """503: try again after so many seconds."""
        return cls(503, "unavailable", "Not available now", detail, headers={"Retry-After": str(retry_after)})

    def document(self, instance: str, correlation_id: str | None) -> dict[str, Any]:
        """The JSON document."""
        return {
            "type": _BASE + self.kind,
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "instance": instance,
            "correlation_id": correlation_id,
            "errors": [{"pointer": e.pointer, "code": e.code, "detail": e.detail, "hint": e.hint} for e in self.errors],
        }


def pointer(parts: Iterable[str | int]) -> str:
    """A JSON pointer (RFC 6901) from its parts."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)


def from_request_validation(error: RequestValidationError) -> Problem:
    """FastAPI's own validation errors in the same shape; the values sent are not repeated."""
    errors = []
    for item in error.errors():
        where, *rest = item["loc"]
        at = pointer(rest) if where == "body" else f"{where}:{'.'.join(map(str, rest))}"
        errors.append(FieldError(at, item["type"], item["msg"]))
    return Problem.invalid(errors, "The request is not valid")


def answer(problem: Problem, request: Request) -> Response:
    """The problem as a JSON response."""
    correlation = getattr(request.state, "correlation_id", None)
    return JSONResponse(
        problem.document(request.url.path, correlation),
        status_code=problem.status,
        headers=problem.headers,
        media_type=MEDIA_TYPE,
    )


def as_problem(error: Exception) -> Problem:
    """Any error that reached the edge, as a problem; unexpected ones say nothing of their inside."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, RequestValidationError):
        return from_request_validation(error)
    if isinstance(error, PayloadTooLarge):
        return Problem.too_large(str(error))
    if isinstance(error, HTTPException):
        kind = _KINDS.get(error.status_code, "http")
        return Problem(error.status_code, kind, str(error.detail), str(error.detail), headers=dict(error.headers or {}))
    if is_away(error):
        _log.error("database is away", error=repr(error))
        return Problem.unavailable("The database does not answer now.", 5)
    _log.error("unexpected error", error=repr(error), exc_info=error)
    return Problem(500, "unexpected", "Something went wrong on our side", "It was recorded with the correlation id.")


#: Every kind of error that an application answers by a problem, the framework's own among them.
KINDS: tuple[type[Exception], ...] = (Problem, RequestValidationError, HTTPException, PayloadTooLarge, Exception)


def install_problems(app: FastAPI) -> None:
    """Let every error of this app be answered as a problem. Pages put their own handlers in front."""

    async def handle(request: Request, error: Exception) -> Response:
        return answer(as_problem(error), request)

    for kind in KINDS:
        app.add_exception_handler(kind, handle)


#: What a problem of each status means, as the OpenAPI documents say it.
PROBLEMS: dict[int, str] = {
    400: "The request cannot be read",
    401: "Nobody is signed in",
    403: "Not allowed",
    404: "Not found, or somebody else's",
    409: "The present state does not allow it",
    410: "It was removed",
    412: "It was changed meanwhile",
    413: "Too large",
    422: "Not valid: every error with its JSON pointer",
    428: "If-Match is required",
    503: "Not available now: try again after the seconds of Retry-After",
}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """`responses=` for a route that may answer with these problems beside those that every route may.

    What follows from a route's rule and shape (401, 403, 404, 413, 422, 503) need not be named.
    """
    return {status: {"model": ProblemModel, "description": PROBLEMS[status]} for status in (*statuses, 422)}
