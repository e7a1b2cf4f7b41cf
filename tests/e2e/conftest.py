"""The whole platform as a newcomer starts it (`nrem demo`), once per session, and a browser.

Servers are those of the session: given ones, containers, or embedded ones. Each platform has databases and topics of
its own on them.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from nrem_embedded.platform.state import StateFolder
from nrem_embedded.servers.ports import free_port
from support.bus import delete_topics
from support.servers import Servers, serve_layer, session_servers

ROOT = Path(__file__).parents[2]
READY_SECONDS = 240


#: Modules that begin with an empty platform, and those for which nobody else may have worked on the played one.
EMPTY = {"test_meetings.py", "test_imported_quarters.py", "test_quarter_by_form.py"}
LOOKING = {"test_pages.py", "test_pseudo_locale.py", "test_quarters.py", "test_year.py"}


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Side by side, each platform is used by one process."""
    from xdist.scheduler import LoadScopeScheduling

    class ByPlatform(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            module = nodeid.partition("::")[0].rpartition("/")[2]
            return "empty" if module in EMPTY else "looked at" if module in LOOKING else "worked on"

    return ByPlatform(config, log)


@dataclass(frozen=True)
class Platform:
    """A platform that is up: its address and its state folder."""

    url: str
    state: Path

    def nrem(self, *arguments: str, seconds: float = 240) -> subprocess.CompletedProcess[str]:
        """Run the command line against it."""
        command = [sys.executable, "-m", "nrem_embedded", *arguments, "--state", str(self.state)]
        return subprocess.run(command, cwd=ROOT, env=_environment(), capture_output=True, text=True, timeout=seconds)


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Iterator[Servers]:
    with session_servers(tmp_path_factory.mktemp("servers")) as started:
        serve_layer(pytestconfig, "e2e", started.backend)
        yield started


@pytest.fixture(scope="session")
def platform(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """With the demonstration's quarters; its clock begins at 12 October 2026."""
    with started(servers, tmp_path_factory.mktemp("platform")) as running:
        yield running


@pytest.fixture(scope="module")
def empty_platform(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """With reference data and members only; its clock begins at the end of 2025."""
    with started(servers, tmp_path_factory.mktemp("empty"), "--empty") as running:
        yield running


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


def _await_ready(process: subprocess.Popen[bytes], log: Path) -> None:
    import time

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


@pytest.fixture(scope="module")
def playwright(servers: Servers) -> Iterator[Playwright]:
    """After the servers, and for one module: as long as it lives, this thread's event loop is its own."""
    assert servers.postgres
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """The Chromium of this machine, else the one that playwright installed."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    installed = os.environ.get("NREM_TEST_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    arguments = ["--disable-background-networking"]
    if os.geteuid() == 0:
        arguments.append("--no-sandbox")  # its sandbox refuses to run as root
    opened = playwright.chromium.launch(executable_path=installed, args=arguments)
    yield opened
    opened.close()
