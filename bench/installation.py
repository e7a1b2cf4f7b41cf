"""The servers of a run and the databases of its cases: the platform's own embedded servers, roles and migrations."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import asyncpg

from nrem_embedded.platform.composition import BLUEPRINTS
from nrem_embedded.platform.databases import create_databases
from nrem_embedded.platform.state import Databases, StateFolder
from nrem_embedded.servers import Kafka, Postgres
from nrem_shared.runtime.migrate import migrate
from nrem_shared.runtime.settings import ServiceSettings
from nrem_shared.runtime.topics import create_topics


@dataclass
class Installation:
    """Running servers. Databases are cloned from templates, topics have a prefix of their own for each case."""

    state: StateFolder
    postgres: Postgres
    kafka: Kafka
    databases: dict[str, Databases]
    quick: bool = False
    full: bool = False
    _count: int = 0
    _kept: dict[str, Any] = field(default_factory=dict)

    @property
    def processes(self) -> dict[str, int]:
        """The servers' process ids by name."""
        return {"PostgreSQL": self.postgres.pid, "Kafka": self.kafka.pid}

    def size(self, quick: int, default: int, full: int | None = None) -> int:
        """How much is done in this run."""
        return quick if self.quick else full if full and self.full else default

    def next_name(self, what: str) -> str:
        """A name that was not used before."""
        self._count += 1
        return f"{what}_{self._count}"

    async def once(self, name: str, make: Any) -> Any:
        """What several rows need, made when the first one asks."""
        if name not in self._kept:
            self._kept[name] = await make(self)
        return self._kept[name]

    async def clone(self, service: str, template: str | None = None) -> Databases:
        """A copy of a service's database, migrated and empty, or of another one of the same service."""
        own = urlsplit(self.databases[service].app).path[1:]
        name = self.next_name("bench")
        await self._administer(f'create database "{name}" template "{template or own}" owner "{own}_owner"')
        both = self.databases[service]
        return Databases(app=_other(both.app, name), owner=_other(both.owner, name))

    async def drop(self, databases: Databases) -> None:
        """Drop a copy."""
        await self._administer(f'drop database "{name_of(databases)}" with (force)')

    async def settle(self) -> None:
        """Leave nothing of what was prepared to be written down while others are measured."""
        await self._administer("checkpoint")

    async def _administer(self, statement: str) -> None:
        connection = await asyncpg.connect(self.postgres.dsn())
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    def values(self, service: str, databases: Databases, topics: str, **more: Any) -> dict[str, str]:
        """The environment of a process of this service."""
        values = {
            "database_url": databases.app,
            "owner_database_url": databases.owner,
            "kafka_bootstrap": self.kafka.bootstrap,
            "topic_prefix": topics,
            "secure_cookies": "false",
            "log_level": "ERROR",
            **{name: str(value) for name, value in more.items()},
        }
        if service == "intake":
            values["signing_key_file"] = str(self.state.signing_key())
            values["key_pepper"] = self.state.secret("key-pepper")
        return {f"NREM_{name.upper()}": value for name, value in values.items()}

    def settings(self, service: str, databases: Databases, topics: str, **more: Any) -> ServiceSettings:
        """The same as an object."""
        values = self.values(service, databases, topics, **more)
        plain = {name.removeprefix("NREM_").lower(): value for name, value in values.items()}
        return BLUEPRINTS[service][1].model_validate(plain)

    async def topics(self) -> str:
        """The prefix of a fresh set of topics."""
        prefix = self.next_name("topics") + "."
        await create_topics(self.settings("statistics", self.databases["statistics"], prefix))
        return prefix


@asynccontextmanager
async def installed(folder: Path, *, quick: bool, full: bool) -> AsyncIterator[Installation]:
    """Servers with their data in `folder`, and every service's database, migrated."""
    state = StateFolder(folder)
    postgres, kafka = Postgres(folder), Kafka(folder)
    await kafka.resolve()
    try:
        await asyncio.gather(postgres.start(), kafka.start())
        databases = await create_databases(postgres.dsn(), state)
        for service, both in databases.items():
            blueprint, _ = BLUEPRINTS[service]
            await migrate(both.owner, blueprint.package, urlsplit(both.app).username or "")
        yield Installation(state, postgres, kafka, databases, quick, full)
    finally:
        await asyncio.gather(postgres.stop(), kafka.stop())


def name_of(databases: Databases) -> str:
    """The database's name."""
    return urlsplit(databases.app).path[1:]


def _other(address: str, name: str) -> str:
    return urlsplit(address)._replace(path=f"/{name}").geturl()
