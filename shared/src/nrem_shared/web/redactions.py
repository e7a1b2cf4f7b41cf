"""Where the coordinator takes texts out of what a service itself decided: by journal position, or on a page.

What members report is taken out in intake, which knows every copy of it; here it is verdicts, decisions, tasks,
minutes, notes: the ministry's and the group's own words.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Final

from fastapi import APIRouter, Depends, Form, Query, Request, Response
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, Field

from nrem_shared.contracts.registry import EVENT_TYPES
from nrem_shared.runtime.identity.authorisation import Rule
from nrem_shared.runtime.problems import FieldError as ProblemError
from nrem_shared.runtime.problems import Problem, problems
from nrem_shared.runtime.reading import HEADER as AFTER
from nrem_shared.runtime.reading import see_other
from nrem_shared.runtime.redactions import store
from nrem_shared.runtime.redactions.taking_out import Refused, at_position, of_stream, take_out
from nrem_shared.runtime.redactions.texts import Text
from nrem_shared.runtime.requests import provenance, runtime_of
from nrem_shared.web.application import set_clock
from nrem_shared.web.forms import FieldError
from nrem_shared.web.rendering import page, translator_of
from nrem_shared.web.typed import Typed, TypedText, too_long

if TYPE_CHECKING:
    from nrem_shared.runtime.redactions.taking_out import Clean

_COORDINATOR = Rule("coordinator")
RULES: Final = {
    "GET /api/redactions": _COORDINATOR,
    "POST /api/redactions": _COORDINATOR,
    "GET /redact": _COORDINATOR,
    "POST /redact": _COORDINATOR,
}

#: Characters that the reason of a redaction may have.
LONGEST_REASON: Final = 1000

Stream = Annotated[str, Query(max_length=300, description="A stream of this service's journal")]


class ToRedact(BaseModel):
    """Which texts of the fact at a position of this service's journal, and why; without places all of its texts.

    The reason stays in the journal: it must not repeat them.
    """

    position: Annotated[int, Field(strict=True, ge=1, le=2**62)]
    places: Annotated[
        list[Annotated[str, Field(max_length=300)]],
        Field(max_length=200, description="JSON pointers to texts", examples=[["/text"]]),
    ] = []
    reason: Annotated[str, Field(max_length=LONGEST_REASON)]


class RedactionDone(BaseModel):
    """`facts` = facts whose payload and salt are gone."""

    texts: int
    facts: int


class RedactionListed(BaseModel):
    """A redaction: `redacts` = the position whose payload is gone."""

    position: int
    redacts: int
    subject: str
    recorded_at: datetime
    actor: str
    reason: str


def redactions_router(clean: Clean) -> APIRouter:
    """The routes of a service that knows how to `clean` its own tables; its authorisation table takes in `RULES`."""
    router = APIRouter()

    @router.get("/api/redactions", tags=["redactions"], responses=problems(401, 403))
    async def list_redactions(request: Request) -> list[RedactionListed]:
        """Everything that was redacted in this journal, newest first."""
        async with runtime_of(request).pool.acquire() as conn:
            return [RedactionListed.model_validate(dict(row)) for row in await store.listed(conn)]

    @router.post("/api/redactions", tags=["redactions"], responses=problems(401, 403))
    async def redact(request: Request, response: Response, given: ToRedact) -> RedactionDone:
        """Take texts out of this service's journal, tables and topics; the chain still verifies."""
        try:
            async with runtime_of(request).journal.writing(provenance(request)) as writing:
                texts = await at_position(writing.conn, given.position, given.places)
                facts = await take_out(writing, texts, given.reason, clean)
        except Refused as refused:
            raise _problem(request, refused) from refused
        response.headers[AFTER] = writing.after
        return RedactionDone(texts=len(texts), facts=facts)

    @router.get("/redact", include_in_schema=False, dependencies=[Depends(set_clock)])
    async def choose(request: Request, stream: Stream = "", done: bool = False) -> HTMLResponse:
        """The streams of this journal, or what one of them says."""
        return await _page(request, stream, done=done)

    @router.post("/redact", include_in_schema=False, dependencies=[Depends(set_clock)])
    async def redact_by_form(
        request: Request,
        stream: Annotated[str, Form(max_length=300)] = "",
        texts: Annotated[list[str], Form(max_length=500)] = [],  # noqa: B006 - FastAPI copies it
        reason: TypedText = "",
        confirmed: Annotated[str, Form(max_length=10)] = "",
    ) -> Response:
        """First what will be done; once that is confirmed, do it."""
        errors = [] if texts else [FieldError("texts", "taking_out.no_texts")]
        if not reason.strip():
            errors.append(FieldError("reason", "taking_out.reason_missing"))
        errors += too_long(request, Typed("reason", "taking_out.why", reason, LONGEST_REASON))
        if errors or not confirmed:
            return await _page(request, stream, texts, reason, errors)
        try:
            async with runtime_of(request).journal.writing(provenance(request)) as writing:
                known = await of_stream(writing.conn, stream)
                await take_out(writing, [one for one in known if one.value in texts], reason, clean)
        except Refused as refused:
            told = [FieldError(_field(one.pointer), f"taking_out.{one.code}") for one in refused.refusals]
            return await _page(request, stream, texts, reason, told)
        secure = runtime_of(request).settings.secure_cookies
        return see_other(f"{_root(request)}/redact?done=true", after=writing.after, secure=secure)

    return router


async def _page(
    request: Request,
    stream: str,
    texts: Sequence[str] = (),
    reason: str = "",
    errors: Sequence[FieldError] = (),
    *,
    done: bool = False,
) -> HTMLResponse:
    runtime = runtime_of(request)
    async with runtime.pool.acquire() as conn:
        known: list[Text] = await of_stream(conn, stream) if stream else []
        streams = [] if stream else await store.streams(conn, _types(runtime.blueprint.name))
    if stream and not known:
        raise Problem.not_found(translator_of(request)("taking_out.nothing_there"))
    return page(
        request,
        "nrem/redact.html",
        title="taking_out.page_title",
        status=422 if errors else 200,
        errors=list(errors),
        stream=stream,
        streams=_by_kind(streams),
        known=known,
        chosen=list(texts),
        reason=reason,
        confirming=bool(texts) and not errors and bool(reason.strip()),
        done=done,
        service=runtime.blueprint.name,
        root=_root(request),
    )


def _by_kind(streams: Sequence[str]) -> dict[str, list[str]]:
    """Streams under the first part of their names, in order of these; within, those that changed last first."""
    found: dict[str, list[str]] = {}
    for one in streams:
        found.setdefault(one.partition("/")[0], []).append(one)
    return dict(sorted(found.items()))


def _types(service: str) -> list[str]:
    """The types of facts of a service in which somebody's words may stand."""
    silent = ("nrem.payload.redacted.v1", "nrem.delivery.recorded.v1", "nrem.working-calendar.set.v1")
    return [kind.name for kind in EVENT_TYPES.values() if kind.service == service and kind.name not in silent]


def _problem(request: Request, refused: Refused) -> Problem:
    translate = translator_of(request)
    errors = [ProblemError(one.pointer, one.code, translate(f"taking_out.{one.code}")) for one in refused.refusals]
    return Problem.invalid(errors)


def _field(pointer: str) -> str:
    return "reason" if pointer == "/reason" else "texts"


def _root(request: Request) -> str:
    return str(request.scope.get("root_path", ""))
