"""Compressing answers: what is read. What a program's command answers is short, and goes out as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.middleware.gzip import GZipMiddleware

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

_SMALLEST = 2048  # bytes


class Compression(GZipMiddleware):
    """ASGI middleware: starlette's, past which commands of the API go."""

    def __init__(self, app: ASGIApp) -> None:
        super().__init__(app, minimum_size=_SMALLEST)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Compress where the reader understands it."""
        if scope["type"] == "http" and scope["method"] == "POST" and _is_api(scope):
            await self.app(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


def _is_api(scope: Scope) -> bool:
    path: str = scope["path"]
    return path.removeprefix(scope.get("root_path", "")).startswith("/api/")
