"""The life of meetings, minutes and tasks: what is allowed when, and that nothing else is."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from data_catalogue import load
from nrem_plan_tracker.meetings import domain as meetings
from nrem_plan_tracker.meetings.domain import Meeting, Referable, next_code
from nrem_plan_tracker.minutes import domain as minutes
from nrem_plan_tracker.minutes.domain import Minutes
from nrem_plan_tracker.refusals import Refused
from nrem_plan_tracker.tasks.domain import Carried, KnownTask, NewTask, Task, Work, check_work, done
from nrem_shared.contracts.base import LocalizedText
from nrem_shared.contracts.meetings import AgendaItem, Attendance, MinutesBasis, MinutesDocument
from nrem_shared.runtime.clock import RIGA, local_date
from nrem_shared.runtime.working_days import WorkingDays

TEXT = LocalizedText(lv="Teksts", en="Text")
DAYS = WorkingDays.from_data(load("working_days.yaml"))
BEGIN = datetime(2026, 10, 1, 9, tzinfo=RIGA)
INVITED = ("iem", "lm", "vp")


def meeting(starts_at: datetime = BEGIN + timedelta(days=20)) -> Meeting:
    return Meeting(code="M-1", about="2026-Q3", state="scheduled", starts_at=starts_at, invited=INVITED)


def document(about: Meeting) -> MinutesDocument:
    return MinutesDocument(
        basis=MinutesBasis(period=about.about, known_at=about.starts_at, used=(), not_used=INVITED),
        attendance=about.attendance,
        excused=(),
        agenda=(AgendaItem(item=1, kind="STANDING", text=TEXT),),
        reports=(),
        decisions=(),
        tasks=(),
        verdicts=(),
        status_counts={},
    )


def codes(refused: Refused) -> list[str]:
    return [one.code for one in refused.refusals]


def test_the_minutes_of_11_november_are_due_on_the_26th() -> None:
    at = datetime(2026, 11, 11, 10, tzinfo=RIGA)
    there = [Attendance(institution="iem", roles=("coordinator",))]
    assert meetings.held(meeting(at), there, [], at, INVITED, DAYS).minutes_due == date(2026, 11, 26)


@pytest.mark.parametrize(("circulated", "due"), [("2026-05-25", "2026-06-01"), ("2026-08-24", "2026-08-31")])
def test_amendments_are_due_in_five_working_days(circulated: str, due: str) -> None:
    assert DAYS.add(date.fromisoformat(circulated), minutes.DAYS_FOR_AMENDMENTS) == date.fromisoformat(due)


def test_an_agenda_is_numbered_and_its_links_lead_somewhere() -> None:
    items = [
        AgendaItem(item=1, kind="VERDICT", text=TEXT, result="9.9"),
        AgendaItem(item=3, kind="OVERDUE_TASK", text=TEXT, task="T-1"),
    ]
    found = list(meetings.check_agenda(items, Referable(INVITED, {"1.1"}, (), {"T-1"})))
    assert [(one.pointer, one.code) for one in found] == [
        ("/agenda/0/result", "dangling_reference"),
        ("/agenda/1/item", "not_in_order"),
    ]


def test_attendance_names_each_body_once() -> None:
    at = BEGIN
    there = [Attendance(institution="iem", roles=("coordinator",)), Attendance(institution="ghost", roles=("deputy",))]
    with pytest.raises(Refused) as refused:
        meetings.held(meeting(at), there, ["iem"], at, INVITED, DAYS)
    assert codes(refused.value) == ["unknown_institution", "stands_twice"]


def test_a_decisions_work_is_checked_as_a_whole() -> None:
    ended = Task(
        code="T-1", meeting="M-1", decision="D-1", owner="vp", text=TEXT, assigned_on=BEGIN.date(),
        due=BEGIN.date(), first_due=BEGIN.date(), state="done",
    )  # fmt: skip
    work = Work(
        gives=[NewTask("T-1", "nobody", date(2020, 1, 1), TEXT), NewTask("T-2", "vp", date(2027, 1, 1), TEXT)],
        carries=[Carried("T-1", date(2027, 1, 1))],
        drops=["T-9"],
    )
    found = check_work(work, {"T-1": KnownTask(2, ended)}, INVITED, BEGIN.date())
    assert {(one.pointer, one.code) for one in found} == {
        ("/tasks/0/code", "code_taken"),
        ("/tasks/0/owner", "unknown_institution"),
        ("/tasks/0/due", "due_in_the_past"),
        ("/carries/0/task", "task_done"),
        ("/drops/0", "no_such_task"),
    }


@given(st.dates(date(2026, 1, 1), date(2026, 12, 31)), st.dates(date(2026, 1, 1), date(2026, 12, 31)))
def test_a_task_is_done_once_between_its_giving_and_today(day: date, today: date) -> None:
    given_on = date(2026, 5, 13)
    task = Task(
        code="T-1", meeting="M-1", decision="D-1", owner="vp", text=TEXT, assigned_on=given_on,
        due=date(2026, 6, 1), first_due=date(2026, 6, 1), state="open",
    )  # fmt: skip
    if given_on <= day <= today:
        after = done(task, day, today)
        assert (after.state, after.done_on) == ("done", day)
        with pytest.raises(Refused):
            done(after, day, today)
    else:
        with pytest.raises(Refused):
            done(task, day, today)


@given(st.lists(st.integers(1, 120), unique=True))
def test_the_next_code_is_free(numbers: list[int]) -> None:
    taken = {f"T-2026-{number:02d}" for number in numbers} | {"T-2025-99", "X"}
    assert next_code("T", 2026, taken) not in taken


class Life(RuleBasedStateMachine):
    """Any order of commands at any times: the state goes one way only, and approved minutes never change."""

    @initialize()
    def begin(self) -> None:
        self.now = BEGIN
        self.meeting = meeting()
        self.minutes: Minutes | None = None
        self.frozen: dict[str, Any] | None = None
        self.sequence = 0

    def attempt(self, allowed: bool, command: Any) -> Any:
        """Runs it; fails where the domain and the model differ about whether it is allowed."""
        if allowed:
            return command()
        with pytest.raises(Refused):
            command()
        return None

    @rule(hours=st.integers(1, 24 * 12))
    def wait(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @rule(days=st.integers(-5, 30))
    def move(self, days: int) -> None:
        to = self.now + timedelta(days=days)
        allowed = self.meeting.state == "scheduled" and days > 0
        after = self.attempt(allowed, lambda: meetings.moved(self.meeting, to, self.now, None, None))
        if after:
            assert after.sequence == self.meeting.sequence + 1
            self.meeting = after

    @rule()
    def hold(self) -> None:
        there = [Attendance(institution="iem", roles=("coordinator",))]
        allowed = self.meeting.state == "scheduled" and self.now >= self.meeting.starts_at
        after = self.attempt(allowed, lambda: meetings.held(self.meeting, there, ["vp"], self.now, INVITED, DAYS))
        if after:
            assert after.absent == ("lm",)
            self.meeting = after

    @precondition(lambda self: self.minutes is None)
    @rule()
    def circulate(self) -> None:
        allowed = self.meeting.state == "held"
        paper = document(self.meeting)
        after = self.attempt(allowed, lambda: minutes.circulated(self.meeting, paper, self.now, DAYS))
        self.minutes = after or self.minutes

    @precondition(lambda self: self.minutes is not None)
    @rule(who=st.sampled_from([*INVITED, "nva"]), item=st.sampled_from([None, 1, 7]))
    def amend(self, who: str, item: int | None) -> None:
        kept = self.minutes
        assert kept is not None
        in_time = local_date(self.now) <= kept.amendments_due
        allowed = kept.state == "circulated" and in_time and who in INVITED and item != 7
        code = next_code("A", 2026, [one.code for one in kept.amendments])
        after = self.attempt(allowed, lambda: minutes.proposed(kept, code, who, TEXT, item, self.now))
        self.minutes = after or kept

    @precondition(lambda self: self.minutes is not None and self.minutes.amendments)
    @rule(accept=st.booleans(), reason=st.booleans(), data=st.data())
    def decide(self, accept: bool, reason: bool, data: st.DataObject) -> None:
        kept = self.minutes
        assert kept is not None
        one = data.draw(st.sampled_from(kept.amendments))
        allowed = kept.state == "circulated" and one.outcome == "open" and reason
        outcome: minutes.Outcome = "accepted" if accept else "rejected"
        why = TEXT if reason else None
        after = self.attempt(allowed, lambda: minutes.decided(kept, one.code, outcome, why, self.now))
        self.minutes = after or kept

    @precondition(lambda self: self.minutes is not None)
    @rule()
    def approve(self) -> None:
        kept = self.minutes
        assert kept is not None
        waiting = any(one.outcome == "open" for one in kept.amendments)
        allowed = kept.state == "circulated" and not waiting and local_date(self.now) > kept.amendments_due
        after = self.attempt(allowed, lambda: minutes.approved(kept, self.now, 7, "ab"))
        if after:
            self.minutes = after
            self.frozen = after.model_dump()

    @invariant()
    def approved_minutes_stay(self) -> None:
        if getattr(self, "frozen", None) is not None:
            assert self.minutes is not None
            assert self.minutes.model_dump() == self.frozen


TestLife = Life.TestCase
