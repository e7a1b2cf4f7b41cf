"""Whatever happens, in whatever order, however often: the ledger holds what the model says, each step once.

Facts arrive late, twice and shuffled; the clock moves by hours or weeks; the bus is down; notifiers restart, and two of
them work at once.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from integration.notifier.model import Model, Owed, nth_after
from integration.notifier.stage import Stage
from integration.notifier.story import TITLE, returned, submitted
from nrem_notifier.app import BLUEPRINT
from nrem_notifier.mailboxes.server import keep_mail
from nrem_notifier.settings import NotifierSettings
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
from support.databases import Cluster
from support.eventually import eventually
from support.running import running
from support.servers import Servers

T = TypeVar("T")
MEMBERS = ("em", "lm")
PERIOD, DUE = "2026-Q3", date(2026, 10, 15)
START = datetime(2026, 9, 10, 10, tzinfo=RIGA).astimezone(UTC)
NOTICES = frozenset({"RECEIPT", "ACCEPTANCE", "INVITATION", "CANCELLATION", "MINUTES"})


def machine(servers: Servers, cluster: Cluster) -> type[RuleBasedStateMachine]:
    """The machine over these servers."""

    class Ledger(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.runner = asyncio.Runner(loop_factory=asyncio.new_event_loop)
            self.stack = AsyncExitStack()
            self.model = Model()
            self.now = START
            self.down = False
            self.pending: list[Event] = []
            self.late: list[tuple[str, Any]] = []
            self.versions: dict[str, tuple[int, str]] = {}
            self.meeting: dict[str, Any] = {}
            self.tasks = 0
            self.shuffle = random.Random(7)

        def run(self, work: Coroutine[Any, Any, T]) -> T:
            return self.runner.run(work)

        @initialize()
        def begin(self) -> None:
            self.stage = self.run(self._begin())
            self._tell(f"period/{PERIOD}", PeriodOpened(code=PERIOD, due=DUE, group="g", owes=MEMBERS))
            for member in MEMBERS:
                key = f"QUARTER/{PERIOD}/{member}"
                self.model.owed[key] = Owed(key, "QUARTER", member, "focal_point", date(2026, 7, 1), DUE)

        async def _begin(self) -> Stage:
            database = await cluster.database("notifier")
            self.database = database.name
            values = {"database_url": database.app_url, "kafka_bootstrap": "127.0.0.1:1", "demonstration": True}
            configured = NotifierSettings.model_validate({**values, "fresh_seconds": 3600})
            service = await self.stack.enter_async_context(running(BLUEPRINT, configured, roles=("api",)))
            self.mailboxes = asyncio.create_task(keep_mail(service.runtime))
            server = await eventually(lambda: getattr(service.runtime.api.state, "mailboxes", None))
            stage = Stage(service, server)
            await stage.know()
            await stage.move(START)
            return stage

        def teardown(self) -> None:
            self.run(self._end())
            self.runner.close()

        async def _end(self) -> None:
            if hasattr(self, "stage"):
                await self.stage.delivery.close()
                self.mailboxes.cancel()
                await asyncio.gather(self.mailboxes, return_exceptions=True)
                await self.stack.aclose()
                await cluster.drop(self.database)

        def _tell(self, stream: str, fact: Contract) -> None:
            """Journalled now; it arrives with the next look, among others, in any order."""
            self.pending.append(self.stage.event(stream, fact, self.now))

        @property
        def today(self) -> date:
            return self.now.astimezone(RIGA).date()

        # What people do

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

        def _task(
            self, number: int, kind: Any, owner: str, due: date, first: date, assigned: date, **more: Any
        ) -> None:
            fact = kind(
                code=f"T-{number}", meeting="M-1", decision="D-1", owner=owner, text=TITLE, assigned_on=assigned,
                due=due, first_due=first, state="done" if kind is TaskDone else "open", **more,
            )  # fmt: skip
            self._tell(f"task/T-{number}", fact)

        # What happens to the platform

        @rule(hours=st.sampled_from((1, 5, 13, 22, 24, 24, 24, 48, 72, 24 * 9)))
        def time_passes(self, hours: int) -> None:
            self.look()
            self.now += timedelta(hours=hours)
            self.run(self.stage.move(self.now))

        @rule()
        def next_morning(self) -> None:
            self.look()
            day = self.today + timedelta(1)
            self.now = datetime.combine(day, datetime.min.time().replace(hour=8), RIGA).astimezone(UTC)
            self.run(self.stage.move(self.now))

        @rule()
        def bus(self) -> None:
            """Goes down, or comes back: what was journalled meanwhile arrives then."""
            self.look()
            self.down = not self.down
            self.run(self.stage.freshen(datetime.now(UTC) - timedelta(hours=2 if self.down else 0)))

        @rule()
        def restart(self) -> None:
            old = self.stage
            self.run(old.delivery.close())
            self.stage = Stage(old.running, old.server)
            self.stage._revisions, self.stage._position = old._revisions, old._position

        @rule(both=st.booleans())
        def look(self, both: bool = False) -> None:
            if not self.down:
                self.shuffle.shuffle(self.pending)
                self.run(self.stage.apply([*self.pending, *self.pending[:2]]))
                self.pending = []
                self.model.look(self.now)
            self.run(self._look(both))

        async def _look(self, both: bool) -> None:
            if both:
                other = Stage(self.stage.running, self.stage.server)
                await asyncio.gather(self.stage.look(), other.look())
                await other.delivery.close()
            else:
                await self.stage.look()

        @invariant()
        def the_ledger_is_the_models(self) -> None:
            if not hasattr(self, "stage"):
                return
            rows = self.run(self.stage.rows())
            found = {
                (r.obligation, r.institution, r.role, r.step + (f"#{r.occurrence}" if r.occurrence else "")): (
                    r.decided_at.astimezone(RIGA).date(),
                    r.outcome,
                )
                for r in rows
                if r.code not in NOTICES
            }
            assert found == self.model.rows
            assert all(row.state == "sent" for row in rows if row.outcome != "lapsed")

        @invariant()
        def every_mail_arrived_once(self) -> None:
            if hasattr(self, "stage"):
                mails = self.run(self.stage.count("select count(*) from facts.mail where state = 'sent'"))
                assert mails == self.run(self.stage.count("select count(*) from facts.received"))

    return Ledger


@pytest.mark.timeout(900)
def test_the_ledger_holds_what_the_model_says(servers: Servers, cluster: Cluster) -> None:
    chosen = settings(
        max_examples=25,
        stateful_step_count=40,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(machine(servers, cluster), settings=chosen)
