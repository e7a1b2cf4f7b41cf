"""Sending what waits: several connections at once, each mail marked on its own acceptance, commits taken together."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, cast

from nrem_notifier.ledger import store as ledger_store
from nrem_notifier.ledger.gate import stale_topics
from nrem_notifier.mail import store
from nrem_notifier.mail.marking import Done, InHand, Marking
from nrem_notifier.obligations import store as obligations_store
from nrem_shared.contracts.topics import CONTACTS
from nrem_shared.runtime.database import TRANSIENT
from nrem_shared.runtime.logs import logger
from nrem_shared.runtime.mail.allowed import AllowList
from nrem_shared.runtime.mail.smtp import Connection, Server, Tried
from nrem_shared.runtime.projection import store as projection_store

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nrem_notifier.mail.store import Claimed
    from nrem_notifier.metrics import NotifierMetrics
    from nrem_notifier.settings import NotifierSettings
    from nrem_shared.runtime.service import Runtime

#: Mails in hand at once, claimed and not marked; a crash leaves no more than these in doubt.
CLAIM = 50
_log = logger(__name__)


class Delivery:
    """Hands mails over for one process."""

    def __init__(self, runtime: Runtime, server: Server) -> None:
        self._runtime = runtime
        self._settings = cast("NotifierSettings", runtime.settings)
        self._metrics = cast("NotifierMetrics", runtime.metrics)
        self._server = server
        self._allowed = AllowList.of(self._settings)
        self._connections: list[Connection] = []
        self._marking = Marking(runtime)

    async def send_waiting(self) -> int:
        """Send everything that waits and may be tried now; returns how many were tried."""
        tried = 0
        while claimed := await self._claim(CLAIM):
            tried += await self._send(claimed)
        async with self._runtime.pool.acquire() as conn:
            self._metrics.backlog.set(await store.backlog(conn))
        return tried

    async def close(self) -> None:
        """Close the kept connections."""
        for connection in self._connections:
            await connection.close()
        self._connections = []

    async def _claim(self, limit: int) -> list[InHand]:
        """Mails with the present addresses of their contacts.

        None while addresses are not known, as in a rebuild: then nobody lacks one for good.
        """
        now = datetime.now(UTC)
        async with self._runtime.pool.acquire() as conn, conn.transaction():
            await projection_store.generation(conn)  # from now on nobody drops the projection before we are done
            if CONTACTS in await stale_topics(self._runtime, conn):
                return []
            claimed = await store.claim(conn, now, now + timedelta(seconds=self._settings.lease_seconds), limit)
            addresses = await obligations_store.addresses_of(conn, [mail.contact for mail in claimed])
            rows = await ledger_store.of_mails(conn, [mail.id for mail in claimed])
            return [InHand(mail, _address(mail, addresses), rows.get(mail.id, [])) for mail in claimed]

    async def _send(self, claimed: Sequence[InHand]) -> int:
        """Send these and what waits behind them; returns how many were tried."""
        todo: asyncio.Queue[InHand | None] = asyncio.Queue()
        done: asyncio.Queue[Done] = asyncio.Queue()
        count = min(self._settings.smtp_connections, len(claimed))
        while len(self._connections) < count:
            self._connections.append(Connection(self._server, self._settings.mail_from))

        async def work(connection: Connection) -> None:
            while (one := await todo.get()) is not None:
                done.put_nowait(await _try(connection, one, self._allowed))
                await self._marking.possible.wait()

        # If one of them fails, none of the others waits for it.
        async with asyncio.TaskGroup() as group:
            for connection in self._connections[:count]:
                group.create_task(work(connection))
            tried = await self._mark_all(claimed, todo, done)
            for _ in range(count):
                todo.put_nowait(None)
        return tried

    async def _mark_all(
        self, claimed: Sequence[InHand], todo: asyncio.Queue[InHand | None], done: asyncio.Queue[Done]
    ) -> int:
        """As soon as one is accepted it is marked; those accepted while a commit is under way share the next one.

        While half of what may be in hand is still under way the rest is claimed anew: no connection waits for that.
        """
        tried = in_hand = 0
        more = len(claimed) == CLAIM
        while claimed or in_hand:
            for one in claimed:
                todo.put_nowait(one)
            in_hand += len(claimed)
            batch = [await done.get()]
            while not done.empty():
                batch.append(done.get_nowait())
            await self._marking.mark(batch)
            in_hand -= len(batch)
            tried += len(batch)
            claimed = ()
            if more and in_hand <= CLAIM // 2:
                claimed = await self._claim_more(CLAIM - in_hand)
                more = len(claimed) == CLAIM - in_hand
        return tried

    async def _claim_more(self, limit: int) -> Sequence[InHand]:
        """Claim while others are under way; that it fails is no reason to leave those unmarked."""
        try:
            return await self._claim(limit)
        except TRANSIENT as error:
            _log.warning("no more mails were claimed", error=repr(error))
            return ()


def _address(mail: Claimed, addresses: Mapping[str, str]) -> str | None:
    """The contact's present address; a test mail names its own."""
    return mail.contact.removeprefix("address:") if mail.kind == "test" else addresses.get(mail.contact)


async def _try(connection: Connection, one: InHand, allowed: AllowList) -> Done:
    """A mail may have been made where everybody was written to, and be sent by an installation restored from there."""
    began_at = datetime.now(UTC)
    if one.address is None:
        tried = Tried("refused", "no_address", "")
    elif one.address not in allowed:
        tried = Tried("withheld", "not_on_allow_list", "")
    else:
        tried = await connection.send(one.mail.content, one.address)
    return Done(one, tried, began_at, datetime.now(UTC))
