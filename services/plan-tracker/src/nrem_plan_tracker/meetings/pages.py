"""Pages of meetings: the list, and one meeting's workspace."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response

from nrem_plan_tracker.meetings import commands, store
from nrem_plan_tracker.meetings.api import known_meeting
from nrem_plan_tracker.meetings.bodies import AgendaBody
from nrem_plan_tracker.meetings.domain import Meeting
from nrem_plan_tracker.meetings.reading import read_proposal
from nrem_plan_tracker.meetings.stage import stage_of
from nrem_plan_tracker.minutes import commands as minutes_commands
from nrem_plan_tracker.minutes import store as minutes
from nrem_plan_tracker.minutes.domain import Minutes, may_be_approved
from nrem_plan_tracker.progress.reading import plan_for
from nrem_plan_tracker.screens.forms import act
from nrem_plan_tracker.screens.showing import names_of, root_of, show, today_of
from nrem_plan_tracker.sources import store as sources
from nrem_plan_tracker.tasks import store as tasks
from nrem_plan_tracker.tasks.api import answer_of
from nrem_plan_tracker.verdicts import store as verdicts
from nrem_shared.runtime.requests import runtime_of
from nrem_shared.web.application import set_clock
from nrem_shared.web.forms import FieldError

router = APIRouter(include_in_schema=False, dependencies=[Depends(set_clock)])


@router.get("/meetings")
async def list_page(request: Request) -> HTMLResponse:
    """Newest first, with what waits."""
    async with runtime_of(request).pool.acquire() as conn:
        known, kept = await store.meetings(conn), await minutes.all_minutes(conn)
        names = await names_of(conn)
    meetings = [one.meeting for one in known]
    return show(
        request,
        "meetings.html",
        title="meetings.title",
        section="section.meetings",
        names=names,
        meetings=[(one, stage_of(one, kept.get(one.code)), kept.get(one.code)) for one in meetings],
    )


@router.get("/meetings/{code}")
async def workspace(request: Request, code: str) -> HTMLResponse:
    """Agenda, attendance, decisions, tasks, verdicts and minutes of one meeting, with what can be done now."""
    return await workspace_page(request, code, [], 200)


@router.post("/meetings/{code}/circulate")
async def circulate(request: Request, code: str) -> Response:
    """Send the draft minutes round."""
    return await _do(request, code, lambda writing: minutes_commands.circulate(writing, code))


@router.post("/meetings/{code}/approve")
async def approve(request: Request, code: str) -> Response:
    """Freeze the minutes."""
    return await _do(request, code, lambda writing: minutes_commands.approve(writing, code))


@router.post("/meetings/{code}/propose-agenda")
async def propose_agenda(request: Request, code: str) -> Response:
    """Replace the agenda by the one that the facts propose now."""

    async def work(writing: Any) -> None:
        found = await store.meeting(writing.conn, code)
        period = await sources.period(writing.conn, found.meeting.about) if found else None
        if found and period:
            agenda = await read_proposal(writing.conn, period, found.meeting.starts_at, writing.now)
            await commands.set_agenda(writing, code, AgendaBody(agenda=agenda))

    return await _do(request, code, work)


async def _do(request: Request, code: str, work: Any) -> Response:
    await known_meeting(request, code)

    async def again(errors: list[FieldError], status: int) -> Response:
        return await workspace_page(request, code, errors, status)

    return await act(request, f"{root_of(request)}/meetings/{code}", work, again)


async def workspace_page(request: Request, code: str, errors: list[FieldError], status: int) -> HTMLResponse:
    """The workspace, with what went wrong."""
    meeting = (await known_meeting(request, code)).meeting
    runtime = runtime_of(request)
    async with runtime.pool.acquire() as conn, conn.transaction(isolation="repeatable_read", readonly=True):
        kept = await minutes.minutes(conn, code)
        known = await tasks.tasks(conn)
        decisions = [one for one in (await tasks.decisions(conn)).values() if one.meeting == code]
        plan = await plan_for(conn, meeting.about)
        given = await verdicts.verdicts(conn, plan.code, runtime.clock.now()) if plan else []
        course = await store.course(conn, code)
        names = await names_of(conn)
    begun = runtime.clock.now() >= meeting.starts_at
    return show(
        request,
        "meeting.html",
        title="meetings.meeting",
        title_values={"code": code},
        section="section.meetings",
        names=names,
        status=status,
        errors=errors,
        meeting=meeting,
        plan=plan.code if plan else None,
        stage=stage_of(meeting, kept.minutes if kept else None),
        minutes=kept.minutes if kept else None,
        decisions=[answer_of(one, known) for one in decisions],
        tasks=[one.task for one in known.values() if one.task.meeting == code or _dealt(one.task.code, decisions)],
        carried=[one.task for one in known.values() if one.task.state == "open" and one.task.meeting < code],
        verdicts=[one for one in given if one.meeting == code],
        course=course,
        can=_can(request, meeting, kept.minutes if kept else None, begun),
    )


def _dealt(code: str, decisions: list[Any]) -> bool:
    return any(code in one.tasks for one in decisions)


def _can(request: Request, meeting: Meeting, kept: Minutes | None, begun: bool) -> dict[str, bool]:
    """What can be done with the meeting now."""
    scheduled = meeting.state == "scheduled"
    recording = meeting.state == "held" and kept is None
    approvable = kept is not None and kept.state == "circulated" and not kept.open_amendments
    return {
        "move": scheduled and not begun,
        "agenda": scheduled,
        "hold": scheduled and begun,
        "record": recording,
        "circulate": recording,
        "approve": approvable and kept is not None and may_be_approved(kept, today_of(request)),
    }
