"""Circulating, amending and approving minutes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nrem_plan_tracker.meetings import store as meetings
from nrem_plan_tracker.meetings.domain import next_code
from nrem_plan_tracker.minutes import domain, store
from nrem_plan_tracker.minutes.assembling import Material, assemble
from nrem_plan_tracker.minutes.domain import Minutes
from nrem_plan_tracker.minutes.store import KnownMinutes
from nrem_plan_tracker.progress.domain import ResultProgress
from nrem_plan_tracker.progress.reading import plan_for, read_progress
from nrem_plan_tracker.refusals import conflict, unknown
from nrem_plan_tracker.sources import store as sources
from nrem_plan_tracker.submissions import store as submissions
from nrem_plan_tracker.tasks import store as tasks
from nrem_plan_tracker.verdicts import store as verdicts
from nrem_shared.contracts.meetings import (
    AmendmentDecided,
    AmendmentProposed,
    MinutesApproved,
    MinutesCirculated,
    MinutesStream,
)
from nrem_shared.runtime.clock import local_date
from nrem_shared.runtime.journal import Fact
from nrem_shared.runtime.journal import store as journal

if TYPE_CHECKING:
    from datetime import datetime

    from nrem_plan_tracker.meetings.domain import Meeting
    from nrem_plan_tracker.minutes.bodies import AmendmentBody, DecideBody
    from nrem_shared.runtime.database import Connection
    from nrem_shared.runtime.journal import Writing

_SECTIONS = ("activities", "future_plans", "challenges")


async def read_material(conn: Connection, meeting: Meeting, now: datetime) -> Material:
    """What the minutes are assembled from: reports as accepted when the meeting began, what was decided until now."""
    period = await sources.period(conn, meeting.about)
    known_at = meeting.starts_at
    versions = [one for one in await submissions.in_force(conn, known_at, meeting.about) if one.period == meeting.about]
    entries = [one for section in _SECTIONS for one in await submissions.entries(conn, section, versions)]
    plan = await plan_for(conn, meeting.about)
    results: tuple[ResultProgress, ...] = ()
    if plan is not None:
        said = await read_progress(conn, plan, known_at, meeting.about)
        given = await verdicts.verdicts(conn, plan.code, now)
        dissents = await verdicts.dissents(conn, plan.code, now)
        results = tuple(
            ResultProgress(
                one.result,
                one.assessments,
                tuple(v for v in reversed(given) if v.result == one.result.code),
                tuple({d.institution: d for d in dissents if d.result == one.result.code}.values()),
            )
            for one in said.results
        )
    return Material(
        owes=period.owes if period else (),
        versions=versions,
        entries=entries,
        plan=plan.code if plan else None,
        results=results,
        decisions=[one for one in (await tasks.decisions(conn)).values() if one.meeting == meeting.code],
        tasks=[one.task for one in (await tasks.tasks(conn)).values()],
    )


async def circulate(writing: Writing, code: str) -> KnownMinutes:
    """Assemble the draft and send it round. Raises Refused."""
    found = await meetings.meeting(writing.conn, code)
    if found is None:
        raise unknown("no_such_meeting", named=code[:40])
    if await store.minutes(writing.conn, code):
        raise conflict("minutes_circulated", named=code)
    document = assemble(found.meeting, await read_material(writing.conn, found.meeting, writing.now))
    days = await sources.working_days(writing.conn)
    minutes = domain.circulated(found.meeting, document, writing.now, days)
    event = MinutesCirculated(**_stream(minutes), document=document)
    return await _keep(writing, minutes, 1, "circulated", event)


async def propose(writing: Writing, code: str, institution: str, given: AmendmentBody) -> KnownMinutes:
    """Ask for a change. Raises Refused."""
    known = await _known(writing, code)
    taken = [one.code for each in (await store.all_minutes(writing.conn)).values() for one in each.amendments]
    amendment = given.code or next_code("A", local_date(writing.now).year, taken)
    if given.code and given.code in taken:
        raise conflict("code_taken", named=given.code)
    minutes = domain.proposed(known.minutes, amendment, institution, given.text, given.agenda_item, writing.now)
    event = AmendmentProposed(**_stream(minutes), amendment=amendment)
    return await _keep(writing, minutes, known.revision + 1, "amendment-proposed", event)


async def decide(writing: Writing, code: str, amendment: str, given: DecideBody) -> KnownMinutes:
    """Accept or reject a change. Raises Refused."""
    known = await _known(writing, code)
    minutes = domain.decided(known.minutes, amendment, given.outcome, given.reason, writing.now)
    event = AmendmentDecided(**_stream(minutes), amendment=amendment)
    return await _keep(writing, minutes, known.revision + 1, "amendment-decided", event)


async def approve(writing: Writing, code: str) -> KnownMinutes:
    """Freeze them, with the head of the journal as it stands now. Raises Refused."""
    known = await _known(writing, code)
    head = await journal.read_head(writing.conn)
    if head is None:
        raise LookupError("the journal has no head: run migrate")
    minutes = domain.approved(known.minutes, writing.now, head["position"], head["hash"].hex())
    event = MinutesApproved.model_validate(minutes.model_dump())
    return await _keep(writing, minutes, known.revision + 1, "approved", event)


async def _known(writing: Writing, code: str) -> KnownMinutes:
    found = await store.minutes(writing.conn, code)
    if found is None:
        raise unknown("no_minutes_yet", named=code[:40])
    return found


def _stream(minutes: Minutes) -> dict[str, object]:
    return minutes.model_dump(include=set(MinutesStream.model_fields))


async def _keep(writing: Writing, minutes: Minutes, revision: int, what: str, event: MinutesStream) -> KnownMinutes:
    await store.save(writing.conn, minutes, revision)
    writing.record(Fact(f"nrem.minutes.{what}.v1", f"minutes/{minutes.meeting}", revision, event))
    return KnownMinutes(revision, minutes)
