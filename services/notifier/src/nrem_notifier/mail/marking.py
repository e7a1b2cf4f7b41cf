"""Writing down what became of mails: each on its own acceptance, those that ended meanwhile in one transaction."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, cast

from nrem_notifier.mail import store
from nrem_notifier.mail.outcomes import outcome_fact
from nrem_notifier.mail.store import Attempt
from nrem_shared.runtime.database import TRANSIENT
from nrem_shared.runtime.journal import Provenance
from nrem_shared.runtime.logs import logger

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nrem_notifier.ledger.store import LedgerRow
    from nrem_notifier.mail.store import Claimed
    from nrem_notifier.metrics import NotifierMetrics
    from nrem_notifier.settings import NotifierSettings
    from nrem_shared.runtime.mail.smtp import Tried
    from nrem_shared.runtime.service import Runtime

#: Pauses between tries of one mail, in seconds; the last one repeats.
PAUSES = (15.0, 60.0, 300.0, 900.0, 3600.0)
_log = logger(__name__)


@dataclass(frozen=True, slots=True)
class InHand:
    """A claimed mail, its contact's present address, and the rows of the ledger that it tells of.

    The rows of a mail are the same for as long as somebody has it in hand: only one that never left loses them.
    """

    mail: Claimed
    address: str | None
    rows: Sequence[LedgerRow]


@dataclass(frozen=True, slots=True)
class Done:
    """A mail that was tried."""

    one: InHand
    tried: Tried
    began_at: datetime
    ended_at: datetime

    @property
    def attempt(self) -> Attempt:
        """The try as it is kept."""
        mail, tried = self.one.mail, self.tried
        return Attempt(
            mail.id, mail.attempts + 1, self.began_at, self.ended_at, tried.outcome, tried.cause, tried.detail
        )


class Marking:
    """Marks for one process. `possible` is cleared while the database is away: nothing more is to be sent meanwhile."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._patience = cast("NotifierSettings", runtime.settings).give_up_hours * 3600
        self._metrics = cast("NotifierMetrics", runtime.metrics)
        self.possible = asyncio.Event()
        self.possible.set()

    async def mark(self, batch: Sequence[Done]) -> None:
        """What a server took is marked, however long the database is away: else all of it would be sent again."""
        pause = 0.1
        while True:
            try:
                await self._write(batch)
            except TRANSIENT as error:
                self.possible.clear()
                _log.warning("marking is tried again", error=repr(error), pause=pause)
                await asyncio.sleep(pause)
                pause = min(pause * 2, 5.0)
            else:
                self.possible.set()
                return

    async def _write(self, batch: Sequence[Done]) -> None:
        states = [self._state(done) for done in batch]
        async with self._runtime.journal.writing(
            Provenance(actor="service:notifier", correlation_id="notifier")
        ) as writing:
            now = self._runtime.clock.now()
            changed = await store.settle(writing.conn, [done.attempt for done in batch], states, now)
            for done, state in zip(batch, states, strict=True):
                mail, tried = done.one.mail, done.tried
                if state is None:
                    uncertain = tried.outcome == "uncertain"
                    await store.put_back(writing.conn, mail.id, tried.cause, _again_at(done), handed_over=uncertain)
                elif mail.id in changed:
                    writing.record(outcome_fact(mail, mail.attempts + 1, state, tried.cause, done.one.rows, now))
        self._observe(batch, states, now)

    def _state(self, done: Done) -> str | None:
        """sent, failed, withheld, or null = to be tried again."""
        outcome = done.tried.outcome
        if outcome in ("sent", "withheld"):
            return outcome
        if outcome == "refused":
            return "failed"
        pauses = sum(PAUSES[min(n, len(PAUSES) - 1)] for n in range(done.one.mail.attempts + 1))
        return "failed" if pauses > self._patience else None

    def _observe(self, batch: Sequence[Done], states: Sequence[str | None], now: datetime) -> None:
        metrics = self._metrics
        for state, number in Counter(states).items():
            if state is not None:
                metrics.mails.labels(state).inc(number)
        for done in batch:
            mail, tried = done.one.mail, done.tried
            if tried.outcome == "sent":
                metrics.delay.labels(mail.kind).observe(max(0.0, (now - mail.planned_at).total_seconds()))
            else:
                metrics.failures.labels(tried.cause).inc()


def _again_at(done: Done) -> datetime:
    return done.ended_at + timedelta(seconds=PAUSES[min(done.one.mail.attempts, len(PAUSES) - 1)])
