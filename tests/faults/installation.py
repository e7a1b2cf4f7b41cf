"""The whole platform as separate processes, as in compose, on a PostgreSQL and a Kafka of its own."""

from __future__ import annotations

import asyncio
import os
import signal
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from faults.mailserver import MailServer
from faults.processes import RoleProcess
from nrem_embedded.platform.composition import BLUEPRINTS
from nrem_embedded.servers import Kafka, Postgres
from nrem_shared.contracts.topics import HEARTBEATS
from nrem_shared.runtime.projection import store as projection_store
from nrem_shared.runtime.reading import age_seconds
from nrem_shared.runtime.settings import ServiceSettings
from nrem_shared.runtime.topics import create_topics
from support.databases import Cluster, Database
from support.eventually import eventually
from support.proxy import Proxy
from support.signing import Signing

if TYPE_CHECKING:
    from collections.abc import Mapping

SERVICES = ("intake", "statistics", "plan-tracker", "notifier")
#: The processes of each service, by the roles they run.
PROCESSES = {
    "intake": (("api",), ("relay",), ("consume",)),
    "statistics": (("api",), ("relay",), ("consume",)),
    "plan-tracker": (("api",), ("relay",), ("consume",)),
    "notifier": (("api",), ("relay",), ("consume",), ("remind",)),
}
PARTITIONS = 4


class Installation:
    """Servers, databases, processes. `roles["statistics:consume"]` is one of the latter."""

    def __init__(self, folder: Path, settings: Mapping[str, str] | None = None) -> None:
        self.folder = folder
        self.postgres = Postgres(folder)
        self.kafka = Kafka(folder)
        self.databases: dict[str, Database] = {}
        self.roles: dict[str, RoleProcess] = {}
        self.signing = Signing.create(folder)
        self.mail = MailServer()
        self._more = dict(settings or {})
        self._stack = AsyncExitStack()

    async def start(self) -> None:
        """Servers, schemas, topics, processes; returns when every process is alive and knows everything."""
        await asyncio.gather(self.postgres.start(), self.kafka.start())
        self._stack.push_async_callback(self._stop_servers)
        await self.mail.open()
        self._stack.push_async_callback(self.mail.close)
        cluster = Cluster(self.postgres.dsn())
        for service in SERVICES:
            self.databases[service] = await cluster.database(service)
        await create_topics(self.settings("intake"))
        for service, processes in PROCESSES.items():
            for roles in processes:
                await self.add(service, roles)
        for role in self.roles.values():
            role.launch()
        await asyncio.gather(*(role.alive() for role in self.roles.values()))
        await self.fresh()

    async def end(self) -> None:
        """End everything that was started."""
        for role in self.roles.values():
            await role.end()
        await self._stack.aclose()

    async def add(self, service: str, roles: tuple[str, ...], twin: str = "") -> RoleProcess:
        """A further process, not started yet. `twin` tells it from one of the same roles."""
        database = await Proxy("postgres", ("127.0.0.1", self.postgres.port)).open()
        bus = await Proxy("kafka", ("127.0.0.1", int(self.kafka.bootstrap.rpartition(":")[2]))).open()
        name = f"{service}:{'+'.join(roles)}{twin}"
        blueprint = BLUEPRINTS[service][0]
        role = RoleProcess(
            name=name,
            package=blueprint.package,
            roles=roles,
            environment=self._environment(service, database.port, bus.port),
            log=self.folder / f"{name.replace(':', '-')}.log",
            database=database,
            bus=bus,
            base_path=blueprint.base_path,
        )
        self.roles[name] = role
        return role

    async def remove(self, role: RoleProcess) -> None:
        """End a process that was added."""
        del self.roles[role.name]
        await role.end()

    def settings(self, service: str) -> ServiceSettings:
        """For looking from outside: straight to the servers."""
        return ServiceSettings.model_validate(
            {
                "database_url": self.databases[service].app_url,
                "owner_database_url": self.databases[service].owner_url,
                "kafka_bootstrap": self.kafka.bootstrap,
                "partitions": PARTITIONS,
            }
        )

    def _environment(self, service: str, database_port: int, bus_port: int) -> dict[str, str]:
        url = urlsplit(self.databases[service].app_url)
        place = url.netloc.rpartition("@")[0] + f"@127.0.0.1:{database_port}"
        mine = {
            "NREM_DATABASE_URL": url._replace(netloc=place).geturl(),
            "NREM_KAFKA_BOOTSTRAP": f"127.0.0.1:{bus_port}",
            "NREM_PARTITIONS": str(PARTITIONS),
            "NREM_POOL_SIZE": "4" if service == "intake" else "3",
            "NREM_HEARTBEAT_SECONDS": "0.5",
            "NREM_FALLBACK_POLL_SECONDS": "0.5",
            "NREM_READ_WAIT_SECONDS": "0.2",
            "NREM_CONSUMER_SESSION_SECONDS": "6",
            "NREM_DEMONSTRATION": "true",
            "NREM_SECURE_COOKIES": "false",
            "NREM_LOG_LEVEL": "WARNING",
        }
        if service == "intake":
            mine |= {"NREM_SIGNING_KEY_FILE": str(self.signing.pem_file), "NREM_KEY_PEPPER": "p" * 32}
        if service == "notifier":
            mine |= {
                "NREM_SMTP_HOST": "127.0.0.1",
                "NREM_SMTP_PORT": str(self.mail.proxy.port),
                "NREM_SMTP_SECURITY": "none",
                "NREM_PRODUCTION": "true",
                "NREM_LEASE_SECONDS": "2",
                "NREM_LOOK_SECONDS": "0.2",
            }
        return {**mine, **self._more}

    async def fresh(self, seconds: float = 60) -> None:
        """Wait until every service knows everything that had been sent a moment ago."""
        await asyncio.gather(*(self._fresh(service, seconds) for service in SERVICES))

    async def _fresh(self, service: str, seconds: float) -> None:
        topics = BLUEPRINTS[service][0].topics - {HEARTBEATS}

        async def knows() -> bool:
            found = await projection_store.freshness(connection)
            stale = {topic for topic in topics if age_seconds(found.get(topic)) > 3}
            assert not stale, f"{service}: {sorted(stale)} not fresh; {self.tails(service)}"
            return True

        connection = await self.databases[service].connect()
        try:
            await eventually(knows, seconds=seconds, every=0.1)
        finally:
            await connection.close()

    def tails(self, service: str) -> str:
        """The ends of the logs of a service."""
        return "\n".join(f"── {n}\n{r.tail()[-1200:]}" for n, r in self.roles.items() if n.startswith(service))

    async def kill_kafka(self) -> None:
        """SIGKILL to the broker."""
        os.kill(self.kafka.pid, signal.SIGKILL)
        await eventually(lambda: not self.kafka._started().running)

    async def kill_postgres(self) -> None:
        """SIGKILL to the postmaster and every process of it."""
        os.killpg(self.postgres.pid, signal.SIGKILL)
        await eventually(lambda: not self.postgres._started().running)

    async def _stop_servers(self) -> None:
        await asyncio.gather(self.postgres.stop(), self.kafka.stop())
