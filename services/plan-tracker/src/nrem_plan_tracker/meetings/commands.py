"""Calling, moving, cancelling and holding a meeting: state and fact in one transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nrem_plan_tracker.meetings import domain, store
from nrem_plan_tracker.meetings.domain import KnownMeeting, Meeting
from nrem_plan_tracker.meetings.reading import read_proposal, read_referable
from nrem_plan_tracker.refusals import Refusal, conflict, invalid, unknown
from nrem_plan_tracker.sources import store as sources
from nrem_shared.contracts.meetings import (
    MeetingAgendaSet,
    MeetingCancelled,
    MeetingHeld,
    MeetingMoved,
    MeetingScheduled,
    MeetingStream,
)
from nrem_shared.runtime.clock import local_date
from nrem_shared.runtime.journal import Fact

if TYPE_CHECKING:
    from nrem_plan_tracker.meetings.bodies import AgendaBody, CancelBody, HoldBody, MoveBody, ScheduleBody
    from nrem_plan_tracker.sources.store import PeriodRow
    from nrem_shared.runtime.journal import Writing


async def schedule(writing: Writing, given: ScheduleBody) -> KnownMeeting:
    """Call the working group together. Raises Refused."""
    code = given.code or f"M-{given.about}"
    if await store.meeting(writing.conn, code):
        raise conflict("code_taken", named=code)
    period = await sources.period(writing.conn, given.about)
    refusals = list(domain.check_time(given.starts_at, writing.now))
    if period is None:
        refusals.append(Refusal("/about", "no_such_period", {"named": given.about}))
    else:
        referable = await read_referable(writing.conn, given.about)
        refusals += domain.check_agenda(given.agenda or (), referable)
    invalid(refusals)
    assert period is not None  # noqa: S101 - refused above
    agenda = given.agenda or await read_proposal(writing.conn, period, given.starts_at, writing.now)
    meeting = Meeting(
        code=code,
        about=given.about,
        state="scheduled",
        starts_at=given.starts_at,
        minutes_long=given.minutes_long,
        mode=given.mode,
        place=given.place,
        invited=await _invited(writing, period, given),
        agenda=agenda,
        illustrative=period.illustrative,
    )
    return await _keep(writing, meeting, 1, "scheduled", MeetingScheduled.model_validate(meeting.model_dump()))


async def _invited(writing: Writing, period: PeriodRow, given: ScheduleBody) -> tuple[str, ...]:
    """The members of the working group on the day of the meeting; where that is not known, those who owe a report."""
    day = local_date(given.starts_at)
    institutions = await sources.institutions(writing.conn)
    members = sorted(code for code, one in institutions.items() if one.member_on(period.group, day))
    return tuple(members) or period.owes


async def move(writing: Writing, code: str, given: MoveBody) -> KnownMeeting:
    """Another time. Raises Refused."""
    known = await _known(writing, code)
    meeting = domain.moved(known.meeting, given.starts_at, writing.now, given.mode, given.place)
    event = MeetingMoved(**_stream(meeting), moved_from=known.meeting.starts_at, reason=given.reason)
    return await _keep(writing, meeting, known.revision + 1, "moved", event)


async def set_agenda(writing: Writing, code: str, given: AgendaBody) -> KnownMeeting:
    """Another agenda. Raises Refused."""
    known = await _known(writing, code)
    referable = await read_referable(writing.conn, known.meeting.about)
    meeting = domain.with_agenda(known.meeting, given.agenda, referable)
    return await _keep(writing, meeting, known.revision + 1, "agenda-set", MeetingAgendaSet(**_stream(meeting)))


async def cancel(writing: Writing, code: str, given: CancelBody) -> KnownMeeting:
    """Call it off. Raises Refused."""
    known = await _known(writing, code)
    meeting = domain.cancelled(known.meeting, given.reason)
    event = MeetingCancelled(**_stream(meeting), reason=given.reason)
    return await _keep(writing, meeting, known.revision + 1, "cancelled", event)


async def hold(writing: Writing, code: str, given: HoldBody) -> KnownMeeting:
    """It took place. Raises Refused."""
    known = await _known(writing, code)
    meeting = domain.held(
        known.meeting,
        given.attendance,
        given.excused,
        writing.now,
        await sources.institutions(writing.conn),
        await sources.working_days(writing.conn),
    )
    return await _keep(writing, meeting, known.revision + 1, "held", MeetingHeld.model_validate(meeting.model_dump()))


async def _known(writing: Writing, code: str) -> KnownMeeting:
    found = await store.meeting(writing.conn, code)
    if found is None:
        raise unknown("no_such_meeting", named=code[:40])
    return found


def _stream(meeting: Meeting) -> dict[str, object]:
    return meeting.model_dump(include=set(MeetingStream.model_fields))


async def _keep(writing: Writing, meeting: Meeting, revision: int, what: str, event: MeetingStream) -> KnownMeeting:
    await store.save(writing.conn, meeting, revision)
    writing.record(Fact(f"nrem.meeting.{what}.v1", f"meeting/{meeting.code}", revision, event))
    return KnownMeeting(revision, meeting)
