"""The whole platform as a newcomer starts it: `nrem demo`, on servers of the tests."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg

from nrem_embedded.platform.state import StateFolder
from nrem_embedded.servers.ports import free_port
from support.bus import delete_topics
from support.servers import Servers

ROOT = Path(__file__).parents[2]
READY_SECONDS = 240


@dataclass(frozen=True)
class Platform:
    """A platform that is up: its address and its state folder."""

    url: str
    state: Path

    def nrem(self, *arguments: str, seconds: float = 240) -> subprocess.CompletedProcess[str]:
        """Run the command line against it."""
        command = [sys.executable, "-m", "nrem_embedded", *arguments, "--state", str(self.state)]
        return subprocess.run(command, cwd=ROOT, env=_environment(), capture_output=True, text=True, timeout=seconds)


@contextmanager
def started(servers: Servers, state: Path, *options: str) -> Iterator[Platform]:
    """`nrem demo` until `ready:`; ended by Ctrl-C, which must end it in order."""
    port = free_port()
    command = [sys.executable, "-m", "nrem_embedded", "demo", "--state", str(state), "--port", str(port), *options]
    command += ["--postgres", servers.postgres, "--kafka", servers.kafka]
    log = state.parent / f"{state.name}.log"
    with log.open("w") as output:
        process = subprocess.Popen(command, cwd=ROOT, env=_environment(), stdout=output, stderr=subprocess.STDOUT)
    try:
        _await_ready(process, log)
        yield Platform(f"http://127.0.0.1:{port}", state)
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0, log.read_text()
    finally:
        process.kill()
        process.wait()
        _tidy(servers, state)


def in_intake(platform: Platform, statement: str) -> None:
    """Run a statement in intake's database, as its owner: what no page can set back for the next test."""

    async def run() -> None:
        connection = await asyncpg.connect(StateFolder(platform.state).installation().databases["intake"].owner)
        await connection.execute(statement)
        await connection.close()

    with ThreadPoolExecutor(1) as thread:  # in this one a browser may have its event loop
        thread.submit(asyncio.run, run()).result()


def _await_ready(process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while "ready: http" not in log.read_text():
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.1)


def _tidy(servers: Servers, state: Path) -> None:
    """Leave nothing in servers that were given."""
    if "given" not in servers.backend:
        return
    installation = StateFolder(state).installation()

    async def drop() -> None:
        connection = await asyncpg.connect(servers.postgres)
        for address in installation.databases.values():
            await connection.execute(f'drop database "{urlsplit(address.app).path[1:]}" with (force)')
            for role in (urlsplit(address.app).username, urlsplit(address.owner).username):
                await connection.execute(f'drop role "{role}"')
        await connection.close()
        await delete_topics(servers.kafka, installation.topic_prefix)

    with ThreadPoolExecutor(1) as thread:  # in this one a browser may have its event loop
        thread.submit(asyncio.run, drop()).result()


def _environment() -> dict[str, str]:
    """Ours, without settings that would reach into the platform."""
    return {name: value for name, value in os.environ.items() if not name.startswith("NREM_")}
