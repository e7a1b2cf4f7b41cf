"""Whether two cases left the same rows."""

from __future__ import annotations

import hashlib

import asyncpg


async def observations(database: str) -> str:
    """A digest of all observations in order: the same for everybody who did the same work."""
    connection = await asyncpg.connect(database)
    digest, rows = hashlib.sha256(), 0
    try:
        async with connection.transaction():
            async for row in connection.cursor(
                """
                select period, member, version, indicator, dimension_key, dimensions::text, value, empty, comment
                  from projection.observation order by 1, 2, 3, 4, 5
                """,
                prefetch=5000,
            ):
                digest.update(repr(tuple(row)).encode())
                rows += 1
    finally:
        await connection.close()
    return f"{rows} rows, {digest.hexdigest()[:16]}"
