"""The platform in containers, once per session. It needs a Docker engine: collected where NREM_TEST_COMPOSE=1 only."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from compose.stack import Stack

ROOT = Path(__file__).resolve().parents[2]
ASKED_FOR = os.environ.get("NREM_TEST_COMPOSE") == "1"

collect_ignore_glob = [] if ASKED_FOR else ["test_running_*.py"]


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Everything, from empty volumes; reference data and members are loaded, no quarter is."""
    made = Stack(ROOT, f"nrem-test-{secrets.token_hex(3)}", tmp_path_factory.mktemp("secrets"))
    try:
        made.up()
        yield made
    finally:
        made.down()
