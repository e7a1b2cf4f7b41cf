"""Overload: only so many requests are under way in one process; one more is refused at once, and told when to return.

Without a limit every request waits for a database connection, and all of them are late together. A request that
announces more than the largest there may be is refused before it is read; what announces nothing is counted by the
routes (`LARGEST_REQUEST` is their limit, too).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.requests import Request

from nrem_shared.runtime.problems import Problem, answer

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

RETRY_AFTER = 1  # seconds
#: Bytes of any request: more than the largest form with files, less than what would fill the memory.
LARGEST_REQUEST = 64 * 1024 * 1024
_ALWAYS = ("/health/", "/metrics")


class RequestLimit:
    """ASGI middleware. Health and metrics are answered always: an overloaded process is not a dead one."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._under_way = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer 503 with Retry-After; nothing of a refused request was done."""
        if scope["type"] != "http" or scope["path"].removeprefix(scope.get("root_path", "")).startswith(_ALWAYS):
            await self._app(scope, receive, send)
            return
        runtime = scope["app"].state.runtime
        if self._under_way >= runtime.settings.request_limit:
            runtime.requests.refused.inc()
            problem = Problem.unavailable("Too many requests are under way; nothing was done.", RETRY_AFTER)
            await answer(problem, Request(scope))(scope, receive, send)
            return
        if _announced(scope) > LARGEST_REQUEST:
            problem = Problem.too_large(f"At most {LARGEST_REQUEST // 1024**2} MB fit into one request.")
            await answer(problem, Request(scope))(scope, receive, send)
            return
        self._under_way += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._under_way -= 1


def _announced(scope: Scope) -> int:
    """Bytes of the body, as the request says; 0 where it says nothing that is a number."""
    given = next((value for name, value in scope["headers"] if name == b"content-length"), b"")
    return int(given) if given.isdigit() else 0
