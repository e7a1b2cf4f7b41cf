"""JSON routes of discussions."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from nrem_intake.discussions import commands, store
from nrem_intake.discussions.domain import LONGEST, Remark, ToSay
from nrem_intake.submissions.asking import IDEMPOTENT, Member, Period, run_once
from nrem_intake.submissions.authorship import own_or_404
from nrem_intake.submissions.catalogues import catalogues_of
from nrem_shared.contracts.base import LocalizedText
from nrem_shared.contracts.discussions import Side
from nrem_shared.runtime.idempotency import Answer
from nrem_shared.runtime.identity.authorisation import current_principal
from nrem_shared.runtime.problems import problems
from nrem_shared.runtime.reading import HEADER as AFTER
from nrem_shared.runtime.requests import runtime_of
from nrem_shared.web.languages import content_locale
from nrem_shared.web.rendering import language_of

router = APIRouter(tags=["discussions"])

_PATH = "/api/periods/{period}/submissions/{member}/discussion"


class ToRemark(BaseModel):
    """A question or an answer about the place `at` (JSON pointer; empty = the whole) of a version."""

    version: Annotated[int, Field(strict=True, ge=1, le=10_000, examples=[1])]
    at: Annotated[str, Field(max_length=300, examples=["/observations/0"])] = ""
    text: Annotated[str, Field(max_length=4 * LONGEST, examples=["Vai skaitā ir arī marta beigas?"])]


class RemarkShown(BaseModel):
    """A remark; `item` names what it is about in every version."""

    number: int
    version: int
    at: str
    item: str
    text: LocalizedText
    side: Side
    by: str
    made_at: datetime


@router.get(_PATH, summary="What was asked and answered about a submission", responses=problems(401, 403, 404))
async def list_remarks(request: Request, period: Period, member: Member) -> list[RemarkShown]:
    """Oldest first; one's own, or any for the coordinator."""
    own_or_404(request, member)
    async with runtime_of(request).pool.acquire() as conn:
        return [shown(one) for one in await store.remarks(conn, period, member)]


@router.post(
    _PATH,
    status_code=201,
    summary="Ask or answer",
    response_model=RemarkShown,
    dependencies=IDEMPOTENT,
    responses=problems(401, 403, 404),
)
async def make_remark(request: Request, period: Period, member: Member, given: ToRemark) -> Response:
    """Both sides read it; it stays with the item in every version."""
    own_or_404(request, member)
    wanted = to_say(request, given.version, given.at, given.text)
    catalogues = catalogues_of(runtime_of(request))

    async def answer(writing: Any) -> Answer:
        made = await commands.say(writing, catalogues, period, member, wanted)
        return Answer(201, shown(made).model_dump_json(), {AFTER: writing.after})

    return await run_once(request, answer)


def to_say(request: Request, version: int, at: str, text: str) -> ToSay:
    """What the asker wants to say, for the side that it is on."""
    principal = current_principal(request)
    side: Side = "coordinator" if principal.has("coordinator") else "member"
    return ToSay(version, at, text, side, principal.display, content_locale(language_of(request)))


def shown(one: Remark) -> RemarkShown:
    """A remark as JSON."""
    return RemarkShown(
        number=one.number,
        version=one.version,
        at=one.at,
        item=one.item,
        text=one.text,
        side=one.side,
        by=one.by,
        made_at=one.made_at,
    )
