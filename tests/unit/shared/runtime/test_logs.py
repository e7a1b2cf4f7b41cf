"""What must not be logged is not logged."""

from __future__ import annotations

import io
import json
import logging

import asyncpg
import pytest
import structlog

from nrem_shared.runtime.logs import configure_logs, logger


@pytest.fixture
def stream():
    before = structlog.get_config()
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    written = io.StringIO()
    configure_logs("INFO", written)
    yield written
    structlog.configure(**before)
    root.handlers[:], root.level = handlers, level


def test_a_database_error_is_logged_without_the_row(stream: io.StringIO) -> None:
    error = asyncpg.CheckViolationError.new(
        {"S": "ERROR", "C": "23514", "M": "violates a constraint", "D": "Failing row contains (Marker-71)."}
    )
    try:
        raise error
    except asyncpg.PostgresError as caught:
        logger("test").error("unexpected error", error=repr(caught), detail=str(caught), exc_info=caught)
    line = json.loads(stream.getvalue())
    assert "Marker-71" not in stream.getvalue()
    assert "violates a constraint" in line["detail"]
