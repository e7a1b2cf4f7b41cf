"""From an empty state folder to running services: servers, databases, schemas, topics, secrets."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

import psutil

from nrem_embedded.platform.databases import create_databases
from nrem_embedded.platform.state import Installation, StateError, StateFolder
from nrem_embedded.servers import Kafka, Postgres, memory_held

if TYPE_CHECKING:
    from nrem_shared.runtime.settings import ServiceSettings

Content = Literal["demonstration", "empty"]


class Servers(Protocol):
    """A PostgreSQL and a Kafka, our own or somebody else's."""

    @property
    def postgres(self) -> str:
        """Address of PostgreSQL for a superuser, once started."""
        ...

    @property
    def kafka(self) -> str:
        """Address of Kafka, once started."""
        ...

    @property
    def shared(self) -> bool:
        """Whether others use these servers too: then databases and topics get names of their own."""
        ...

    async def start(self) -> None:
        """Return once both answer."""
        ...

    async def stop(self) -> None:
        """End what was started."""
        ...

    async def watch(self) -> str:
        """Return the name of a server once it has ended by itself."""
        ...

    async def train(self) -> None:
        """Prepare faster starts, in the background."""
        ...

    def memory(self) -> dict[str, float]:
        """Server → megabytes held."""
        ...


class OwnServers:
    """Servers of this installation: started, watched and ended by us."""

    shared = False

    def __init__(self, state: StateFolder) -> None:
        self._postgres = Postgres(state.path)
        self._kafka = Kafka(state.path)

    @property
    def postgres(self) -> str:
        """Address of PostgreSQL for its superuser."""
        return self._postgres.dsn()

    @property
    def kafka(self) -> str:
        """Address of Kafka."""
        return self._kafka.bootstrap

    async def start(self) -> None:
        """Both at once. Raises ServerError, and stops the other, where one does not start."""
        await self._kafka.resolve()
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._postgres.start())
                group.create_task(self._kafka.start())
        except BaseExceptionGroup as failures:
            await self.stop()
            raise failures.exceptions[0] from None

    async def stop(self) -> None:
        """Both at once, in order each."""
        await asyncio.gather(self._postgres.stop(), self._kafka.stop())

    async def watch(self) -> str:
        """Return the name of a server once it has ended by itself."""
        while True:
            for name, server in (("PostgreSQL", self._postgres), ("Kafka", self._kafka)):
                if not _alive(server.pid):
                    return name
            await asyncio.sleep(1)

    async def train(self) -> None:
        """Prepare faster starts of Kafka; raises as its start does."""
        if not self._kafka.trained:
            await self._kafka.train()

    def memory(self) -> dict[str, float]:
        """Megabytes held by each."""
        return {"PostgreSQL": memory_held(self._postgres.pid), "Apache Kafka": memory_held(self._kafka.pid)}


@dataclass(frozen=True)
class GivenServers:
    """Servers that somebody else runs; `postgres` is the address of a superuser."""

    postgres: str
    kafka: str
    shared: bool = True

    async def start(self) -> None:
        """They run already."""

    async def stop(self) -> None:
        """They go on running."""

    async def watch(self) -> str:
        """Somebody else watches them."""
        await asyncio.Event().wait()
        return ""

    async def train(self) -> None:
        """They are somebody else's."""

    def memory(self) -> dict[str, float]:
        """What they hold is not ours."""
        return {}


async def install(state: StateFolder, servers: Servers, url: str, content: Content) -> Installation:
    """Databases and `nrem.json`, for servers that run. What was loaded before stays. Raises StateError."""
    before = state.installation() if (state.path / "nrem.json").exists() else None
    if before is not None and before.content != content:
        text = f"{state.path} holds the content '{before.content}': add --fresh, or name another folder with --state"
        raise StateError(text)
    name = before.name if before is not None else secrets.token_hex(4) if servers.shared else ""
    state.signing_key()
    installation = Installation(
        url=url,
        kafka=servers.kafka,
        name=name,
        databases=await create_databases(servers.postgres, state, name),
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


def _alive(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
