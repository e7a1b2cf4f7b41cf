"""Writes down who read or exported what, before the answer leaves: what cannot be written down is not shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nrem_intake.access_log import store
from nrem_intake.access_log.domain import noted
from nrem_intake.access_log.store import Access

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send


class AccessLog:
    """ASGI middleware of intake."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Note GETs that were answered with something."""
        if scope["type"] != "http" or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return

        async def noting(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 200:
                await _note(scope)
            await send(message)

        await self._app(scope, receive, noting)


async def _note(scope: Scope) -> None:
    principal = scope.get("state", {}).get("principal")
    what = noted(principal, getattr(scope.get("route"), "path", ""), scope.get("path_params", {}))
    if what is None or principal is None:
        return
    runtime = scope["app"].state.runtime
    query = scope["query_string"].decode("latin-1")
    about = scope["path"].removeprefix(scope.get("root_path", "")) + (f"?{query}" if query else "")
    one = Access(
        at=runtime.clock.now(),
        actor=principal.subject,
        display=principal.display,
        roles=tuple(sorted(principal.roles)),
        what=what,
        about=about[:500],
        correlation_id=scope["state"]["correlation_id"],
    )
    async with runtime.pool.acquire() as conn:
        await store.add(conn, one)
