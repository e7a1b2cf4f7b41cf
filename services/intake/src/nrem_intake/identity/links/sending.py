"""Sending the mails of signing in: at once, from this process, and again while the server does not take them.

A link is worth nothing after a quarter of an hour and its secret is kept nowhere: a mail that a restart loses is asked
for again, so there is no queue that would have to keep it.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from nrem_shared.runtime.logs import logger
from nrem_shared.runtime.mail.allowed import AllowList
from nrem_shared.runtime.mail.smtp import Connection, Server

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from typing import Any

    from fastapi import Request

    from nrem_intake.metrics import IntakeMetrics
    from nrem_intake.settings import IntakeSettings

#: Pauses before each try, in seconds: four minutes in all.
PAUSES = (0.0, 0.5, 2.0, 5.0, 15.0, 30.0, 60.0, 120.0)
_LOOPBACK = "127.0.0.1"
_log = logger(__name__)


def server_of(settings: IntakeSettings) -> Server | None:
    """Where mail is handed over: the server named, else the demonstration's own mailboxes; null for nowhere."""
    named = Server.of(settings)
    if named is None and settings.demonstration and settings.mailbox_port:
        return Server(_LOOPBACK, settings.mailbox_port)
    return named


class Courier:
    """Hands mails of signing in over for one process."""

    def __init__(self, settings: IntakeSettings, metrics: IntakeMetrics) -> None:
        self._settings = settings
        self._metrics = metrics
        self._server = server_of(settings)
        self._allowed = AllowList.of(settings)
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def ready(self) -> bool:
        """Whether there is a server to hand mail to."""
        return self._server is not None

    def do(self, work: Coroutine[Any, Any, None]) -> None:
        """Work that nobody waits for: an answer must not take longer because an address is known."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def deliver(self, content: bytes, to: str) -> None:
        """Hand one mail over; tried again while the server is away or refuses for now."""
        if self._server is None or to not in self._allowed:
            self._metrics.sign_in_mails.labels("withheld").inc()
            _log.warning("a mail of signing in was withheld: not on the allow-list, or no mail server")
            return
        connection = Connection(self._server, self._settings.mail_from)
        try:
            await self._patiently(connection, content, to)
        finally:
            await connection.close()

    async def _patiently(self, connection: Connection, content: bytes, to: str) -> None:
        for pause in PAUSES:
            await asyncio.sleep(pause)
            tried = await connection.send(content, to)
            if tried.outcome == "sent":
                self._metrics.sign_in_mails.labels("sent").inc()
                return
            _log.warning("a mail of signing in was not taken", outcome=tried.outcome, cause=tried.cause)
            if tried.outcome == "refused":
                break
        self._metrics.sign_in_mails.labels("failed").inc()

    async def close(self) -> None:
        """Give up what is still under way."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


def courier_of(request: Request) -> Courier:
    """The courier of this process."""
    courier: Courier = request.app.state.courier
    return courier
