"""The readiness page."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from nrem_plan_tracker.meetings import store
from nrem_plan_tracker.meetings.domain import KnownMeeting, Meeting
from nrem_plan_tracker.readiness.api import read_readiness
from nrem_plan_tracker.screens.showing import names_of, show
from nrem_shared.runtime.requests import runtime_of
from nrem_shared.web.application import set_clock

router = APIRouter(include_in_schema=False, dependencies=[Depends(set_clock)])


@router.get("/readiness")
async def readiness_page(request: Request) -> HTMLResponse:
    """The next meeting that is scheduled."""
    runtime = runtime_of(request)
    async with runtime.pool.acquire() as conn:
        meeting = _next(await store.meetings(conn))
        names = await names_of(conn)
    known = await read_readiness(request, meeting) if meeting else None
    return show(
        request, "readiness.html", title="readiness.title", section="section.readiness", names=names, known=known
    )


def _next(known: list[KnownMeeting]) -> Meeting | None:
    scheduled = [one.meeting for one in known if one.meeting.state == "scheduled"]
    return min(scheduled, key=lambda one: one.starts_at, default=None)
