"""An outbox by hand: FastAPI inserts, a relay woken by NOTIFY or polling sends, a bare consumer writes the row."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import asyncpg
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from fastapi import FastAPI

from bench.peers.web import Content
from bench.services import listening

TABLES = """
create table outbox (id bigint generated always as identity primary key, key text not null, payload text not null);
create table seen (key text primary key, payload jsonb not null);
"""


@asynccontextmanager
async def outbox(database: str, kafka: str, topic: str, poll: float) -> AsyncIterator[dict[str, Any]]:
    """Everything in one process; `poll` 0 = woken by NOTIFY."""
    async with asyncpg.create_pool(database, min_size=4) as pool:
        await pool.execute(TABLES)
        app = FastAPI(openapi_url=None)

        @app.post("/api/periods/{period}/submissions/{member}", status_code=201)
        async def submit(period: str, member: str, content: Content) -> dict[str, Any]:
            statement = "with i as (insert into outbox (key, payload) values ($1, $2)) select pg_notify('outbox', '')"
            await pool.execute(statement, f"submission/{period}/{member}", content.model_dump_json())
            return {"period": period, "member": member}

        tasks = [
            asyncio.create_task(_relay(database, kafka, topic, poll)),
            asyncio.create_task(_consume(database, kafka, topic)),
        ]
        async with listening(app) as port:
            yield {"port": port}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _relay(database: str, kafka: str, topic: str, poll: float) -> None:
    conn, wake = await asyncpg.connect(database), asyncio.Event()
    await conn.add_listener("outbox", lambda *_: wake.set())
    async with AIOKafkaProducer(bootstrap_servers=kafka, acks="all", enable_idempotence=True, linger_ms=0) as producer:
        while True:
            wake.clear()
            rows = await conn.fetch("select id, key, payload from outbox order by id limit 500")
            await asyncio.gather(
                *[await producer.send(topic, row["payload"].encode(), key=row["key"].encode()) for row in rows]
            )
            if rows:  # by their names: a smaller number may be committed after a larger one
                await conn.execute("delete from outbox where id = any($1)", [row["id"] for row in rows])
            if poll:
                await asyncio.sleep(poll)
            else:
                with suppress(TimeoutError):
                    await asyncio.wait_for(wake.wait(), 1)


async def _consume(database: str, kafka: str, topic: str) -> None:
    conn = await asyncpg.connect(database)
    statement = "insert into seen (key, payload) values ($1, $2) on conflict do nothing"
    consumer = AIOKafkaConsumer(topic, bootstrap_servers=kafka, auto_offset_reset="earliest", metadata_max_age_ms=1000)
    async with consumer:  # a topic just made may not be known yet
        while True:
            for records in (await consumer.getmany(timeout_ms=1000)).values():
                async with conn.transaction():
                    await conn.executemany(statement, [(one.key.decode(), one.value.decode()) for one in records])
                    await conn.execute("select pg_notify('projected', '')")


async def seen(conn: Any, key: str) -> bool:
    """Whether the row is there."""
    return bool(await conn.fetchval("select exists (select from seen where key = $1)", key))
