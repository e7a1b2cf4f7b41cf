"""The limit of the projection's write: the same rows from memory by unnest, a thousand events a transaction."""

from __future__ import annotations

import time
from typing import Any

import asyncpg
from pydantic_core import from_json

from bench.peers.rows import UNNEST, rows_of


async def write(source: str, database: str, count: int) -> dict[str, Any]:
    """Rows made beforehand of the journal in `source`."""
    reading = await asyncpg.connect(source)
    payloads = await reading.fetch("select payload from facts.journal_payload order by position limit $1", count)
    await reading.close()
    events = [rows_of({"data": from_json(row["payload"])}) for row in payloads]
    batches = [
        [list(column) for column in zip(*(row for rows in events[first : first + 1000] for row in rows), strict=True)]
        for first in range(0, len(events), 1000)
    ]
    conn = await asyncpg.connect(database)
    began = time.perf_counter()
    for batch in batches:
        async with conn.transaction():
            await conn.execute(UNNEST, *batch)
    seconds = time.perf_counter() - began
    await conn.close()
    return {"seconds": seconds}
