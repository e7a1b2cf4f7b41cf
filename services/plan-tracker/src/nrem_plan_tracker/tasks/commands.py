"""Recording a decision, reporting a task done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nrem_plan_tracker.meetings import store as meetings
from nrem_plan_tracker.meetings.domain import next_code
from nrem_plan_tracker.minutes import store as minutes
from nrem_plan_tracker.refusals import conflict, invalid, unknown
from nrem_plan_tracker.sources import store as sources
from nrem_plan_tracker.tasks import store
from nrem_plan_tracker.tasks.domain import (
    Carried,
    KnownTask,
    NewTask,
    Task,
    Work,
    carried_over,
    check_work,
    done,
    dropped,
    takes_decisions,
)
from nrem_shared.contracts.meetings import DecisionTaken, TaskAssigned, TaskCarriedOver, TaskDone, TaskDropped
from nrem_shared.runtime.clock import local_date
from nrem_shared.runtime.journal import Fact

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from nrem_plan_tracker.meetings.domain import Meeting
    from nrem_plan_tracker.tasks.bodies import DecisionBody
    from nrem_shared.runtime.journal import Writing


async def decide(writing: Writing, meeting_code: str, given: DecisionBody) -> DecisionTaken:
    """The decision, with everything it does to tasks. Raises Refused."""
    meeting = await _open_meeting(writing, meeting_code)
    known, decisions = await store.tasks(writing.conn), await store.decisions(writing.conn)
    year, today = local_date(meeting.starts_at).year, local_date(writing.now)
    code = given.code or next_code("D", year, decisions)
    if code in decisions:
        raise conflict("code_taken", named=code)
    work = _work(given, known, year)
    invalid(check_work(work, known, await sources.institutions(writing.conn), today))
    decision = DecisionTaken(
        code=code,
        meeting=meeting_code,
        text=given.text,
        tasks=(*(one.code for one in work.gives), *(one.task for one in work.carries), *work.drops),
        taken_at=writing.now,
        illustrative=meeting.illustrative,
    )
    await store.save_decision(writing.conn, decision)
    writing.record(Fact("nrem.decision.taken.v1", f"decision/{code}", 1, decision))
    await _carry_out(writing, decision, work, known, today)
    return decision


async def _open_meeting(writing: Writing, code: str) -> Meeting:
    found = await meetings.meeting(writing.conn, code)
    if found is None:
        raise unknown("no_such_meeting", named=code[:40])
    takes_decisions(found.meeting, minuted=bool(await minutes.minutes(writing.conn, code)))
    return found.meeting


def _work(given: DecisionBody, known: Mapping[str, KnownTask], year: int) -> Work:
    taken = {*known, *(one.code for one in given.tasks if one.code)}
    gives = []
    for one in given.tasks:
        code = one.code or next_code("T", year, taken)
        taken.add(code)
        gives.append(NewTask(code, one.owner, one.due, one.text))
    return Work(gives, [Carried(one.task, one.due) for one in given.carries], given.drops)


async def _carry_out(
    writing: Writing, decision: DecisionTaken, work: Work, known: Mapping[str, KnownTask], today: date
) -> None:
    for one in work.gives:
        task = Task(
            code=one.code,
            meeting=decision.meeting,
            decision=decision.code,
            owner=one.owner,
            text=one.text,
            assigned_on=today,
            due=one.due,
            first_due=one.due,
            state="open",
            illustrative=decision.illustrative,
        )
        await store.save_task(writing.conn, task, 1)
        assigned = TaskAssigned.model_validate(task.model_dump())
        writing.record(Fact("nrem.task.assigned.v1", f"task/{task.code}", 1, assigned))
    for carried in work.carries:
        before = known[carried.task]
        task = carried_over(before.task, carried.due)
        await store.save_task(writing.conn, task, before.revision + 1)
        over = TaskCarriedOver.model_validate({**task.model_dump(), "carried_by": decision.code})
        writing.record(Fact("nrem.task.carried-over.v1", f"task/{task.code}", before.revision + 1, over))
    for code in work.drops:
        before = known[code]
        task = dropped(before.task, decision.code)
        await store.save_task(writing.conn, task, before.revision + 1)
        gone = TaskDropped.model_validate({**task.model_dump(), "dropped_by": decision.code})
        writing.record(Fact("nrem.task.dropped.v1", f"task/{task.code}", before.revision + 1, gone))


async def report_done(writing: Writing, code: str, done_on: date | None, member: str | None) -> Task:
    """The task, done. `member` = who reports it, null for the coordinator; others' tasks are unknown to a member."""
    found = (await store.tasks(writing.conn)).get(code)
    if found is None or member not in (None, found.task.owner):
        raise unknown("no_such_task", named=code[:40])
    today = local_date(writing.now)
    task = done(found.task, done_on or today, today)
    await store.save_task(writing.conn, task, found.revision + 1)
    reported = TaskDone.model_validate(task.model_dump())
    writing.record(Fact("nrem.task.done.v1", f"task/{code}", found.revision + 1, reported))
    return task
