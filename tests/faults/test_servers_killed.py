"""Kafka and PostgreSQL killed under load, twice each, and back: everything is as it was told."""

from __future__ import annotations

import time

import pytest

from faults.load import Load

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_kafka_killed_twice(installation, people, new_stream, equality) -> None:
    async with Load(people, [new_stream() for _ in range(5)], seed=1, meeting="M-kafka") as load:
        for _ in range(2):
            await load.steps(10)
            await installation.kill_kafka()
            await load.steps(10)  # nobody who reports needs the bus
            await installation.kafka.start()
            back = time.monotonic()
            await installation.fresh(120)
            print(f"everybody fresh again {time.monotonic() - back:.1f} s after the broker was back")
    await equality.holds(90)


async def test_postgres_killed_twice(installation, people, new_stream, equality) -> None:
    async with Load(people, [new_stream() for _ in range(5)], seed=2, meeting="M-postgres") as load:
        for _ in range(2):
            await load.steps(10)
            await installation.kill_postgres()
            await installation.postgres.start()
            await load.steps(10)
    await equality.holds(90)
