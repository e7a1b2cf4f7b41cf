"""Creating topics: only `migrate` does it, never the broker by itself."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import TopicAlreadyExistsError

from nrem_shared.contracts.topics import TOPICS

if TYPE_CHECKING:
    from collections.abc import Collection

    from nrem_shared.runtime.settings import ServiceSettings


async def create_topics(settings: ServiceSettings) -> list[str]:
    """Create what is missing of the table of topics; returns the names created. Safe to repeat."""
    admin = AIOKafkaAdminClient(bootstrap_servers=settings.kafka_bootstrap, client_id=settings.kafka_client_id)
    await admin.start()
    try:
        present = set(await admin.list_topics())
        missing = [topic for topic in TOPICS.values() if settings.topic_prefix + topic.name not in present]
        if not missing:
            return []
        wanted = [
            NewTopic(
                name=settings.topic_prefix + topic.name,
                num_partitions=1 if topic.compacted else max(topic.partitions, settings.partitions),
                replication_factor=settings.replication,
                topic_configs=topic.configuration,
            )
            for topic in missing
        ]
        response = await admin.create_topics(wanted)
        for name, code, *message in response.topic_errors:
            if code not in (0, TopicAlreadyExistsError.errno):
                raise RuntimeError(f"Kafka did not create {name}: error {code} {message}")
        return [topic.name for topic in wanted]
    finally:
        await admin.close()


async def delete_topics(settings: ServiceSettings, names: Collection[str], seconds: float) -> None:
    """Delete topics of ours with everything on them; returns once they are gone. Raises TimeoutError.

    Kafka removes their files a little later (`file.delete.delay.ms`, one minute if not set otherwise).
    """
    admin = AIOKafkaAdminClient(bootstrap_servers=settings.kafka_bootstrap, client_id=settings.kafka_client_id)
    await admin.start()
    try:
        wanted = {settings.topic_prefix + name for name in names}
        present = wanted & set(await admin.list_topics())
        if present:
            await admin.delete_topics(sorted(present))
        async with asyncio.timeout(seconds):
            while wanted & set(await admin.list_topics()):
                await asyncio.sleep(0.2)
    finally:
        await admin.close()
