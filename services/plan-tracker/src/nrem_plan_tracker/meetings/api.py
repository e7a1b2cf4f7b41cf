"""JSON routes of meetings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Depends, Request, Response

from nrem_plan_tracker.answers import command, follow, problem_of
from nrem_plan_tracker.meetings import commands, store
from nrem_plan_tracker.meetings.bodies import AgendaBody, CancelBody, HoldBody, MoveBody, ScheduleBody
from nrem_plan_tracker.meetings.domain import KnownMeeting, Meeting
from nrem_plan_tracker.meetings.reading import read_proposal
from nrem_plan_tracker.refusals import unknown
from nrem_plan_tracker.sources import store as sources
from nrem_shared.contracts.meetings import AgendaItem
from nrem_shared.runtime.problems import problems
from nrem_shared.runtime.requests import runtime_of
from nrem_shared.runtime.written import Written

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from nrem_shared.runtime.journal import Writing

router = APIRouter(prefix="/api/meetings", tags=["meetings"], dependencies=[Depends(follow)])


class MeetingAnswer(Meeting):
    """A meeting and its revision."""

    revision: int


@router.post("", status_code=201, summary="Call a meeting", responses=problems(401, 403, 409, 503))
async def schedule(request: Request, response: Response, given: Written[ScheduleBody]) -> MeetingAnswer:
    """Refused in the past; without an agenda it gets the proposed one."""
    return await _run(request, response, lambda writing: commands.schedule(writing, given))


@router.get("", summary="Meetings", responses=problems(401, 403))
async def list_meetings(request: Request) -> list[MeetingAnswer]:
    """Newest first."""
    async with runtime_of(request).pool.acquire() as conn:
        return [answer_of(one) for one in await store.meetings(conn)]


@router.get("/{code}", summary="One meeting", responses=problems(401, 403, 404))
async def get_meeting(request: Request, code: str) -> MeetingAnswer:
    """With agenda and attendance."""
    return answer_of(await known_meeting(request, code))


@router.get("/{code}/proposal", summary="The agenda as it would be proposed now", responses=problems(401, 403, 404))
async def proposal(request: Request, code: str) -> list[AgendaItem]:
    """From overdue tasks, missing or returned reports, challenges raised, verdicts to give, and the standing items."""
    known = await known_meeting(request, code)
    runtime = runtime_of(request)
    async with runtime.pool.acquire() as conn:
        period = await sources.period(conn, known.meeting.about)
        if period is None:
            raise problem_of(request, unknown("no_such_period", named=known.meeting.about))
        return list(await read_proposal(conn, period, known.meeting.starts_at, runtime.clock.now()))


@router.post("/{code}/move", status_code=201, summary="Move a meeting", responses=problems(401, 403, 404, 409, 503))
async def move(request: Request, response: Response, code: str, given: Written[MoveBody]) -> MeetingAnswer:
    """An event of its own; `sequence` goes up by one."""
    return await _run(request, response, lambda writing: commands.move(writing, code, given))


@router.post("/{code}/agenda", status_code=201, summary="Set the agenda", responses=problems(401, 403, 404, 409, 503))
async def set_agenda(request: Request, response: Response, code: str, given: Written[AgendaBody]) -> MeetingAnswer:
    """The whole agenda, until the meeting is held."""
    return await _run(request, response, lambda writing: commands.set_agenda(writing, code, given))


@router.post("/{code}/cancel", status_code=201, summary="Cancel a meeting", responses=problems(401, 403, 404, 409, 503))
async def cancel(request: Request, response: Response, code: str, given: Written[CancelBody]) -> MeetingAnswer:
    """It does not take place; its code is not used again."""
    return await _run(request, response, lambda writing: commands.cancel(writing, code, given))


@router.post("/{code}/hold", status_code=201, summary="Record attendance", responses=problems(401, 403, 404, 409, 503))
async def hold(request: Request, response: Response, code: str, given: Written[HoldBody]) -> MeetingAnswer:
    """Once the meeting has begun; from now on decisions may be recorded."""
    return await _run(request, response, lambda writing: commands.hold(writing, code, given))


async def _run(
    request: Request, response: Response, work: Callable[[Writing], Awaitable[KnownMeeting]]
) -> MeetingAnswer:
    return answer_of((await command(request, response, work))[0])


async def known_meeting(request: Request, code: str) -> KnownMeeting:
    """The meeting; raises the 404 problem."""
    async with runtime_of(request).pool.acquire() as conn:
        found = await store.meeting(conn, code)
    if found is None:
        raise problem_of(request, unknown("no_such_meeting", named=code[:40]))
    return found


def answer_of(known: KnownMeeting) -> MeetingAnswer:
    """As the interface answers it."""
    return MeetingAnswer(**known.meeting.model_dump(), revision=known.revision)
