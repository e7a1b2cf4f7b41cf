"""The demonstration as tests/e2e starts it, who looks at it, and Lighthouse in a Chromium that stays open."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import httpx
import pytest

from e2e.conftest import platform, servers
from e2e.test_pages import EXAMPLES, PEOPLE, PageRoute
from support.visitors import examples_made, visitors

__all__ = ["platform", "servers"]

HERE = Path(__file__).parent
MEASURED = pytest.StashKey["Measured"]()
_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@dataclass
class Measured:
    """What the summary tells: bytes and milliseconds by address."""

    bytes: dict[str, float] = field(default_factory=dict)
    milliseconds: dict[str, float] = field(default_factory=dict)


def pytest_configure(config: pytest.Config) -> None:
    config.stash[MEASURED] = Measured()


@pytest.fixture(scope="session")
def measured(pytestconfig: pytest.Config) -> Measured:
    return pytestconfig.stash[MEASURED]


@pytest.fixture(scope="session")
def people(platform: Any) -> Iterator[dict[str | None, httpx.Client]]:
    with visitors(platform.url, PEOPLE) as signed_in:
        yield signed_in


class Addresses:
    """Where a route's page is in this demonstration."""

    def __init__(self, made: dict[str, str]) -> None:
        self._made = made

    def of(self, route: PageRoute) -> str:
        address = EXAMPLES.get(route.path, route.path)
        for placeholder, value in self._made.items():
            address = address.replace(placeholder, value)
        return address


@pytest.fixture(scope="session")
def addresses(people: dict[str | None, httpx.Client]) -> Addresses:
    return Addresses(examples_made(people, EXAMPLES["/reminders/mailboxes/{address}"]))


class Lighthouse:
    """`audit.mjs` at work: an order per line, a finding per line."""

    def __init__(self, process: subprocess.Popen[str], url: str) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._orders: IO[str] = process.stdin
        self._findings: IO[str] = process.stdout
        self._url = url
        self._cookies: dict[str | None, list[dict[str, Any]]] = {}

    def look(self, path: str, role: str | None, form: str) -> dict[str, Any]:
        """What it finds on a page as a role sees it, on a telephone (`mobile`) or a desk (`desktop`)."""
        order = {"path": path, "form": form, "role": role or "nobody", "cookies": self._of(role)}
        self._orders.write(json.dumps(order) + "\n")
        self._orders.flush()
        finding: dict[str, Any] = json.loads(self._findings.readline())
        return finding

    def _of(self, role: str | None) -> list[dict[str, Any]]:
        """A session of the browser's own: nobody else's requests renew it."""
        if role not in self._cookies:
            with visitors(self._url, [role] if role else []) as signed_in:
                jar = signed_in[role].cookies.jar
                self._cookies[role] = [{"name": one.name, "value": one.value, "path": one.path} for one in jar]
        return self._cookies[role]


@pytest.fixture(scope="session")
def lighthouse(platform: Any) -> Iterator[Lighthouse]:
    chromium = os.environ.get("NREM_TEST_CHROMIUM") or next(filter(None, map(shutil.which, _BROWSERS)))
    command = ["node", "audit.mjs", chromium, platform.url]
    if os.geteuid() == 0:
        command.append("--no-sandbox")  # its sandbox refuses to run as root
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, cwd=HERE, text=True, **pipes) as process:
        try:
            yield Lighthouse(process, platform.url)
            process.communicate(timeout=20)  # the end of its orders: it closes the browser and ends
        finally:
            process.kill()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    measured = config.stash[MEASURED]
    for title, figures in (("heaviest, kB", measured.bytes), ("slowest served, p95 in ms", measured.milliseconds)):
        most = sorted(figures.items(), key=lambda one: -one[1])[:10]
        divisor = 1000 if figures is measured.bytes else 1
        terminalreporter.write_line(f"{title}:")
        for address, figure in most:
            terminalreporter.write_line(f"  {figure / divisor:6.1f}  {address}")
