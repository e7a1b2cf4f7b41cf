"""Read your own writes: a read that names what it follows waits until the projection has it.

`Nrem-After: intake:submission/2026-Q1/vp@3, …` comes with a command's answer. A read with it (header, or the cookie
that pages get) waits up to a limit, woken by the database, not polling; later it answers with `Nrem-Stale: true`.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import unquote

import asyncpg
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import RedirectResponse

from nrem_shared.contracts.registry import EVENT_TYPES
from nrem_shared.runtime.clock import DemonstrationClock
from nrem_shared.runtime.database import TRANSIENT
from nrem_shared.runtime.logs import logger
from nrem_shared.runtime.projection import platform_store, store

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from nrem_shared.runtime.clock import Clock
    from nrem_shared.runtime.database import Pool
    from nrem_shared.runtime.identity.cache import IdentityCache
    from nrem_shared.runtime.settings import ServiceSettings

HEADER = "nrem-after"
STALE_HEADER = "nrem-stale"
COOKIE = "nrem_after"
_ITEM = re.compile(r"^([a-z-]+):(.{1,2000})@(\d{1,12})$")
_log = logger(__name__)

#: Streams that a process keeps in memory: its clock, and who may sign in.
_FOLLOWED = ("clock", "key/", "session/", "signing-key/")

#: First part of a stream's name → the topic its events are sent to.
STREAM_TOPICS: dict[str, str] = {
    "member": "nrem.members",
    "key": "nrem.members",
    "signing-key": "nrem.members",
    "session": "nrem.members",
    "contact": "nrem.contacts",
    "period": "nrem.periods",
    "reference": "nrem.reference",
    "submission": "nrem.submissions",
    "extension": "nrem.submissions",
    "signature": "nrem.submissions",
    "remark": "nrem.submissions",
    "plan": "nrem.plans",
    "verdict": "nrem.plans",
    "dissent": "nrem.plans",
    "recommendation": "nrem.plans",
    "legal-deadline": "nrem.plans",
    "meeting": "nrem.meetings",
    "minutes": "nrem.meetings",
    "decision": "nrem.meetings",
    "task": "nrem.meetings",
    "release": "nrem.releases",
    "policies": "nrem.reminders",
    "working-calendar": "nrem.reminders",
    "sending": "nrem.reminders",
    "mail": "nrem.reminders",
    "clock": "nrem.clock",
}


def parse_after(text: str) -> dict[str, int]:
    """Stream → revision; what is not of the form is passed over."""
    wanted: dict[str, int] = {}
    for item in text.split(",")[:200]:
        match = _ITEM.match(item.strip())
        if match:
            stream = unquote(match[2])
            wanted[stream] = max(int(match[3]), wanted.get(stream, 0))
    return wanted


def see_other(url: str, *, after: str = "", secure: bool = False) -> RedirectResponse:
    """To a page after a command (303); the next reads, in whichever service, wait for what it wrote."""
    response = RedirectResponse(url, status_code=303)
    if after:
        response.set_cookie(
            COOKIE, after.replace(", ", "|"), max_age=20, path="/", httponly=True, samesite="lax", secure=secure
        )
    return response


class ProjectionWatch:
    """Woken by the database whenever the projection changed: readers, the clock and the identity cache follow."""

    def __init__(
        self, pool: Pool, settings: ServiceSettings, topics: frozenset[str], clock: Clock, identity: IdentityCache
    ) -> None:
        self._pool = pool
        self._settings = settings
        self._topics = topics
        self._clock = clock
        self._identity = identity
        self._changed = asyncio.Condition()
        self._changes = 0
        self._wake = asyncio.Event()

    def concerns(self, wanted: Mapping[str, int]) -> dict[str, int]:
        """Of the streams wanted, those that this service projects at all."""
        return {s: r for s, r in wanted.items() if STREAM_TOPICS.get(s.partition("/")[0]) in self._topics}

    async def reach(self, wanted: Mapping[str, int], seconds: float) -> bool:
        """Wait until all streams wanted are applied; False where the time was not enough."""
        deadline = asyncio.get_running_loop().time() + seconds
        while True:
            seen = self._changes
            async with self._pool.acquire() as conn:
                reached = await store.reached(conn, wanted)
            if reached:
                if any(stream.startswith(_FOLLOWED) for stream in wanted):
                    await self.refresh()  # not before this process goes by it
                return True
            left = deadline - asyncio.get_running_loop().time()
            if left <= 0:
                return False
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(min(left, 0.25)), self._changed:
                    while self._changes == seen:
                        await self._changed.wait()

    async def refresh(self) -> None:
        """Follow the projection: public keys, revocations, and the demonstration clock."""
        await self._identity.reload()
        if isinstance(self._clock, DemonstrationClock):
            async with self._pool.acquire() as conn:
                now = await platform_store.clock(conn)
            if now is not None:
                self._clock.advance(now)

    async def run(self) -> None:
        """Listen until cancelled; a lost connection is opened again."""
        while True:
            try:
                await self._listen()
            except asyncio.CancelledError:
                raise
            except Exception as error:
                _log.warning("listening starts over", error=repr(error))
                await asyncio.sleep(0.5)

    async def _listen(self) -> None:
        conn = await asyncpg.connect(str(self._settings.database_url), command_timeout=30)
        try:
            await conn.add_listener(store.CHANNEL, lambda *_: self._wake.set())
            while True:
                await self.refresh()
                async with self._changed:
                    self._changes += 1
                    self._changed.notify_all()
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(1.0):
                        await self._wake.wait()
                self._wake.clear()
                if conn.is_closed():
                    return
        finally:
            await conn.close(timeout=2)


async def follows(request: Request) -> bool:
    """For commands: wait for what the request says it follows, as reads do; False where it did not arrive.

    To decide without it would decide on old knowledge.
    """
    runtime = request.app.state.runtime
    wanted = runtime.watch.concerns(parse_after(request.headers.get(HEADER, "")))
    if not wanted:
        return True
    if not await runtime.watch.reach(wanted, max(runtime.settings.read_wait_seconds, 5.0)):
        return False
    await runtime.watch.refresh()
    return True


class ReadYourWrites:
    """ASGI middleware: GET requests that name what they follow wait for it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Wait if asked to, then pass on; marks the answer as stale where waiting was in vain."""
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        text = request.headers.get(HEADER) or request.cookies.get(COOKIE, "").replace("|", ", ")
        stale = bool(text) and not await self._reached(request, text)
        request.state.stale = stale

        async def marked(message: Message) -> None:
            if stale and message["type"] == "http.response.start":
                MutableHeaders(scope=message)[STALE_HEADER] = "true"
            await send(message)

        await self._app(scope, receive, marked)

    async def _reached(self, request: Request, text: str) -> bool:
        runtime = request.app.state.runtime
        wanted = runtime.watch.concerns(parse_after(text))
        if not wanted:
            return True
        try:
            reached: bool = await runtime.watch.reach(wanted, runtime.settings.read_wait_seconds)
        except TRANSIENT as error:
            _log.warning("not known whether a write has arrived: database is away", error=repr(error))
            reached = False
        if not reached:
            runtime.requests.stale.inc()
        return reached


def check_stream_topics() -> None:
    """Raise ValueError where a stream names a topic that no event type has."""
    known = {kind.topic for kind in EVENT_TYPES.values()}
    if unknown := set(STREAM_TOPICS.values()) - known:
        raise ValueError(f"no event is sent to {sorted(unknown)}")


def age_seconds(instant: datetime | None) -> float:
    """Seconds from `instant` until now, in real time; infinite where it is not known."""
    return (datetime.now(UTC) - instant).total_seconds() if instant else float("inf")
