"""The statistics service's projection in a test: applying events, looking at the tables."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from integration.statistics.stream_events import demonstration_events, period_events, reference_events
from nrem_shared.runtime.database import Connection
from nrem_shared.runtime.projection.events import Event
from nrem_statistics.observations.handlers import apply
from nrem_statistics.quarters.domain import Quarter, compile_quarter
from nrem_statistics.quarters.reading import read_quarter, read_reference
from nrem_statistics.sources import handlers as sources
from nrem_statistics.sources import store

TABLES = (
    "submission_version",
    "submission_decision",
    "observation",
    "activity",
    "funding",
    "challenge",
    "submission_stream",
    "institution",
    "period",
    "period_closing",
    "reference",
)


async def apply_all(conn: Connection, events: Sequence[Event], batch: int = 500) -> None:
    """Submissions to their handler, in batches."""
    for start in range(0, len(events), batch):
        await apply(conn, events[start : start + batch])


async def load_demonstration(conn: Connection) -> None:
    """Everything of the demonstration quarters; submissions before what they are explained by."""
    await apply_all(conn, demonstration_events())
    await sources.apply_reference(conn, reference_events())
    await sources.apply_periods(conn, period_events())


async def dump(conn: Connection) -> dict[str, list[str]]:
    """Every row of every table, in an order of its own."""
    return {
        table: sorted(str(row[0]) for row in await conn.fetch(f"select to_jsonb(t)::text from projection.{table} t"))
        for table in TABLES
    }


async def quarter(conn: Connection, period: str, known_on: datetime, member: str | None = None) -> Quarter:
    """The quarter as the service compiles it."""
    row = await store.period(conn, period)
    assert row is not None
    rows = await read_quarter(conn, row, known_on, await read_reference(conn, known_on))
    return compile_quarter(rows, known_on, 5, member)


def numbers(figures: dict[str, Any]) -> dict[str, int | None]:
    """Figures as bare numbers."""
    return {code: figure.value for code, figure in figures.items()}
