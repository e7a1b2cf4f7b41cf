"""SQL of the commands that look after an installation."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import asyncpg

    from nrem_shared.runtime.database import Connection


async def read_places(conn: Connection, topics: Sequence[str]) -> list[asyncpg.Record]:
    """Topic, partition, position applied, next offset, topic id."""
    return await conn.fetch(
        """
        select topic, partition, position, next_offset, topic_id
          from projection.applied where topic = any($1::text[]) order by topic, partition
        """,
        list(topics),
    )


async def gaps(conn: Connection) -> list[asyncpg.Record]:
    """Topic, partition, after, before of each gap."""
    return await conn.fetch("select topic, partition, after, before from projection.gap order by 1, 2, 4")
