"""A record that Kafka lost is noticed by the next one; sent again by the relay, it closes the gap."""

from __future__ import annotations

import pytest
from aiokafka import TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, RecordsToDelete

from faults.conftest import Spoilt
from nrem_shared.contracts.topics import SUBMISSIONS
from nrem_shared.runtime.relay import partition_of
from nrem_shared.runtime.relay_marks import forget_marks
from support.bus import read_all
from support.eventually import eventually

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_truncated_partition_is_a_gap_and_what_has_a_gap_is_not_fresh(spoilt: Spoilt) -> None:
    installation, stream = spoilt.installation, spoilt.new_stream()
    consumer, relay = installation.roles["statistics:consume"], installation.roles["intake:relay"]
    partition = partition_of(stream.subject.encode(), 4)
    await consumer.stop()
    await spoilt.people.submit(stream, {"ABROAD_SUPPORT": 1})
    await eventually(lambda: stands(spoilt, stream.subject, 1), seconds=20)
    records = await read_all(installation.settings("intake"), SUBMISSIONS)
    await truncate(spoilt, partition, 1 + max(one.offset for one in records if one.partition == partition))
    await spoilt.people.accept(stream)
    await consumer.start()

    async def noticed() -> bool:
        status = (await spoilt.people.ask("statistics", "/api/operations/status", "iem", None)).json()
        return status["gaps"] == 1 and await consumer.metric("nrem_projection_gaps") == 1

    await eventually(noticed, seconds=40)
    connection = await installation.databases["statistics"].connect()
    intake = await installation.databases["intake"].connect()
    try:
        gap = await connection.fetchrow("select topic, partition from projection.gap")
        assert tuple(gap) == (SUBMISSIONS, partition)
        relay.kill()
        await forget_marks(intake)
        await relay.start()

        async def closed() -> bool:
            return not await connection.fetch("select from projection.gap")

        await eventually(closed, seconds=40)
    finally:
        await connection.close()
        await intake.close()
    await spoilt.equality.holds()


async def stands(spoilt: Spoilt, subject: str, records: int) -> bool:
    """Whether so many records of a stream are on the bus."""
    found = await read_all(spoilt.installation.settings("intake"), SUBMISSIONS)
    return sum(record.key == subject.encode() for record in found) == records


async def truncate(spoilt: Spoilt, partition: int, before: int) -> None:
    """Delete everything that stands on a partition of submissions before an offset."""
    admin = AIOKafkaAdminClient(bootstrap_servers=spoilt.installation.kafka.bootstrap)
    await admin.start()
    try:
        await admin.delete_records({TopicPartition(SUBMISSIONS, partition): RecordsToDelete(before_offset=before)})
    finally:
        await admin.close()
