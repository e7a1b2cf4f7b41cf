"""SQL of the command line: what it reads of a projection directly."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import asyncpg

    from nrem_shared.runtime.database import Connection


async def applied(conn: Connection) -> list[asyncpg.Record]:
    """Topic, partition, the journal position applied last, and the moment up to which nothing is missing."""
    return await conn.fetch("select topic, partition, position, fresh_at from projection.applied")
