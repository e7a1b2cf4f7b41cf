"""Readiness over HTTP, and as a page."""

from __future__ import annotations

from datetime import date, datetime

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field

from nrem_plan_tracker.answers import problem_of
from nrem_plan_tracker.invitations import store as invitations
from nrem_plan_tracker.invitations.domain import InvitationState
from nrem_plan_tracker.invitations.domain import invitations as invitations_of
from nrem_plan_tracker.meetings import store as meetings
from nrem_plan_tracker.meetings.api import known_meeting
from nrem_plan_tracker.meetings.domain import Meeting
from nrem_plan_tracker.meetings.reading import read_due
from nrem_plan_tracker.readiness.domain import Readiness, readiness_of
from nrem_plan_tracker.refusals import unknown
from nrem_plan_tracker.sources import store as sources
from nrem_plan_tracker.tasks import store as tasks
from nrem_shared.runtime.clock import local_date
from nrem_shared.runtime.problems import problems
from nrem_shared.runtime.requests import runtime_of

router = APIRouter(tags=["meetings"])


class InvitationAnswer(BaseModel):
    """Where the invitation of one institution stands, as the notifier told."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    institution: str
    state: InvitationState = Field(
        description="delivered; elsewhere (no address: to the coordinator); failed; withheld; unknown (not settled yet)"
    )
    at: datetime | None = Field(description="When that was settled")
    cause: str = Field(description="Why it was not delivered, as the notifier names it")


class ReadinessAnswer(BaseModel):
    """What a meeting still lacks."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    meeting: str
    check_on: date = Field(description="Seven calendar days ahead")
    days_left: int
    ready: bool
    reports: dict[str, str] = Field(description="Member → accepted, submitted, returned, withdrawn, missing or due")
    overdue_tasks: list[str]
    verdicts_due: list[str]
    invitations: list[InvitationAnswer] = Field(description="Of every institution invited; those undelivered first")


@router.get("/api/meetings/{code}/readiness", summary="What a meeting still lacks", responses=problems(401, 403, 404))
async def readiness(request: Request, code: str) -> ReadinessAnswer:
    """As it stands now."""
    known = await read_readiness(request, (await known_meeting(request, code)).meeting)
    return ReadinessAnswer(
        meeting=code,
        check_on=known.check_on,
        days_left=known.days_left,
        ready=known.ready,
        reports={one.member: one.state for one in known.reports},
        overdue_tasks=[one.code for one in known.overdue],
        verdicts_due=[one.result.code for one in known.verdicts],
        invitations=[
            InvitationAnswer(institution=one.institution, state=one.state, at=one.at, cause=one.cause)
            for one in known.invitations
        ],
    )


async def read_readiness(request: Request, meeting: Meeting) -> Readiness:
    """The facts, read in one snapshot. Raises the 404 problem where the period is not known."""
    runtime = runtime_of(request)
    now = runtime.clock.now()
    async with runtime.pool.acquire() as conn, conn.transaction(isolation="repeatable_read", readonly=True):
        period = await sources.period(conn, meeting.about)
        if period is None:
            raise problem_of(request, unknown("no_such_period", named=meeting.about))
        due = await read_due(conn, period, meeting.starts_at, now)
        known = [one.task for one in (await tasks.tasks(conn)).values()]
        told = await invitations.outcomes_of(conn, meeting.code)
        moved_at = await meetings.moved_at(conn, meeting.code)
    invited = invitations_of(meeting.invited, told, moved_at)
    return readiness_of(meeting, due, known, invited, local_date(now), local_date(meeting.starts_at))
