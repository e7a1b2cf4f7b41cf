"""FastStream: naive, as its first page shows it, one message a transaction; and tuned, by batches."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import asyncpg
from faststream import FastStream
from faststream.kafka import KafkaBroker
from pydantic import BaseModel
from pydantic_core import from_json

from bench.peers.rows import INSERT, UNNEST, rows_of


class Event(BaseModel):
    subject: str
    revision: int
    data: dict[str, Any]


class _Progress:
    """Counts what is committed; the clock runs from the first record on."""

    def __init__(self, count: int) -> None:
        self._count, self._left, self._began = count, count, 0.0
        self.ended: asyncio.Future[float] = asyncio.get_running_loop().create_future()

    def begin(self) -> None:
        self._began = self._began or time.perf_counter()

    def commit(self, number: int) -> None:
        self._left -= number
        if self._left <= 0 and not self.ended.done():
            self.ended.set_result(time.perf_counter() - self._began)


async def naive(kafka: str, topic: str, group: str, database: str, count: int) -> dict[str, Any]:
    pool, progress = await asyncpg.create_pool(database, min_size=1), _Progress(count)
    broker = KafkaBroker(kafka, logger=None)

    @broker.subscriber(topic, group_id=group, auto_offset_reset="earliest")
    async def handle(event: Event) -> None:
        progress.begin()
        async with pool.acquire() as conn, conn.transaction():
            await conn.executemany(INSERT, rows_of({"data": event.data}))
        progress.commit(1)

    return await _run(broker, progress, pool)


async def tuned(kafka: str, topic: str, group: str, database: str, count: int) -> dict[str, Any]:
    pool, progress = await asyncpg.create_pool(database, min_size=1), _Progress(count)
    broker = KafkaBroker(kafka, logger=None)

    async def as_it_is(message: Any) -> Any:
        return message.body

    @broker.subscriber(
        topic, group_id=group, auto_offset_reset="earliest", batch=True, max_records=2000, batch_timeout_ms=20,
        max_partition_fetch_bytes=4 << 20, decoder=as_it_is,
    )  # fmt: skip
    async def handle(values: list[bytes]) -> None:
        progress.begin()
        rows = [row for value in values for row in rows_of(from_json(value))]
        async with pool.acquire() as conn, conn.transaction():
            await conn.execute(UNNEST, *(list(column) for column in zip(*rows, strict=True)))
        progress.commit(len(values))

    return await _run(broker, progress, pool)


async def _run(broker: KafkaBroker, progress: _Progress, pool: Any) -> dict[str, Any]:
    app = FastStream(broker, logger=None)
    await app.start()
    try:
        return {"seconds": await progress.ended}
    finally:
        await app.stop()
        await pool.close()
