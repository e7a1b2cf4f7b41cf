"""A decision and the tasks it gives, carries over or drops. Pure; what is refused raises Refused."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from nrem_plan_tracker.refusals import Refusal, conflict, invalid
from nrem_shared.contracts.base import LocalizedText
from nrem_shared.contracts.meetings import TaskStream

if TYPE_CHECKING:
    from nrem_plan_tracker.meetings.domain import Meeting


class Task(TaskStream):
    """A task with how it ended, if it did."""

    done_on: date | None = None
    ended_by: str | None = None

    def overdue(self, today: date) -> bool:
        """Whether it is open after its due date."""
        return self.state == "open" and self.due < today

    def shown(self, today: date) -> str:
        """Its state as it is shown: open, overdue, done or dropped."""
        return "overdue" if self.overdue(today) else self.state


@dataclass(frozen=True, slots=True)
class KnownTask:
    """A task and its stream's revision."""

    revision: int
    task: Task


@dataclass(frozen=True, slots=True)
class NewTask:
    """Work that a decision gives."""

    code: str
    owner: str
    due: date
    text: LocalizedText


@dataclass(frozen=True, slots=True)
class Carried:
    """A task whose due date a decision moves."""

    task: str
    due: date


@dataclass(frozen=True, slots=True)
class Work:
    """What one decision does to tasks."""

    gives: Sequence[NewTask] = ()
    carries: Sequence[Carried] = ()
    drops: Sequence[str] = ()


def check_work(
    work: Work, known: Mapping[str, KnownTask], institutions: Collection[str], today: date, at: str = ""
) -> Iterator[Refusal]:
    """Owners that exist, due dates to come, codes that are free, and only open tasks carried over or dropped."""
    codes: set[str] = set()
    for n, given in enumerate(work.gives):
        here = f"{at}/tasks/{n}"
        if given.code in known or given.code in codes:
            yield Refusal(f"{here}/code", "code_taken", {"named": given.code})
        codes.add(given.code)
        if given.owner not in institutions:
            yield Refusal(f"{here}/owner", "unknown_institution", {"named": given.owner})
        if given.due < today:
            yield Refusal(f"{here}/due", "due_in_the_past")
    for n, carried in enumerate(work.carries):
        here = f"{at}/carries/{n}"
        yield from _open(carried.task, known, f"{here}/task")
        if carried.due < today:
            yield Refusal(f"{here}/due", "due_in_the_past")
    for n, dropped in enumerate(work.drops):
        yield from _open(dropped, known, f"{at}/drops/{n}")


def _open(code: str, known: Mapping[str, KnownTask], at: str) -> Iterator[Refusal]:
    found = known.get(code)
    if found is None:
        yield Refusal(at, "no_such_task", {"named": code})
    elif found.task.state != "open":
        yield Refusal(at, f"task_{found.task.state}", {"named": code})


def takes_decisions(meeting: Meeting, *, minuted: bool) -> None:
    """Raise Refused where no decision can be recorded: not held, or its minutes are on their way."""
    if meeting.state != "held":
        raise conflict("not_held" if meeting.state == "scheduled" else "meeting_cancelled", named=meeting.code)
    if minuted:
        raise conflict("minutes_circulated", named=meeting.code)


def done(task: Task, done_on: date, today: date) -> Task:
    """Reported done. Raises Refused."""
    if task.state != "open":
        raise conflict(f"task_{task.state}", named=task.code)
    refusals = []
    if done_on > today:
        refusals.append(Refusal("/done_on", "in_the_future"))
    if done_on < task.assigned_on:
        refusals.append(Refusal("/done_on", "before_assigned"))
    invalid(refusals)
    return task.model_copy(update={"state": "done", "done_on": done_on})


def carried_over(task: Task, due: date) -> Task:
    """With another due date; the first one is kept."""
    return task.model_copy(update={"due": due})


def dropped(task: Task, decision: str) -> Task:
    """Dropped by a decision."""
    return task.model_copy(update={"state": "dropped", "ended_by": decision})
