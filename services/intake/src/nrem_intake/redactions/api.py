"""JSON routes of redactions: take texts out by journal position or by version; let a text pass."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from nrem_intake.redactions import commands
from nrem_intake.redactions.commands import Redacted
from nrem_intake.submissions.asking import IDEMPOTENT, Member, Number, Period, run_once
from nrem_intake.submissions.catalogues import catalogues_of
from nrem_shared.contracts.base import LocalizedText
from nrem_shared.runtime.idempotency import Answer
from nrem_shared.runtime.problems import problems
from nrem_shared.runtime.reading import HEADER as AFTER
from nrem_shared.runtime.redactions import store
from nrem_shared.runtime.requests import runtime_of
from nrem_shared.web.redactions import RedactionListed

router = APIRouter(tags=["redactions"])

Places = Annotated[
    list[Annotated[str, Field(max_length=300)]],
    Field(max_length=200, description="JSON pointers to texts", examples=[["/content/challenges/0/text"]]),
]


class ToRedactVersion(BaseModel):
    """Which texts of the version, and why. The reason stays in the journal: it must not repeat them."""

    places: Places
    reason: LocalizedText


class ToRedactFact(BaseModel):
    """Which texts of the fact at a position of intake's journal, and why; without places all of its texts."""

    position: Annotated[int, Field(strict=True, ge=1, le=2**62)]
    places: Places = []
    reason: LocalizedText


class RedactionDone(BaseModel):
    """`facts` = facts whose payload and salt are gone; `versions` = versions that say less now."""

    period: str
    member: str
    texts: int
    facts: int
    versions: int


class ToLetPass(BaseModel):
    """A text that is no personal data although it looks like it, exactly as it will be submitted, and why."""

    text: Annotated[str, Field(max_length=10_000)]
    reason: LocalizedText


class LetPassDone(BaseModel):
    """What the guard takes parts of the text for. The text itself is not kept."""

    id: str
    kinds: list[str]


@router.get("/api/redactions", summary="Everything that was redacted", responses=problems(401, 403))
async def list_redactions(request: Request) -> list[RedactionListed]:
    """Newest first."""
    async with runtime_of(request).pool.acquire() as conn:
        return [RedactionListed.model_validate(dict(row)) for row in await store.listed(conn)]


@router.post(
    "/api/redactions",
    summary="Take texts out, by journal position",
    response_model=RedactionDone,
    dependencies=IDEMPOTENT,
    responses=problems(401, 403, 409),
)
async def redact_fact(request: Request, given: ToRedactFact) -> Response:
    """Wherever the member's reports say the same words they go too: journal, topics, projections, minutes."""

    catalogues = catalogues_of(runtime_of(request))

    async def command(writing: Any) -> Answer:
        wanted = await commands.at_position(writing.conn, catalogues, given.position, given.places, given.reason)
        return _answer(await commands.redact(writing, wanted), writing)

    return await run_once(request, command)


@router.post(
    "/api/periods/{period}/submissions/{member}/versions/{version}/redactions",
    summary="Take texts out of a version",
    response_model=RedactionDone,
    dependencies=IDEMPOTENT,
    responses=problems(401, 403, 404),
)
async def redact_version(
    request: Request, period: Period, member: Member, version: Number, given: ToRedactVersion
) -> Response:
    """As by position; pointers begin with `/content`, `/corrected_figures`, `/reasons`, `/on_behalf`, `/remarks`."""
    catalogues = catalogues_of(runtime_of(request))

    async def command(writing: Any) -> Answer:
        wanted = await commands.in_version(
            writing.conn, catalogues, period, member, version, given.places, given.reason
        )
        return _answer(await commands.redact(writing, wanted), writing)

    return await run_once(request, command)


@router.post(
    "/api/periods/{period}/submissions/{member}/let-pass",
    status_code=201,
    summary="Let a text pass that the guard refuses",
    response_model=LetPassDone,
    dependencies=IDEMPOTENT,
    responses=problems(401, 403, 404),
)
async def let_pass(request: Request, period: Period, member: Member, given: ToLetPass) -> Response:
    """For this member and period only; a fact says that it was done and why, without the text."""
    catalogues = catalogues_of(runtime_of(request))

    async def command(writing: Any) -> Answer:
        passed = await commands.let_pass(writing, catalogues, period, member, given.text, given.reason)
        done = LetPassDone(id=str(passed.id), kinds=list(passed.kinds))
        return Answer(201, done.model_dump_json(), {AFTER: writing.after})

    return await run_once(request, command)


def _answer(done: Redacted, writing: Any) -> Answer:
    shown = RedactionDone(
        period=done.period, member=done.member, texts=done.texts, facts=done.facts, versions=done.versions
    )
    return Answer(200, shown.model_dump_json(), {AFTER: writing.after})
