"""Kafka's limits with aiokafka: sending values from memory, counting what stands on a topic."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import asyncpg
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

ONE_AT_A_TIME = 500


async def produce(database: str, kafka: str, topic: str, count: int, pipelined: bool) -> dict[str, Any]:
    """Send the payloads of a journal, read beforehand: page by page with 256 kB batches, or one after the other."""
    values = await _values(database, count if pipelined else min(count, ONE_AT_A_TIME))
    producer = AIOKafkaProducer(
        bootstrap_servers=kafka, acks="all", enable_idempotence=True, linger_ms=0, max_batch_size=262_144
    )
    await producer.start()
    began = time.perf_counter()
    if pipelined:
        for first in range(0, len(values), 2000):
            page = values[first : first + 2000]
            await asyncio.gather(*[await producer.send(topic, value, key=key) for key, value in page])
    else:
        for key, value in values:
            await producer.send_and_wait(topic, value, key=key)
    seconds = time.perf_counter() - began
    await producer.stop()
    return {"seconds": seconds, "count": len(values)}


async def _values(database: str, count: int) -> list[tuple[bytes, bytes]]:
    connection = await asyncpg.connect(database)
    rows = await connection.fetch(
        """
        select subject, payload from facts.journal join facts.journal_payload using (position)
         order by position limit $1
        """,
        count,
    )
    await connection.close()
    # As long as a record of the platform is: its envelope has about 420 bytes.
    return [(row["subject"].encode(), row["payload"].encode() + b" " * 420) for row in rows]


async def count_records(kafka: str, topic: str) -> int:
    """How many records stand on a topic."""
    consumer = AIOKafkaConsumer(bootstrap_servers=kafka, enable_auto_commit=False)
    await consumer.start()
    try:
        partitions = [TopicPartition(topic, partition) for partition in consumer.partitions_for_topic(topic) or {0}]
        ends = await consumer.end_offsets(partitions)
        return int(sum(ends.values()))
    finally:
        await consumer.stop()
