"""Role `remind`: looks whenever something changed and at the hour digests leave, decides, sends."""

from __future__ import annotations

import asyncio
import contextlib
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

import asyncpg

from nrem_notifier.ledger.gate import stale_topics
from nrem_notifier.ledger.passes import Pass, Passes, settings_of
from nrem_notifier.mail import store as mail_store
from nrem_notifier.mail.delivery import Delivery
from nrem_notifier.obligations import store as obligations_store
from nrem_notifier.obligations.reading import Knowledge
from nrem_notifier.policies import store as policies_store
from nrem_shared.runtime.clock import DemonstrationClock, local_date
from nrem_shared.runtime.journal import store as journal_store
from nrem_shared.runtime.logs import logger
from nrem_shared.runtime.mail.smtp import Server
from nrem_shared.runtime.projection import platform_store
from nrem_shared.runtime.projection import store as projection_store

if TYPE_CHECKING:
    from nrem_notifier.metrics import NotifierMetrics
    from nrem_shared.runtime.database import Connection
    from nrem_shared.runtime.service import Runtime

#: A pass at least so often, in seconds, whatever seems to have changed.
AT_LEAST = 60.0
#: How often bytes that are no longer needed are emptied, in seconds.
TIDY = 3600.0
_log = logger(__name__)


async def remind(runtime: Runtime) -> None:
    """Work until cancelled; what fails is begun anew with growing pauses up to 5 s."""
    pause = 0.2
    reminding = Reminding(runtime)
    while True:
        began = asyncio.get_running_loop().time()
        try:
            await reminding.session()
        except asyncio.CancelledError:
            await reminding.close()
            raise
        except Exception as error:
            # Nothing here may end for good: the ledger knows where it stopped.
            _log.error("reminding starts over", error=repr(error), pause=pause, exc_info=error)
            pause = 0.2 if asyncio.get_running_loop().time() - began > AT_LEAST else min(pause * 2, 5.0)
            await asyncio.sleep(pause)


class Reminding:
    """The loop of one process."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._settings = settings_of(runtime)
        self._knowledge = Knowledge(self._settings.ministry)
        self._passes = Passes(runtime, self._knowledge)
        self._delivery: Delivery | None = None
        self._seen: tuple[Any, ...] = ()
        self._last: Pass | None = None
        self._passed_at = self._tidied_at = float("-inf")

    async def session(self) -> None:
        """Look, decide, send, and wait to be woken; returns only by an error."""
        conn = await asyncpg.connect(str(self._settings.database_url), command_timeout=30)
        wake = asyncio.Event()
        try:
            for channel in (projection_store.CHANNEL, journal_store.CHANNEL):
                await conn.add_listener(channel, lambda *_: wake.set())
            while not conn.is_closed():
                wake.clear()
                await self.look()
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(self._settings.look_seconds):
                        await wake.wait()
        finally:
            await conn.close(timeout=2)

    async def look(self) -> None:
        """Decide if anything may have changed, then send what waits."""
        loop = asyncio.get_running_loop()
        async with self._runtime.pool.acquire() as conn:
            seen = await self._what_stands(conn)
            # While the gate is closed they stay where they are: its opening changes what stands.
            left_behind = self._sending and await mail_store.vanished(conn, datetime.now(UTC))
        if seen != self._seen or left_behind or loop.time() - self._passed_at > AT_LEAST:
            self._last = await self._passes.run()
            self._seen, self._passed_at = seen, loop.time()
        if self._sending:
            await self._send()
            await self._tidy(loop.time())

    @property
    def _sending(self) -> bool:
        """Whether the last pass found the gate open."""
        return self._last is not None and not self._last.gate.closed

    async def close(self) -> None:
        """Leave the mail server."""
        if self._delivery is not None:
            with contextlib.suppress(OSError, TimeoutError):
                await asyncio.wait_for(self._delivery.close(), 2)

    async def _what_stands(self, conn: Connection) -> tuple[Any, ...]:
        """Decisions are the same as long as all of this is."""
        clock = self._runtime.clock
        if isinstance(clock, DemonstrationClock):
            moved_to = await platform_store.clock(conn)
            if moved_to is not None:
                clock.advance(moved_to)
        now = clock.now()
        rules = await self._knowledge.rules(conn)
        return (
            *await obligations_store.state(conn),
            *await policies_store.revisions(conn),
            tuple(await stale_topics(self._runtime, conn)),
            now if isinstance(clock, DemonstrationClock) else local_date(now),
            rules is not None and rules.open_for_digests(now),
        )

    async def _send(self) -> None:
        if self._delivery is None:
            server = Server.of(self._settings) or getattr(self._runtime.api.state, "mailboxes", None)
            if server is None:
                return  # the demonstration's mailboxes are not open yet
            self._delivery = Delivery(self._runtime, server)
        await self._delivery.send_waiting()

    async def _tidy(self, now: float) -> None:
        if now - self._tidied_at < TIDY:
            return
        self._tidied_at = now
        metrics = cast("NotifierMetrics", self._runtime.metrics)
        before = datetime.now(UTC) - timedelta(days=self._settings.content_days)
        if isinstance(self._runtime.clock, DemonstrationClock):
            before = self._runtime.clock.now() - timedelta(days=self._settings.content_days)
        async with self._runtime.pool.acquire() as conn:
            contacts = await obligations_store.contacts(conn)
            await mail_store.forget(conn, before, [one.id for one in contacts])
            metrics.backlog.set(await mail_store.backlog(conn))
