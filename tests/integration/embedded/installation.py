"""A whole platform in a process of its own, on servers that the test stops, empties and starts as it likes."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import asyncpg

from nrem_embedded.cli.access import find
from nrem_embedded.cli.projections import BASES
from nrem_embedded.platform.state import SERVICES, Installation, StateFolder
from nrem_embedded.servers import Kafka, Postgres
from nrem_embedded.servers.ports import free_port
from support.eventually import eventually

#: What a projection keeps about its own reading: it differs from build to build.
TECHNICAL = frozenset({"applied", "generation", "heartbeat", "migration", "change"})
START_LIMIT = 150.0  # seconds
READY = "ready:"

Dump = dict[str, list[str]]


class Platform:
    """`nrem demo` on a state folder. `postgres` and `kafka` null = the platform's own servers."""

    def __init__(self, state: Path, postgres: Postgres | None = None, kafka: Kafka | None = None) -> None:
        self.state = state
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._servers = ["--postgres", postgres.dsn(), "--kafka", kafka.bootstrap] if postgres and kafka else []
        self._process: subprocess.Popen[str] | None = None

    async def start(self, *arguments: str) -> None:
        """Return once it is ready."""
        command = [*nrem("demo", state=self.state), "--port", str(self.port), *self._servers, *arguments]
        log = self.state.with_suffix(".log")
        with log.open("w") as said:
            self._process = subprocess.Popen(command, stdout=said, stderr=subprocess.STDOUT, text=True)  # noqa: ASYNC220

        def ready() -> bool:
            assert self._process is not None
            if self._process.poll() is not None:
                raise RuntimeError(log.read_text())
            return READY in log.read_text()

        await eventually(ready, seconds=START_LIMIT, every=0.1)

    def stop(self) -> None:
        """End it in order."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            self._process.wait(30)

    @property
    def installation(self) -> Installation:
        """What `nrem.json` says."""
        return StateFolder(self.state).installation()

    async def connect(self, service: str) -> asyncpg.Connection:
        """The service's database, as its owner."""
        return await asyncpg.connect(self.installation.databases[service].owner)

    async def dumps(self) -> dict[str, Dump]:
        """Service → table → all rows of its projection, in order, without what differs from build to build."""
        return {service: await self._dump(service, "projection") for service in SERVICES}

    async def facts(self, service: str) -> Dump:
        """Table → all rows of what it decided, in order."""
        return await self._dump(service, "facts")

    async def _dump(self, service: str, schema: str) -> Dump:
        conn = await self.connect(service)
        try:
            names = await conn.fetch("select tablename from pg_tables where schemaname = $1 order by 1", schema)
            return {
                name: [row[0] for row in await conn.fetch(f'select t::text from {schema}."{name}" t order by 1')]
                for name in (row["tablename"] for row in names)
                if name not in TECHNICAL
            }
        finally:
            await conn.close()

    async def mails(self) -> list[tuple[str, str]]:
        """(recipient, Message-ID) of every mail that arrived in the demonstration's mailboxes."""
        conn = await self.connect("notifier")
        try:
            rows = await conn.fetch("select recipient, message_id from facts.received order by id")
            return [(row["recipient"], row["message_id"]) for row in rows]
        finally:
            await conn.close()

    async def settle(self) -> None:
        """Wait until every service has everything, and the notifier has decided."""

        async def settled() -> bool:
            for status in (await self.statuses()).values():
                assert status["behind"] == 0
                assert status["relayed_position"] == status["journal_position"]
                assert all(age is not None and age < 10 for age in status["freshness_seconds"].values())
            return True

        await eventually(settled, seconds=60, every=0.2)

    async def statuses(self) -> dict[str, Any]:
        """Service → what it says of itself."""
        async with find(self.state).speaking() as institutions:
            return {
                name: (await institutions.do("coordinator", "GET", f"{base}/api/operations/status")).json()
                for name, base in BASES.items()
            }


def nrem(*arguments: str, state: Path) -> list[str]:
    """A command of the command line, as it is installed here."""
    return [sys.executable, "-m", "nrem_embedded", *arguments, "--state", str(state)]


async def run(*arguments: str, state: Path, check: bool = True, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end, without holding up the test's own work."""
    process = await asyncio.create_subprocess_exec(
        *nrem(*arguments, state=state),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, **environment},
    )
    try:
        stdout, stderr = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    done = subprocess.CompletedProcess(arguments, process.returncode or 0, stdout.decode(), stderr.decode())
    assert not check or done.returncode == 0, f"nrem {' '.join(arguments)}\n{done.stdout}{done.stderr}"
    return done


async def lose_everything(kafka: Kafka, folder: Path) -> None:
    """Kafka is stopped, its data is deleted, and it is started again under its address."""
    await kafka.stop()
    shutil.rmtree(folder / "kafka" / "data")
    deadline = time.monotonic() + 30
    while True:
        try:
            await kafka.start()
        except Exception:
            if time.monotonic() > deadline:
                raise
            await asyncio.sleep(0.5)
        else:
            return
