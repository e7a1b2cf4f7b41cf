"""The JSON route that brings in quarters from before the platform was used."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field

from nrem_intake.history import commands
from nrem_intake.history.commands import Outcome
from nrem_intake.submissions.answers import problem_of
from nrem_intake.submissions.asking import IDEMPOTENT, run_once
from nrem_intake.submissions.bodies import LARGEST_BULK, bounded, json_body
from nrem_intake.submissions.catalogues import catalogues_of
from nrem_intake.submissions.examples import CONTENT, inlined
from nrem_intake.submissions.failures import Failed
from nrem_shared.contracts.submissions import SubmissionContent
from nrem_shared.runtime.idempotency import Answer
from nrem_shared.runtime.problems import problems
from nrem_shared.runtime.reading import HEADER as AFTER
from nrem_shared.runtime.requests import provenance, runtime_of

router = APIRouter(tags=["imports"], route_class=bounded(LARGEST_BULK))


class Brought(BaseModel):
    """One submission."""

    period: str
    member: str


class BroughtIn(BaseModel):
    """What was done, or with `dry_run` would be: quarters opened, submissions brought in, those there already."""

    opened: list[str]
    imported: list[Brought]
    there_already: list[Brought] = Field(description="Brought in before with the same content: left as they are")


class _OnlyTried(Exception):
    """Undoes the transaction of a dry run."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__("a dry run")
        self.outcome = outcome


def _body() -> dict[str, Any]:
    submission = inlined(SubmissionContent)
    submission["properties"] = {"member": {"type": "string"}, **submission["properties"]}
    submission["required"] = ["member"]
    period = {
        "type": "object",
        "required": ["period", "submissions"],
        "properties": {
            "period": {"type": "string", "pattern": "^[0-9]{4}-Q[1-4]$"},
            "due": {"type": ["string", "null"], "format": "date"},
            "submissions": {"type": "array", "maxItems": 100, "items": submission},
        },
    }
    schema = {
        "type": "object",
        "required": ["periods"],
        "properties": {
            "group": {
                "type": ["string", "null"],
                "description": "Whose members owed a report; needed where a quarter is not there yet",
            },
            "illustrative": {"type": "boolean"},
            "periods": {"type": "array", "minItems": 1, "maxItems": 80, "items": period},
        },
    }
    example = {
        "group": "working_group_2025",
        "periods": [{"period": "2025-Q4", "due": "2026-01-15", "submissions": [{"member": "vp", **CONTENT}]}],
    }
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema, "example": example}}}}


@router.post(
    "/api/imports",
    status_code=201,
    summary="Bring in quarters from before the platform was used",
    response_model=BroughtIn,
    dependencies=IDEMPOTENT,
    responses=problems(400, 401, 403, 413),
    openapi_extra=_body(),
)
async def bring_in(request: Request, dry_run: Annotated[bool, Query()] = False) -> Response:
    """Opens past quarters that are not there; each submission is entered as accepted, never late, and marked imported.

    All or nothing: errors name their place, such as `/periods/0/submissions/3/observations/0/value`. What was brought
    in before with the same content is left alone, so a repeated import is harmless.
    """
    body = await json_body(request)
    catalogues = catalogues_of(runtime_of(request))
    if dry_run:
        return await _tried(request, body)

    async def command(writing: Any) -> Answer:
        outcome = await commands.bring_in(writing, catalogues, body)
        return Answer(201, _shown(outcome).model_dump_json(), {AFTER: writing.after})

    return await run_once(request, command)


async def _tried(request: Request, body: Any) -> Response:
    """The same without keeping anything."""
    runtime = runtime_of(request)
    try:
        async with runtime.journal.writing(provenance(request)) as writing:
            raise _OnlyTried(await commands.bring_in(writing, catalogues_of(runtime), body))
    except _OnlyTried as tried:
        return Response(_shown(tried.outcome).model_dump_json(), status_code=201, media_type="application/json")
    except Failed as failed:
        raise problem_of(request, failed) from failed


def _shown(outcome: Outcome) -> BroughtIn:
    def brought(keys: list[tuple[str, str]]) -> list[Brought]:
        return [Brought(period=period, member=member) for period, member in keys]

    return BroughtIn(
        opened=outcome.opened, imported=brought(outcome.imported), there_already=brought(outcome.there_already)
    )
