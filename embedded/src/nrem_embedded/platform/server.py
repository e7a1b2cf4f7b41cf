"""The web server of the platform: one port, taken before anything else is started."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator
from typing import TYPE_CHECKING

import uvicorn

if TYPE_CHECKING:
    from starlette.types import ASGIApp

HOST = "127.0.0.1"
_GRACE = 2  # seconds that open requests have left at the end
_TRIED = 50


class PortTaken(Exception):
    """Another program listens on the port; the text names a free one."""


def take_port(port: int) -> socket.socket:
    """A socket bound to the port. Raises PortTaken."""
    found = _bound(port)
    if found is not None:
        return found
    free = next((each for each in range(port + 1, min(port + _TRIED, 65_535)) if _free(each)), None)
    hint = f"; {free} is free: --port {free}" if free else ""
    raise PortTaken(f"port {port} on {HOST} is used by another program{hint}")


def _bound(port: int) -> socket.socket | None:
    # With the protocol named, so that the event loop turns Nagle's algorithm off: it delays small answers by 40 ms.
    taken = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind((HOST, port))
        taken.listen(256)
    except OSError:
        taken.close()
        return None
    return taken


def _free(port: int) -> bool:
    found = _bound(port)
    if found is not None:
        found.close()
    return found is not None


class Server(uvicorn.Server):
    """uvicorn, without its own handling of signals: who starts the platform also ends it, in order."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals alone."""
        yield


def build_server(app: ASGIApp) -> Server:
    """A server for `app`; it writes no log of its own, the services measure their requests."""
    config = uvicorn.Config(
        app,
        lifespan="off",
        log_config=None,
        access_log=False,
        ws="none",
        server_header=False,
        timeout_graceful_shutdown=_GRACE,
    )
    return Server(config)
