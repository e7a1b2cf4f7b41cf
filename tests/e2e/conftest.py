"""The whole platform as a newcomer starts it (`nrem demo`), and a browser.

Servers are those of the session: given ones, containers, or embedded ones; each platform has databases and topics of
its own on them. Two processes side by side use the same servers and the same demonstration, which is played once.
"""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from support.platforms import Platform, started
from support.servers import Servers, serve_layer, session_servers
from support.together import common_folder, together

#: Modules that begin with an empty platform; and the one whose tests only look, so that any process may take some.
EMPTY = {"test_meetings.py"}
LOOKING = "test_pages.py"
#: So many tests that only look are taken at once.
TAKEN = 8


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Side by side: one process plays the demonstration and works on it, the other empties; both look at pages then.

    In the order in which they were collected, so that what takes longest begins first.
    """
    from xdist.scheduler import LoadScopeScheduling

    seen: Counter[str] = Counter()
    scopes: dict[str, str] = {}

    class Together(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            if nodeid not in scopes:
                module = nodeid.partition("::")[0].rpartition("/")[2]
                scopes[nodeid] = "empty" if module in EMPTY else "worked on"
                if module == LOOKING:
                    scopes[nodeid] = f"looked at {seen[module] // TAKEN}"
                    seen[module] += 1
            return scopes[nodeid]

    config.option.loadscopereorder = False
    return Together(config, log)


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Iterator[Servers]:
    @contextmanager
    def begun() -> Iterator[dict[str, Any]]:
        with session_servers(tmp_path_factory.mktemp("servers")) as found:
            yield asdict(Servers(found.postgres, found.kafka, found.postgres_backend, found.kafka_backend))

    with together(common_folder(tmp_path_factory), "servers", begun) as found:
        serving = Servers(**found)
        serve_layer(pytestconfig, "e2e", serving.backend)
        yield serving


@pytest.fixture(scope="session")
def platform(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """With the demonstration's quarters; its clock stands at 12 October 2026. Used by several at once."""

    @contextmanager
    def begun() -> Iterator[dict[str, Any]]:
        with started(servers, tmp_path_factory.mktemp("platform")) as running:
            yield {"url": running.url, "state": str(running.state)}

    with together(common_folder(tmp_path_factory), "platform", begun) as found:
        yield Platform(found["url"], Path(found["state"]))


@pytest.fixture(scope="module")
def empty_platform(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """With reference data and members only; its clock begins at the end of 2025."""
    with started(servers, tmp_path_factory.mktemp("empty"), "--empty") as running:
        yield running


@pytest.fixture(scope="session")
def playwright(servers: Servers) -> Iterator[Playwright]:
    """After the servers, and ended before them: as long as it lives, this thread's event loop is its own."""
    assert servers.postgres
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """The Chromium of this machine, one without windows first; else the one that playwright installed.

    The headless shell is the same engine, and a page costs half the time in it.
    """
    names = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    installed = os.environ.get("NREM_TEST_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    arguments = ["--disable-background-networking"]
    if os.geteuid() == 0:
        arguments.append("--no-sandbox")  # its sandbox refuses to run as root
    opened = playwright.chromium.launch(executable_path=installed, args=arguments)
    yield opened
    opened.close()
