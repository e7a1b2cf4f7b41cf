"""The whole platform as a newcomer starts it (`nrem demo`), on the session's servers. No browser: that is e2e."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from support.platforms import Platform, started
from support.servers import Servers, serve_layer

#: These report, which would change the year's worked cases: they come after them.
REPORTING = "test_examples.py"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.path.name == REPORTING)


@pytest.fixture(scope="session")
def platform(
    servers: Servers, tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config
) -> Iterator[Platform]:
    """With the demonstration's quarters; its clock begins at 12 October 2026, and the modules move it on in turn."""
    serve_layer(pytestconfig, "integration", servers.backend)
    with started(servers, tmp_path_factory.mktemp("platform")) as running:
        yield running


@pytest.fixture(scope="module")
def empty_platform(
    servers: Servers, tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config
) -> Iterator[Platform]:
    """With reference data and members only; its clock begins at the end of 2025."""
    serve_layer(pytestconfig, "integration", servers.backend)
    with started(servers, tmp_path_factory.mktemp("empty"), "--empty") as running:
        yield running
