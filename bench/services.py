"""The platform's services as processes: as `nrem demo` serves them, on uvloop, with the roles asked for."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from nrem_embedded.platform.composition import BLUEPRINTS
from nrem_embedded.platform.server import build_server, take_port
from nrem_shared.runtime.logs import configure_logs
from nrem_shared.runtime.service import Service

if TYPE_CHECKING:
    from starlette.types import ASGIApp


@asynccontextmanager
async def service(name: str, roles: list[str]) -> AsyncIterator[dict[str, Any]]:
    """One service with its settings from the environment; yields its port where it has an API."""
    import sys

    blueprint, settings_type = BLUEPRINTS[name]
    settings = settings_type()  # from the environment
    configure_logs(settings.log_level, sys.stderr)
    made = Service(blueprint, settings)
    async with made.running(roles), listening(made.api) as port:
        yield {"port": port}


@asynccontextmanager
async def listening(app: ASGIApp) -> AsyncIterator[int]:
    """An application behind uvicorn, set up as the platform does."""
    import asyncio

    taken = take_port(0)
    server = build_server(app)
    task = asyncio.create_task(server.serve(sockets=[taken]))
    try:
        while not server.started:
            await asyncio.sleep(0.01)
        yield int(taken.getsockname()[1])
    finally:
        server.should_exit = True
        await task
