"""The streams of a period as they are held."""

from __future__ import annotations

from nrem_shared.runtime.database import Connection
from nrem_statistics.completeness import store
from nrem_statistics.completeness.domain import Streams
from nrem_statistics.sources.store import PeriodRow


async def read_streams(conn: Connection, period: PeriodRow) -> Streams:
    """Who owes, and every version, decision and record not understood of one period."""
    return Streams(
        owes=period.owes,
        versions=await store.versions_of(conn, period.code),
        decisions=await store.decisions_of(conn, period.code),
        not_understood=await store.not_understood(conn, period.code),
    )
