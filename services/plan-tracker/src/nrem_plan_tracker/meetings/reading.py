"""What an agenda is proposed from, and what it may refer to, read in the caller's transaction."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from nrem_plan_tracker.meetings import store
from nrem_plan_tracker.meetings.agenda import Due, proposed_agenda
from nrem_plan_tracker.meetings.domain import Referable
from nrem_plan_tracker.minutes import store as minutes
from nrem_plan_tracker.progress.reading import plan_for, read_progress
from nrem_plan_tracker.sources import store as sources
from nrem_plan_tracker.submissions import store as submissions
from nrem_plan_tracker.tasks import store as tasks
from nrem_shared.contracts.meetings import AgendaItem
from nrem_shared.runtime.clock import local_date

if TYPE_CHECKING:
    from nrem_plan_tracker.sources.store import PeriodRow
    from nrem_shared.runtime.database import Connection


async def read_due(conn: Connection, period: PeriodRow, starts_at: datetime, now: datetime) -> Due:
    """The facts as they stand now, for a meeting about `period` at `starts_at`."""
    versions = [one for one in await submissions.in_force(conn, now, period.code) if one.period == period.code]
    plan = await plan_for(conn, period.code)
    progress = await read_progress(conn, plan, now, period.code) if plan else None
    earlier = [one.meeting for one in await store.meetings(conn) if one.meeting.about < period.code]
    open_minutes = await minutes.awaiting_approval(conn)
    return Due(
        on=local_date(starts_at),
        owes=period.owes,
        reports_due=period.due,
        extended=await submissions.extensions(conn, period.code),
        standings=await submissions.standings(conn, period.code),
        tasks=[one.task for one in (await tasks.tasks(conn)).values()],
        challenges=await submissions.entries(conn, "challenges", versions),
        results=progress.results if progress else (),
        said=frozenset(item.challenge for one in earlier for item in one.agenda if item.challenge),
        minutes_open=[one.meeting for one in open_minutes if one.about < period.code],
    )


async def read_proposal(
    conn: Connection, period: PeriodRow, starts_at: datetime, now: datetime
) -> tuple[AgendaItem, ...]:
    """The agenda as it would be proposed now."""
    names = {code: one.abbreviation for code, one in (await sources.institutions(conn)).items()}
    return proposed_agenda(await read_due(conn, period, starts_at, now), names)


async def read_referable(conn: Connection, period: str) -> Referable:
    """What the agenda of a meeting about `period` may refer to."""
    plan = await plan_for(conn, period)
    return Referable(
        institutions=await sources.institutions(conn),
        results={result.code for result in plan.results} if plan else (),
        challenges=await submissions.challenge_codes(conn),
        tasks=await tasks.tasks(conn),
    )
