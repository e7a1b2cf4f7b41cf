"""What every request carries: a correlation id, its provenance, its measured duration."""

from __future__ import annotations

import re
import time
from itertools import count
from secrets import token_hex
from typing import TYPE_CHECKING

import structlog
from starlette.datastructures import Headers
from starlette.requests import Request

from nrem_shared.runtime.journal import Provenance

if TYPE_CHECKING:
    from starlette.responses import Response
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from nrem_shared.runtime.service import Runtime

HEADER = "x-correlation-id"
_RAW_HEADER = HEADER.encode()
_ACCEPTABLE = re.compile(r"^[A-Za-z0-9._:-]{1,80}$")


class Correlation:
    """ASGI middleware: takes over or makes a correlation id, returns it, logs with it, and measures the request."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._process = token_hex(8)
        self._made = count(1)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Bind the id to the logs of this request and count its time by route."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get(HEADER, "")
        correlation = given if _ACCEPTABLE.match(given) else f"{self._process}-{next(self._made):08x}"
        scope.setdefault("state", {})["correlation_id"] = correlation
        status = 0
        began = time.perf_counter()

        async def observed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", ()), (_RAW_HEADER, correlation.encode())]
            await send(message)

        bound = structlog.contextvars.bind_contextvars(correlation_id=correlation)
        try:
            await self._app(scope, receive, observed)
        except Exception as error:
            if status:
                raise
            # Answered here, not by the server outside: with the id that the reader may ask about.
            await _unexpected(scope, receive, observed, error)
        finally:
            structlog.contextvars.reset_contextvars(**bound)
            _measure(scope, status or 500, time.perf_counter() - began)


async def _unexpected(scope: Scope, receive: Receive, send: Send, error: Exception) -> None:
    """The app's own handler of what nobody handled. Raises the error again where there is none."""
    handler = scope["app"].exception_handlers.get(Exception)
    if handler is None:
        raise error
    response: Response = await handler(Request(scope, receive), error)
    await response(scope, receive, send)


def _measure(scope: Scope, status: int, seconds: float) -> None:
    runtime: Runtime | None = getattr(scope["app"].state, "runtime", None)
    if runtime is None:
        return
    runtime.requests.answered(scope["method"], getattr(scope.get("route"), "path", "none"), status, seconds)


def provenance(request: Request) -> Provenance:
    """Who asks, in the course of what: for the journal."""
    principal = request.state.principal
    actor = principal.subject if principal else "anonymous"
    return Provenance(actor=actor, correlation_id=request.state.correlation_id)


def runtime_of(request: Request) -> Runtime:
    """What the service of this request runs on."""
    runtime: Runtime = request.app.state.runtime
    return runtime
