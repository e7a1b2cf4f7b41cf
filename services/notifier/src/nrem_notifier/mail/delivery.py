"""Sending what waits: several connections at once, each mail marked on its own acceptance, commits taken together."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, cast

from nrem_notifier.ledger import store as ledger_store
from nrem_notifier.ledger.gate import stale_topics
from nrem_notifier.mail import store
from nrem_notifier.mail.outcomes import outcome_fact
from nrem_notifier.mail.store import Attempt, Claimed
from nrem_notifier.obligations import store as obligations_store
from nrem_shared.contracts.topics import CONTACTS
from nrem_shared.runtime.database import TRANSIENT
from nrem_shared.runtime.journal import Provenance
from nrem_shared.runtime.logs import logger
from nrem_shared.runtime.mail.allowed import AllowList
from nrem_shared.runtime.mail.smtp import Connection, Server, Tried
from nrem_shared.runtime.projection import store as projection_store

if TYPE_CHECKING:
    from nrem_notifier.metrics import NotifierMetrics
    from nrem_notifier.settings import NotifierSettings
    from nrem_shared.runtime.service import Runtime

#: Mails claimed at once; a crash leaves no more than these in doubt.
CLAIM = 50
#: Pauses between tries of one mail, in seconds; the last one repeats.
PAUSES = (15.0, 60.0, 300.0, 900.0, 3600.0)
_log = logger(__name__)


@dataclass(frozen=True, slots=True)
class _Done:
    """A mail that was tried."""

    mail: Claimed
    tried: Tried
    began_at: datetime
    ended_at: datetime


class Delivery:
    """Hands mails over for one process."""

    def __init__(self, runtime: Runtime, server: Server) -> None:
        self._runtime = runtime
        self._settings = cast("NotifierSettings", runtime.settings)
        self._metrics = cast("NotifierMetrics", runtime.metrics)
        self._server = server
        self._allowed = AllowList.of(self._settings)
        self._connections: list[Connection] = []
        self._markable = asyncio.Event()  # cleared while the database is away: nothing more is sent meanwhile
        self._markable.set()

    async def send_waiting(self) -> int:
        """Send everything that waits and may be tried now; returns how many were tried."""
        tried = 0
        while addressed := await self._claim():
            tried += len(addressed)
            await self._send(addressed)
        async with self._runtime.pool.acquire() as conn:
            self._metrics.backlog.set(await store.backlog(conn))
        return tried

    async def close(self) -> None:
        """Close the kept connections."""
        for connection in self._connections:
            await connection.close()
        self._connections = []

    async def _claim(self) -> list[tuple[Claimed, str | None]]:
        """Mails with the present addresses of their contacts.

        None while addresses are not known, as in a rebuild: then nobody lacks one for good.
        """
        now = datetime.now(UTC)
        async with self._runtime.pool.acquire() as conn, conn.transaction():
            await projection_store.generation(conn)  # from now on nobody drops the projection before we are done
            if CONTACTS in await stale_topics(self._runtime, conn):
                return []
            claimed = await store.claim(conn, now, now + timedelta(seconds=self._settings.lease_seconds), CLAIM)
            addresses = await obligations_store.addresses_of(conn, [mail.contact for mail in claimed])
            return [(mail, _address(mail, addresses)) for mail in claimed]

    async def _send(self, addressed: Sequence[tuple[Claimed, str | None]]) -> None:
        todo = list(reversed(addressed))
        done: asyncio.Queue[_Done] = asyncio.Queue()
        count = min(self._settings.smtp_connections, len(todo))
        while len(self._connections) < count:
            self._connections.append(Connection(self._server, self._settings.mail_from))

        async def work(connection: Connection) -> None:
            while todo:
                await done.put(await _try(connection, *todo.pop(), self._allowed))
                await self._markable.wait()

        # If one of them fails, none of the others waits for it.
        async with asyncio.TaskGroup() as group:
            group.create_task(self._mark_all(done, len(addressed)))
            for connection in self._connections[:count]:
                group.create_task(work(connection))

    async def _mark_all(self, done: asyncio.Queue[_Done], total: int) -> None:
        """As soon as one is accepted it is marked; those accepted while a commit is under way share the next one."""
        marked = 0
        while marked < total:
            batch = [await done.get()]
            while not done.empty():
                batch.append(done.get_nowait())
            await self._mark_patiently(batch)
            marked += len(batch)

    async def _mark_patiently(self, batch: Sequence[_Done]) -> None:
        """What a server took is marked, however long the database is away: else all of it would be sent again."""
        pause = 0.1
        while True:
            try:
                await self._mark(batch)
            except TRANSIENT as error:
                self._markable.clear()
                _log.warning("marking is tried again", error=repr(error), pause=pause)
                await asyncio.sleep(pause)
                pause = min(pause * 2, 5.0)
            else:
                self._markable.set()
                return

    async def _mark(self, batch: Sequence[_Done]) -> None:
        final = {one.mail.id: one for one in batch if self._state(one) is not None}
        async with self._runtime.journal.writing(
            Provenance(actor="service:notifier", correlation_id="notifier")
        ) as writing:
            now = self._runtime.clock.now()
            ids = list(final)
            states = [self._state(one) or "" for one in final.values()]
            changed = await store.settle(writing.conn, ids, states, [one.tried.cause for one in final.values()], now)
            for one in batch:
                if one.mail.id not in final:
                    uncertain = one.tried.outcome == "uncertain"
                    await store.put_back(writing.conn, one.mail.id, one.tried.cause, self._again_at(one), uncertain)
            await store.add_attempts(writing.conn, [_attempt(one) for one in batch])
            rows = await ledger_store.of_mails(writing.conn, changed)
            for mail in changed:
                one = final[mail]
                cause = one.tried.cause
                outcome = states[ids.index(mail)]
                writing.record(outcome_fact(one.mail, one.mail.attempts + 1, outcome, cause, rows.get(mail, []), now))
        for one in batch:
            self._observe(one, now)

    def _state(self, one: _Done) -> str | None:
        """sent, failed, withheld, or null = to be tried again."""
        if one.tried.outcome == "sent":
            return "sent"
        if one.tried.outcome == "withheld":
            return "withheld"
        if one.tried.outcome == "refused":
            return "failed"
        pauses = sum(PAUSES[min(n, len(PAUSES) - 1)] for n in range(one.mail.attempts + 1))
        return "failed" if pauses > self._settings.give_up_hours * 3600 else None

    def _again_at(self, one: _Done) -> datetime:
        return one.ended_at + timedelta(seconds=PAUSES[min(one.mail.attempts, len(PAUSES) - 1)])

    def _observe(self, one: _Done, now: datetime) -> None:
        state = self._state(one)
        if state is not None:
            self._metrics.mails.labels(state).inc()
        if one.tried.outcome == "sent":
            self._metrics.delay.labels(one.mail.kind).observe(max(0.0, (now - one.mail.planned_at).total_seconds()))
        else:
            self._metrics.failures.labels(one.tried.cause).inc()


def _address(mail: Claimed, addresses: Mapping[str, str]) -> str | None:
    """The contact's present address; a test mail names its own."""
    return mail.contact.removeprefix("address:") if mail.kind == "test" else addresses.get(mail.contact)


async def _try(connection: Connection, mail: Claimed, address: str | None, allowed: AllowList) -> _Done:
    """A mail may have been made where everybody was written to, and be sent by an installation restored from there."""
    began_at = datetime.now(UTC)
    if address is None:
        tried = Tried("refused", "no_address", "")
    elif address not in allowed:
        tried = Tried("withheld", "not_on_allow_list", "")
    else:
        tried = await connection.send(mail.content, address)
    return _Done(mail, tried, began_at, datetime.now(UTC))


def _attempt(one: _Done) -> Attempt:
    tried = one.tried
    return Attempt(
        one.mail.id, one.mail.attempts + 1, one.began_at, one.ended_at, tried.outcome, tried.cause, tried.detail
    )
