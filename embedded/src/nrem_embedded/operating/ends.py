"""How much of each topic-partition Kafka still has."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from nrem_shared.runtime.topic_ids import Found

if TYPE_CHECKING:
    from aiokafka import ConsumerRecord

    from nrem_shared.runtime.settings import ServiceSettings

Place = tuple[str, int]
_TIMEOUT = 10_000  # ms


@dataclass(frozen=True, slots=True)
class Extent:
    """Offsets of the first record and after the last one; `prev` of the first record, null where there is none."""

    first: int
    end: int
    prev: int | None


async def extents(
    settings: ServiceSettings, topics: dict[str, Found], look_into: Collection[str]
) -> dict[Place, Extent]:
    """Topic-partition → its extent, for topics that are there; `look_into` are those whose first record is read.

    Raises ConnectionError where Kafka does not answer.
    """
    prefix = settings.topic_prefix
    places = [TopicPartition(prefix + name, part) for name, found in topics.items() for part in range(found.partitions)]
    if not places:
        return {}
    consumer = AIOKafkaConsumer(
        bootstrap_servers=settings.kafka_bootstrap,
        client_id=settings.kafka_client_id,
        enable_auto_commit=False,
        request_timeout_ms=_TIMEOUT,
    )
    try:
        await consumer.start()
        consumer.assign(places)
        first, ends = await consumer.beginning_offsets(places), await consumer.end_offsets(places)
        wanted = [p for p in places if p.topic.removeprefix(prefix) in look_into and first[p] < ends[p]]
        prevs = {place: await _prev(consumer, place, first[place]) for place in wanted}
    except (KafkaError, OSError, TimeoutError) as error:
        raise ConnectionError(f"Kafka does not answer: {error!r}") from error
    finally:
        await consumer.stop()
    return {(p.topic.removeprefix(prefix), p.partition): Extent(first[p], ends[p], prevs.get(p)) for p in places}


async def _prev(consumer: AIOKafkaConsumer, place: TopicPartition, offset: int) -> int | None:
    """What the first record says it follows; null for one that says nothing."""
    consumer.seek(place, offset)
    batches: dict[TopicPartition, list[ConsumerRecord[bytes, bytes]]]
    for _ in range(10):
        batches = await consumer.getmany(place, timeout_ms=1000, max_records=1)
        for record in batches.get(place, ()):
            return _said(record)
    return None


def _said(record: Any) -> int | None:
    try:
        if record.value is None:
            return int(dict(record.headers)["prev"])
        return int(json.loads(record.value)["prev"])
    except (KeyError, TypeError, ValueError):
        return None
