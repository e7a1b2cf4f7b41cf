"""Two platforms for the layer: every process of them separate, killed and started again as the cases ask.

Side by side, each platform is used by one process: what a case breaks is broken for no other.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from faults.book import Book, Stream
from faults.disks import may_mount, small_disks
from faults.equality import Equality
from faults.founding import found
from faults.installation import Installation
from faults.people import MEMBERS, PERIODS, People
from support.servers import serve_layer

#: Modules whose platform is not mended: what they put on topics, or take from them, stays so.
SPOILING = {"test_bad_records.py", "test_disk_full.py", "test_lost_records.py"}


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Each platform is used by one process."""
    from xdist.scheduler import LoadScopeScheduling

    class ByPlatform(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return "spoilt" if nodeid.partition("::")[0].rpartition("/")[2] in SPOILING else "mended"

    return ByPlatform(config, log)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def installation(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Installation]:
    """Servers and processes; the cases put back what they broke."""
    made = Installation(tmp_path_factory.mktemp("faults"))
    try:
        await made.start()
        serve_layer(request.config, "faults", "embedded")
        yield made
    finally:
        await made.end()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def book() -> Book:
    """What was acknowledged since the layer began."""
    return Book()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def people(installation: Installation, book: Book) -> AsyncIterator[People]:
    """Those who use it, after everything was founded."""
    made = People(installation, book)
    await found(made)
    await installation.fresh()
    yield made
    await made.close()


@pytest_asyncio.fixture(loop_scope="session")
async def equality(installation: Installation, people: People, book: Book) -> AsyncIterator[Equality]:
    """`await equality.holds()`; asked once more at the end of each case."""
    made = Equality(installation, book)
    yield made
    await made.holds()


@pytest.fixture(scope="session")
def _unused() -> Iterator[tuple[str, str]]:
    return iter(product(PERIODS, MEMBERS))


@pytest.fixture
def new_stream(book: Book, _unused: Iterator[tuple[str, str]]) -> Callable[[], Stream]:
    """A submission that nobody has begun."""
    return lambda: book.stream(*next(_unused))


@dataclass(frozen=True)
class Spoilt:
    """A platform that is not to be mended: bad records stay on its topics."""

    installation: Installation
    people: People
    book: Book
    equality: Equality
    new_stream: Callable[[], Stream]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def spoilt(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Spoilt]:
    """A second platform, its servers' data on small file systems where this user may mount them."""
    folder = tmp_path_factory.mktemp("spoilt")
    with small_disks(folder):
        made, kept = Installation(folder), Book()
        using = People(made, kept)
        unused = product(PERIODS, MEMBERS)
        try:
            await made.start()
            await found(using)
            await made.fresh()
            yield Spoilt(made, using, kept, Equality(made, kept, in_order=False), lambda: kept.stream(*next(unused)))
        finally:
            await using.close()
            await made.end()


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Whoever may not mount cannot fill a disk; the summary says so."""
    return True if collection_path.name == "test_disk_full.py" and not may_mount() else None


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not may_mount():
        terminalreporter.write_line("faults: disks were not filled: this user may not mount a small file system")
