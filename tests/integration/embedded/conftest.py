"""One demonstration for all tests of this folder, on a PostgreSQL and a Kafka of its own that may lose their data."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from integration.embedded.installation import Platform, run
from nrem_embedded.project_data import data_folder
from nrem_embedded.servers import Kafka, Postgres
from support.servers import serve_layer


@pytest.fixture(scope="package")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where servers and state folders are."""
    return tmp_path_factory.mktemp("installation")


@pytest.fixture(scope="package")
def loop() -> Iterator[asyncio.Runner]:
    """A loop for what is started before tests and ended after them."""
    with asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:
        yield runner


@pytest.fixture(scope="package")
def postgres(folder: Path, loop: asyncio.Runner) -> Iterator[Postgres]:
    """A PostgreSQL that runs."""
    server = Postgres(folder)
    loop.run(server.start())
    yield server
    loop.run(server.stop())


@pytest.fixture(scope="package")
def kafka(folder: Path, loop: asyncio.Runner) -> Iterator[Kafka]:
    """A Kafka that runs; tests stop, empty and start it."""
    server = Kafka(folder)
    loop.run(server.start())
    yield server
    loop.run(server.stop())


@pytest.fixture(scope="package")
def platform(
    request: pytest.FixtureRequest, folder: Path, postgres: Postgres, kafka: Kafka, loop: asyncio.Runner
) -> Iterator[Platform]:
    """A platform with the first quarter of 2026; it goes on running whatever happens to the servers."""
    serve_layer(request.config, "integration", "embedded")
    made = Platform(folder / "state", postgres, kafka)
    try:
        loop.run(made.start("--empty"))
        loop.run(run("import-quarter", str(data_folder() / "demo" / "submissions-2026-Q1.yaml"), state=made.state))
        yield made
    finally:
        made.stop()
