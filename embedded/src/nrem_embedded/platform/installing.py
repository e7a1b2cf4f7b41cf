"""From an empty state folder to running services: servers, databases, schemas, topics, secrets."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import psutil

from nrem_embedded.platform.databases import create_databases
from nrem_embedded.platform.state import Installation, StateError, StateFolder
from nrem_embedded.servers import Kafka, Postgres

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nrem_shared.runtime.settings import ServiceSettings

Content = Literal["demonstration", "empty"]


@dataclass(frozen=True)
class Servers:
    """PostgreSQL and Kafka of this installation."""

    postgres: Postgres
    kafka: Kafka

    async def start(self) -> None:
        """Both at once. Raises ServerError, and stops the other, where one does not start."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self.postgres.start())
                group.create_task(self.kafka.start())
        except BaseExceptionGroup as failures:
            await self.stop()
            raise failures.exceptions[0] from None

    async def stop(self) -> None:
        """Both at once, in order each."""
        await asyncio.gather(self.postgres.stop(), self.kafka.stop())

    async def watch(self) -> str:
        """Return once one of them has ended by itself, with its name."""
        while True:
            for name, server in (("PostgreSQL", self.postgres), ("Kafka", self.kafka)):
                if not _alive(server.pid):
                    return name
            await asyncio.sleep(1)


def _alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


async def install(state: StateFolder, servers: Servers, url: str, content: Content) -> Installation:
    """Databases and `nrem.json`, for servers that run. What was loaded before stays. Raises StateError."""
    before = state.installation() if (state.path / "nrem.json").exists() else None
    if before is not None and before.content != content:
        text = f"{state.path} holds the content '{before.content}': add --fresh, or name another folder with --state"
        raise StateError(text)
    state.signing_key()
    installation = Installation(
        url=url,
        kafka=servers.kafka.bootstrap,
        databases=await create_databases(servers.postgres.dsn(), state),
        content=content,
        loaded=before is not None and before.loaded,
    )
    state.save(installation)
    return installation


async def migrate_all(settings: Mapping[str, ServiceSettings]) -> list[str]:
    """Schemas of all services and missing topics; returns the names of what was done."""
    from nrem_embedded.platform.composition import BLUEPRINTS
    from nrem_shared.runtime.roles import prepare

    done = await asyncio.gather(*(prepare(BLUEPRINTS[name][0], each) for name, each in settings.items()))
    return [name for each in done for name in each]
