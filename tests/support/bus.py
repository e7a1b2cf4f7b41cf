"""Fresh topics per test, and looking at what stands on them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

if TYPE_CHECKING:
    from aiokafka import ConsumerRecord

    from nrem_shared.runtime.settings import ServiceSettings


async def delete_topics(bootstrap: str, prefix: str) -> None:
    """Delete every topic whose name begins with `prefix`."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        mine = [name for name in await admin.list_topics() if name.startswith(prefix)]
        if mine:
            await admin.delete_topics(mine)
    finally:
        await admin.close()


async def send_raw(settings: ServiceSettings, *records: tuple[str, int, bytes | None, bytes | None]) -> None:
    """Put records (topic without prefix, partition, key, value) on the bus as they are, in order."""
    producer = AIOKafkaProducer(bootstrap_servers=settings.kafka_bootstrap, acks="all", enable_idempotence=True)
    await producer.start()
    try:
        sent = [
            await producer.send(settings.topic_prefix + topic, value, key=key, partition=partition)
            for topic, partition, key, value in records
        ]
        for future in sent:
            await future
    finally:
        await producer.stop()


async def read_all(settings: ServiceSettings, topic: str) -> list[ConsumerRecord[bytes, bytes]]:
    """Everything that stands on a topic now, partition by partition in order."""
    name = settings.topic_prefix + topic
    consumer = AIOKafkaConsumer(
        bootstrap_servers=settings.kafka_bootstrap, enable_auto_commit=False, auto_offset_reset="earliest"
    )
    await consumer.start()
    try:
        partitions = [TopicPartition(name, p) for p in sorted(await consumer._client._wait_on_metadata(name))]
        ends = await consumer.end_offsets(partitions)
        consumer.assign(partitions)
        records: list[ConsumerRecord[bytes, bytes]] = []
        for place, end in ends.items():
            while await consumer.position(place) < end:
                for batch in (await consumer.getmany(timeout_ms=200)).values():
                    records.extend(batch)
        return sorted(records, key=lambda record: (record.partition, record.offset))
    finally:
        await consumer.stop()


async def read_events(settings: ServiceSettings, topic: str) -> list[dict[str, Any]]:
    """The envelopes on a topic, partition by partition in order; tombstones are left out."""
    return [json.loads(record.value) for record in await read_all(settings, topic) if record.value is not None]
