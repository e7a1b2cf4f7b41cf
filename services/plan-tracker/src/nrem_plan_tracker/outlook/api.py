"""Challenges and future plans over HTTP, and as a page."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse
from pydantic import BaseModel

from nrem_plan_tracker.asking import AsKnownOn, instant_of, own_member, sees_all
from nrem_plan_tracker.outlook.domain import ChallengeCourse, FuturePlanCourse, challenges_of, future_plans_of
from nrem_plan_tracker.progress.reading import ALL_PERIODS
from nrem_plan_tracker.screens.showing import names_of, show
from nrem_plan_tracker.sources import store as sources
from nrem_plan_tracker.submissions import store as submissions
from nrem_shared.contracts.base import LocalizedText
from nrem_shared.runtime.clock import local_date
from nrem_shared.runtime.problems import problems
from nrem_shared.runtime.requests import runtime_of
from nrem_shared.web.application import set_clock

if TYPE_CHECKING:
    from datetime import datetime

router = APIRouter(tags=["challenges and future plans"])
pages = APIRouter(include_in_schema=False, dependencies=[Depends(set_clock)])


class ChallengeAnswer(BaseModel):
    """A challenge from its first report to its last."""

    code: str
    member: str
    text: LocalizedText
    first: str
    last: str
    ended: bool


class FuturePlanAnswer(BaseModel):
    """A plan as announced, and what became of it."""

    code: str
    member: str
    text: LocalizedText
    announced: str
    planned_for: str | None
    outcome: str | None
    said_in: str | None


@router.get("/api/challenges", summary="Challenges over the quarters", responses=problems(401, 403))
async def challenges(request: Request, as_known_on: AsKnownOn = None) -> list[ChallengeAnswer]:
    """From accepted reports; a member sees its own."""
    found, _ = await _read(request, instant_of(request, as_known_on))
    return [ChallengeAnswer(**asdict(one) | {"text": one.text}) for one in found]


@router.get("/api/future-plans", summary="Future plans and what became of them", responses=problems(401, 403))
async def future_plans(request: Request, as_known_on: AsKnownOn = None) -> list[FuturePlanAnswer]:
    """From accepted reports; a member sees its own."""
    _, found = await _read(request, instant_of(request, as_known_on))
    return [FuturePlanAnswer(**asdict(one) | {"text": one.text}) for one in found]


@pages.get("/outlook")
async def outlook_page(request: Request, as_known_on: AsKnownOn = None) -> HTMLResponse:
    """Both, as known on a day."""
    instant = instant_of(request, as_known_on)
    found, planned = await _read(request, instant)
    async with runtime_of(request).pool.acquire() as conn:
        names = await names_of(conn)
        periods = await sources.periods(conn)
    return show(
        request,
        "outlook.html",
        title="outlook.title",
        section="section.outlook",
        names=names,
        challenges=found,
        future_plans=planned,
        newest=periods[0].code if periods else "",
        illustrative=bool(periods) and periods[0].illustrative,
        asked=local_date(instant) if as_known_on else None,
    )


async def _read(
    request: Request, instant: datetime
) -> tuple[tuple[ChallengeCourse, ...], tuple[FuturePlanCourse, ...]]:
    async with runtime_of(request).pool.acquire() as conn, conn.transaction(isolation="repeatable_read", readonly=True):
        versions = await submissions.in_force(conn, instant, ALL_PERIODS)
        if not sees_all(request):
            versions = [one for one in versions if one.member == own_member(request)]
        said = await submissions.entries(conn, "challenges", versions)
        planned = await submissions.entries(conn, "future_plans", versions)
    return challenges_of(said), future_plans_of(planned)
