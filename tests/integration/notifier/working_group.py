"""What the working group does in the machine of the ledger: facts as they are journalled, and what is owed then."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from integration.notifier.model import Model, Owed, nth_after
from integration.notifier.stage import Stage
from integration.notifier.story import DUE, PERIOD, TITLE, returned, submitted
from nrem_shared.contracts.base import Contract
from nrem_shared.contracts.meetings import (
    MeetingHeld,
    MeetingMoved,
    MeetingScheduled,
    TaskAssigned,
    TaskCarriedOver,
    TaskDone,
)
from nrem_shared.contracts.periods import PeriodOpened
from nrem_shared.contracts.submissions import SubmissionAccepted
from nrem_shared.runtime.clock import RIGA
from nrem_shared.runtime.projection.events import Event

MEMBERS = ("em", "lm")
START = datetime(2026, 9, 10, 10, tzinfo=RIGA).astimezone(UTC)


class WorkingGroup(RuleBasedStateMachine):
    """Two members, a quarter, a meeting and tasks; `stage` is where facts arrive."""

    stage: Stage

    def __init__(self) -> None:
        super().__init__()
        self.model = Model()
        self.now = START
        self.pending: list[Event] = []
        self.versions: dict[str, tuple[int, str]] = {}
        self.meeting: dict[str, Any] = {}
        self.tasks = 0

    def open_the_quarter(self) -> None:
        """The first fact: both members owe a submission."""
        self._tell(f"period/{PERIOD}", PeriodOpened(code=PERIOD, due=DUE, group="g", owes=MEMBERS))
        for member in MEMBERS:
            key = f"QUARTER/{PERIOD}/{member}"
            self.model.owed[key] = Owed(key, "QUARTER", member, "focal_point", date(2026, 7, 1), DUE)

    def _tell(self, stream: str, fact: Contract) -> None:
        """Journalled now; it arrives with the next look, among others, in any order."""
        self.pending.append(self.stage.event(stream, fact, self.now))

    @property
    def today(self) -> date:
        return self.now.astimezone(RIGA).date()

    @rule(member=st.sampled_from(MEMBERS))
    def submit(self, member: str) -> None:
        number, state = self.versions.get(member, (0, "none"))
        if state not in ("none", "returned"):
            return
        self._tell(f"submission/{PERIOD}/{member}", submitted(PERIOD, member, DUE, number + 1, self.now))
        self.versions[member] = (number + 1, "submitted")
        self.model.owed[f"QUARTER/{PERIOD}/{member}"].met = True
        if number:
            self.model.owed[f"RESUBMIT/{PERIOD}/{member}/{number}"].met = True
        key = f"REVIEW/{PERIOD}/{member}/{number + 1}"
        due = nth_after(self.today, 5)
        self.model.owed[key] = Owed(key, "REVIEW", "iem", "coordinator", self.today, due)

    @rule(member=st.sampled_from(MEMBERS), days=st.integers(1, 15))
    def send_back(self, member: str, days: int) -> None:
        number, state = self.versions.get(member, (0, "none"))
        if state != "submitted":
            return
        due = nth_after(self.today, days)
        self._tell(f"submission/{PERIOD}/{member}", returned(PERIOD, member, due, number))
        self.versions[member] = (number, "returned")
        self.model.owed[f"REVIEW/{PERIOD}/{member}/{number}"].met = True
        key = f"RESUBMIT/{PERIOD}/{member}/{number}"
        self.model.owed[key] = Owed(key, "RESUBMIT", member, "focal_point", self.today, due, returned=True)

    @rule(member=st.sampled_from(MEMBERS))
    def accept(self, member: str) -> None:
        number, state = self.versions.get(member, (0, "none"))
        if state != "submitted":
            return
        fact = SubmissionAccepted(
            period=PERIOD, member=member, version=number, state="accepted", accepted_version=number,
            pending_version=None, first_submitted_at=START, late=False, due=DUE, nothing_to_report=True,
        )  # fmt: skip
        self._tell(f"submission/{PERIOD}/{member}", fact)
        self.versions[member] = (number, "accepted")
        self.model.owed[f"REVIEW/{PERIOD}/{member}/{number}"].met = True

    @precondition(lambda self: not self.meeting)
    @rule(days=st.integers(3, 40))
    def call_meeting(self, days: int) -> None:
        starts = datetime.combine(self.today + timedelta(days), datetime.min.time().replace(hour=10), RIGA)
        self.meeting = {"starts_at": starts, "sequence": 0, "held": False}
        self._tell("meeting/M-1", MeetingScheduled(**self._meeting(), state="scheduled"))
        for member in MEMBERS:
            key = f"MEETING/M-1/{member}"
            self.model.owed[key] = Owed(key, "MEETING", member, "focal_point", self.today, starts.date())
            self.model.owed[key].called_at, self.model.owed[key].invited = self.now, False

    def _meeting(self) -> dict[str, Any]:
        starts, sequence = self.meeting["starts_at"], self.meeting["sequence"]
        return {"code": "M-1", "about": PERIOD, "invited": MEMBERS, "starts_at": starts, "sequence": sequence}

    @precondition(lambda self: self.meeting and not self.meeting["held"] and self.meeting["sequence"] < 3)
    @rule(days=st.integers(2, 30))
    def move_meeting(self, days: int) -> None:
        before = self.meeting["starts_at"]
        to = datetime.combine(self.today + timedelta(days), datetime.min.time().replace(hour=10), RIGA)
        if to.date() == before.date():
            return
        self.meeting = {**self.meeting, "starts_at": to, "sequence": self.meeting["sequence"] + 1}
        self._tell("meeting/M-1", MeetingMoved(**self._meeting(), state="scheduled", moved_from=before))
        for member in MEMBERS:
            owed = self.model.owed[f"MEETING/M-1/{member}"]
            owed.due = to.date()
            owed.moves.append(self.today)

    @precondition(lambda self: self.meeting and not self.meeting["held"])
    @rule()
    def hold_meeting(self) -> None:
        if self.now < self.meeting["starts_at"]:
            return
        due = nth_after(self.today, 10)
        self._tell("meeting/M-1", MeetingHeld(**self._meeting(), state="held", attendance=(), minutes_due=due))
        self.meeting["held"] = True
        for member in MEMBERS:
            self.model.owed[f"MEETING/M-1/{member}"].met = True
        opened = self.meeting["starts_at"].date()
        self.model.owed["MINUTES/M-1"] = Owed("MINUTES/M-1", "MINUTES", "iem", "secretariat", opened, due)

    @precondition(lambda self: self.tasks < 3)
    @rule(member=st.sampled_from(MEMBERS), days=st.integers(0, 45))
    def give_task(self, member: str, days: int) -> None:
        self.tasks += 1
        due, key = self.today + timedelta(days), f"TASK/T-{self.tasks}"
        self._task(self.tasks, TaskAssigned, member, due, due, self.today)
        self.model.owed[key] = Owed(key, "TASK", member, "focal_point", self.today, due)

    @precondition(lambda self: self.tasks)
    @rule(number=st.integers(1, 3), days=st.integers(1, 60), done=st.booleans())
    def go_on_with_task(self, number: int, days: int, done: bool) -> None:
        owed = self.model.owed.get(f"TASK/T-{number}")
        if owed is None or owed.met:
            return
        if done:
            self._task(number, TaskDone, owed.institution, owed.due, owed.due, owed.opened, done_on=self.today)
            owed.met = True
        elif self.today + timedelta(days) != owed.due:
            due = self.today + timedelta(days)
            self._task(number, TaskCarriedOver, owed.institution, due, owed.due, owed.opened, carried_by="D-9")
            owed.due = due
            owed.moves.append(self.today)

    def _task(self, number: int, kind: Any, owner: str, due: date, first: date, assigned: date, **more: Any) -> None:
        fact = kind(
            code=f"T-{number}", meeting="M-1", decision="D-1", owner=owner, text=TITLE, assigned_on=assigned,
            due=due, first_due=first, state="done" if kind is TaskDone else "open", **more,
        )  # fmt: skip
        self._tell(f"task/T-{number}", fact)
