"""The OpenAPI document: what every operation may answer follows from its rule and its shape, said here once.

Routes name only what is their own (409, 410, 412, 428); that nobody is signed in, that a body cannot be read or that
something does not exist is the same for all of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import FastAPI

from nrem_shared.runtime.problems import MEDIA_TYPE, PROBLEMS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from nrem_shared.runtime.identity.authorisation import Rule

_METHODS = frozenset({"get", "put", "post", "delete", "patch"})
_CORRELATION_NAME, _STALE_NAME = "X-Correlation-ID", "Nrem-Stale"
_OURS = ("ProblemModel", "HTTPValidationError")  # ours, and what the framework would document in its place
_PROBLEM = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemModel"}}}
_ALWAYS = ("/health/", "/metrics")  # answered also by an overloaded process
_HEADERS = {
    _CORRELATION_NAME: {
        "description": "What to name when asking about this request; the one that was sent, where it was usable.",
        "schema": {"type": "string", "maxLength": 80},
    },
    _STALE_NAME: {
        "description": "`true` where the writes named by Nrem-After had not arrived in time.",
        "schema": {"type": "string", "enum": ["true"]},
    },
}


class DocumentedApi(FastAPI):
    """An application whose document is complete: `state.rules` has its table of authorisation."""

    def openapi(self) -> dict[str, Any]:
        """The document, made once."""
        if self.openapi_schema is None:
            self.openapi_schema = complete(super().openapi(), self.state.rules)
        return self.openapi_schema


def complete(document: dict[str, Any], rules: Mapping[str, Rule]) -> dict[str, Any]:
    """Add to every operation who may use it, the problems it may answer with, and the headers of its answers."""
    for path, method, operation in _operations(document):
        rule = rules[f"{method.upper()} {path}"]
        operation["security"] = [] if rule.public else [{"bearer": []}]
        if not rule.public:
            operation["x-roles"] = sorted(rule.roles)
        answers = operation["responses"]
        for status in _problems_of(path, operation, rule):
            content = answers.setdefault(str(status), {}).setdefault("content", {})
            content.update({} if _is_problem(str(status), answers[str(status)]) else _PROBLEM)
        operation["responses"] = {status: _answer(status, answers[status], method) for status in sorted(answers)}
    components = document.setdefault("components", {})
    components["headers"] = _HEADERS
    components["responses"] = {f"Problem{status}": _problem(text) for status, text in PROBLEMS.items()}
    components["securitySchemes"] = {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}
    for unused in ("HTTPValidationError", "ValidationError"):
        components.get("schemas", {}).pop(unused, None)
    return document


def _operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in document["paths"].items():
        for method in sorted(_METHODS & item.keys()):
            yield path, method, item[method]


def _problems_of(path: str, operation: dict[str, Any], rule: Rule) -> Iterator[int]:
    """The statuses that follow from what the operation is."""
    if not rule.public:
        yield from (401, 403)
    if any(parameter["in"] == "path" for parameter in operation.get("parameters", [])):
        yield 404
    if "requestBody" in operation:
        yield from (400, 413, 422)
    elif operation.get("parameters"):
        yield 422
    if not path.startswith(_ALWAYS):
        yield 503


def _answer(status: str, answer: dict[str, Any], method: str) -> dict[str, Any]:
    """An answer as it is documented: a problem by reference, everything with its headers."""
    if _is_problem(status, answer):
        return {"$ref": f"#/components/responses/Problem{status}"}
    return {**answer, "headers": {**_headers(method), **answer.get("headers", {})}}


def _is_problem(status: str, answer: dict[str, Any]) -> bool:
    schemas = [content.get("schema", {}).get("$ref", "") for content in answer.get("content", {}).values()]
    return int(status) in PROBLEMS and bool(schemas) and all(ref.rpartition("/")[2] in _OURS for ref in schemas)


def _problem(text: str) -> dict[str, Any]:
    return {"description": text, "headers": _headers("get"), "content": _PROBLEM}


def _headers(method: str) -> dict[str, Any]:
    names = (_CORRELATION_NAME, _STALE_NAME) if method == "get" else (_CORRELATION_NAME,)
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}
