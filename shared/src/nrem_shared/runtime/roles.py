"""`python -m nrem_<service> ROLE`: one process per service and role; `migrate` prepares database and topics."""

from __future__ import annotations

import argparse
import asyncio
import sys
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import uvicorn
import uvloop

from nrem_shared.runtime.logs import configure_logs
from nrem_shared.runtime.migrate import migrate
from nrem_shared.runtime.service import ROLES, Service
from nrem_shared.runtime.topics import create_topics

if TYPE_CHECKING:
    from nrem_shared.runtime.service import Blueprint
    from nrem_shared.runtime.settings import ServiceSettings


def main(blueprint: Blueprint, settings_type: type[ServiceSettings]) -> None:
    """The command line of one service."""
    parser = argparse.ArgumentParser(prog=f"python -m {blueprint.package}", description=blueprint.title)
    every = list(dict.fromkeys([*ROLES, *blueprint.background]))
    parser.add_argument(
        "roles", nargs="+", choices=["migrate", *every], help="what this process does; several may be named"
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=8000, help="port of the API, health and metrics")
    arguments = parser.parse_args()
    settings = settings_type()  # from the environment
    configure_logs(settings.log_level, sys.stdout)
    if "migrate" in arguments.roles:
        asyncio.run(prepare(blueprint, settings))
    roles = [role for role in arguments.roles if role != "migrate"]
    if roles:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(_serve(blueprint, settings, roles, arguments.host, arguments.port))


async def prepare(blueprint: Blueprint, settings: ServiceSettings) -> list[str]:
    """Migrate both schemas as the owner and create missing topics; returns the names of what was done."""
    if settings.owner_database_url is None:
        raise SystemExit("NREM_OWNER_DATABASE_URL is needed to migrate: the database as its owner")
    app_role = urlsplit(str(settings.database_url)).username or ""
    done = await migrate(str(settings.owner_database_url), blueprint.package, app_role)
    return done + await create_topics(settings)


async def _serve(blueprint: Blueprint, settings: ServiceSettings, roles: list[str], host: str, port: int) -> None:
    service = Service(blueprint, settings)
    config = uvicorn.Config(
        service.api,
        root_path=blueprint.base_path,
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=5,
    )
    async with service.running(roles):
        await uvicorn.Server(config).serve()
