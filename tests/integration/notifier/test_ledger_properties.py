"""Whatever happens, in whatever order, however often: the ledger holds what the model says, each step once.

Facts arrive late, twice and shuffled; the clock moves by hours or weeks; the bus is down; notifiers restart, and two of
them work at once.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from integration.notifier.stage import Stage
from integration.notifier.working_group import START, WorkingGroup
from nrem_notifier.app import BLUEPRINT
from nrem_notifier.mailboxes.server import keep_mail
from nrem_notifier.settings import NotifierSettings
from nrem_shared.runtime.clock import RIGA
from support.databases import Cluster
from support.eventually import eventually
from support.running import running
from support.servers import Servers

T = TypeVar("T")
NOTICES = frozenset({"RECEIPT", "ACCEPTANCE", "INVITATION", "CANCELLATION", "MINUTES"})


def machine(servers: Servers, cluster: Cluster) -> type[RuleBasedStateMachine]:
    """The machine over these servers."""

    class Ledger(WorkingGroup):
        def __init__(self) -> None:
            super().__init__()
            self.runner = asyncio.Runner(loop_factory=asyncio.new_event_loop)
            self.stack = AsyncExitStack()
            self.down = False
            self.shuffle = random.Random(7)

        def run(self, work: Coroutine[Any, Any, T]) -> T:
            return self.runner.run(work)

        @initialize()
        def begin(self) -> None:
            self.stage = self.run(self._begin())
            self.open_the_quarter()

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
