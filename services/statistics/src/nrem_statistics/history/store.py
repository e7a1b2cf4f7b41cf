"""The historical series this service recorded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from nrem_shared.contracts.history import HistoryRecorded
from nrem_shared.runtime.database import Connection


@dataclass(frozen=True, slots=True)
class SeriesRow:
    """The newest revision of one series."""

    revision: int
    recorded_at: datetime
    document: HistoryRecorded


async def insert(conn: Connection, revision: int, recorded_at: datetime, document: HistoryRecorded) -> None:
    """Add a revision of a series."""
    await conn.execute(
        "insert into facts.history (series, revision, recorded_at, document) values ($1, $2, $3, $4::text::jsonb)",
        document.series,
        revision,
        recorded_at,
        document.model_dump_json(),
    )


async def documents(conn: Connection, series: str) -> list[Any]:
    """What each revision of a series says, in order."""
    rows = await conn.fetch("select document from facts.history where series = $1 order by revision", series)
    return [row["document"] for row in rows]


async def newest(conn: Connection) -> list[SeriesRow]:
    """Every series as it is known now."""
    found = await conn.fetch(
        """
        select distinct on (series) revision, recorded_at, document::text as document
          from facts.history order by series, revision desc
        """
    )
    return [
        SeriesRow(row["revision"], row["recorded_at"], HistoryRecorded.model_validate_json(row["document"]))
        for row in found
    ]
