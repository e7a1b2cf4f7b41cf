"""Restarts, rebuilds, broken connections, several consumers, a killed broker: nothing is lost or doubled."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from contextlib import AsyncExitStack

import asyncpg
import pytest

from nrem_embedded.servers import Kafka
from nrem_shared.contracts.topics import MEMBERS
from nrem_shared.runtime.database import TRANSIENT
from nrem_shared.runtime.migrate import recreate_projection
from nrem_shared.runtime.projection import store
from nrem_shared.runtime.topics import create_topics
from support.bus import delete_topics, send_raw
from support.echo import blueprint
from support.eventually import eventually, stays
from support.journals import record_labels
from support.projections import Label
from support.records import CODES, Journal, on_topic, some_labels
from support.running import running


async def test_a_consumer_that_starts_again_goes_on_where_the_projection_stands(settings_for, opened) -> None:
    settings = await settings_for("echo", partitions=4)
    projection = await opened(settings)
    journal = Journal(4)
    labels, records = some_labels(journal, range(1, 4))
    await send_raw(settings, *on_topic(records))
    async with running(blueprint(), settings, ["consume"]):
        await projection.has(labels)
    # As after a restore: the projection is older than the offsets that Kafka keeps for the group.
    await projection.conn.execute("delete from projection.label_version where revision = 3")
    for partition in range(4):
        known = max((one.position for one in records[:12] if one.partition == partition), default=0)
        await projection.conn.execute(
            "update projection.applied set position = $1, next_offset = 0 where topic = $2 and partition = $3",
            known, MEMBERS, partition,
        )  # fmt: skip
    async with running(blueprint(), settings, ["consume"]):
        await projection.has(labels)
        more, records = some_labels(journal, range(4, 6))
        await send_raw(settings, *on_topic(records))
        await projection.has(labels + more)


@pytest.mark.parametrize("partitions", [1, 4])
async def test_a_rebuild_while_running_starts_over_and_ends_with_the_same_table(
    settings_for, database, opened, partitions: int
) -> None:
    own = await database("echo")
    settings = await settings_for("echo", partitions=partitions, database=own)
    projection = await opened(settings)
    journal = Journal(partitions)
    labels, records = some_labels(journal, range(1, 31))
    async with running(blueprint(), settings, ["api", "consume"]) as echo:
        await send_raw(settings, *on_topic(records))
        await projection.has(labels)
        for number in range(3):
            more, records = some_labels(journal, range(31 + 5 * number, 36 + 5 * number))
            sending = asyncio.create_task(send_raw(settings, *on_topic(records[:-1])))
            reading = asyncio.gather(*(echo.client.get("/api/labels/a") for _ in range(20)))
            await recreate_projection(own.owner_url, own.package, own.app_role)
            await sending
            assert {answer.status_code for answer in await reading} <= {200, 404}
            # Something new wakes a consumer whose place was dropped: here this, else the relays' heartbeats.
            await send_raw(settings, *on_topic(records[-1:]))
            labels += more
            await projection.has(labels)
        assert (await projection.gaps(), await projection.letters()) == ([], [])


async def test_a_rebuild_gets_through_beside_readers_that_hold_tables_in_another_order(database) -> None:
    own = await database("echo")
    reader = await own.connect()
    try:
        transaction = reader.transaction()
        await transaction.start()
        await reader.fetch("select * from projection.label_version")
        rebuilding = asyncio.create_task(recreate_projection(own.owner_url, own.package, own.app_role))
        await stays(lambda: not rebuilding.done(), seconds=0.2)
        # The rebuild holds this and waits for the reader: the database lets one of the two go.
        with contextlib.suppress(asyncpg.DeadlockDetectedError):
            await reader.fetch("select * from projection.generation")
        await transaction.rollback()
        await rebuilding
    finally:
        await reader.close()


async def test_connections_cut_in_the_middle_lose_nothing(settings_for, database, opened) -> None:
    own = await database("echo")
    settings = await settings_for("echo", partitions=4, database=own)
    labels: list[Label] = []
    async with running(blueprint(), settings) as echo:
        for revision in range(1, 9):
            new = [(code, revision, f"{code}{revision}") for code in CODES]
            await eventually(lambda new=new: recorded(echo.runtime.journal, new))
            labels += new
            await own.cut_connections()
        projection = await opened(settings)
        await projection.has(labels)
        assert (await projection.gaps(), await projection.letters()) == ([], [])
        assert echo.runtime.ended is None


async def recorded(journal, labels: Sequence[Label]) -> bool:
    """Record all or nothing; False where the connection was cut."""
    try:
        await record_labels(journal, *labels, each=False)
    except TRANSIENT:
        return False
    return True


async def test_consumers_of_one_group_share_the_partitions_and_lose_nothing(settings_for, opened) -> None:
    settings = await settings_for("echo", partitions=4, heartbeat_seconds=0.05)
    projection = await opened(settings)
    labels = [(code, revision, f"{code}{revision}") for revision in range(1, 41) for code in CODES]
    quarter = len(labels) // 4
    async with AsyncExitStack() as stack:
        first = await stack.enter_async_context(running(blueprint(), settings))
        await record_labels(first.runtime.journal, *labels[:quarter])
        async with running(blueprint(), settings, ["consume"]) as second:
            await record_labels(first.runtime.journal, *labels[quarter : 2 * quarter])
            await eventually(lambda: second.service.registry.get_sample_value(
                "nrem_projection_applied_total", {"topic": MEMBERS}) or assigned(second) > 0)  # fmt: skip
            await record_labels(first.runtime.journal, *labels[2 * quarter : 3 * quarter])
        await record_labels(first.runtime.journal, *labels[3 * quarter :])
        await projection.has(labels)
        assert (await projection.gaps(), await projection.letters()) == ([], [])

        async def nothing_behind() -> bool:
            return await store.behind(projection.conn, [MEMBERS]) == 0

        await eventually(nothing_behind)


def assigned(service) -> int:
    """How many topic-partitions its consumer has been given."""
    subscriber = service.runtime.consumer._subscriber
    return len(subscriber.consumer.assignment()) if subscriber and subscriber.consumer else 0


async def test_a_consumer_that_starts_before_kafka_and_its_topics_begins_when_they_are_there(
    settings_for, opened, tmp_path
) -> None:
    kafka = Kafka(tmp_path)
    await kafka.start()
    bootstrap = kafka.bootstrap
    try:
        settings = await settings_for("echo", kafka_bootstrap=bootstrap)
        projection = await opened(settings)
        await delete_topics(bootstrap, settings.topic_prefix)
        await kafka.stop()
        async with running(blueprint(), settings) as echo:
            await record_labels(echo.runtime.journal, ("a", 1, "a1"))
            await stays(lambda: echo.runtime.ended is None, seconds=0.5)
            await kafka.start()
            await stays(lambda: echo.runtime.ended is None, seconds=0.5)
            await create_topics(settings)
            await projection.has([("a", 1, "a1")], seconds=30)
            assert echo.runtime.ended is None
    finally:
        await kafka.stop()


async def test_a_broker_killed_under_load_and_back_again_loses_and_doubles_nothing(
    settings_for, opened, tmp_path
) -> None:
    kafka = Kafka(tmp_path)
    await kafka.start()
    try:
        settings = await settings_for("echo", partitions=4, kafka_bootstrap=kafka.bootstrap)
        projection = await opened(settings)
        labels = [(code, revision, f"{code}{revision}") for revision in range(1, 21) for code in CODES]
        async with running(blueprint(), settings) as echo:
            await record_labels(echo.runtime.journal, *labels[:40])
            writing = asyncio.create_task(record_labels(echo.runtime.journal, *labels[40:]))
            kafka._process._process.kill()
            await writing
            await kafka.start()
            await projection.has(labels, seconds=40)
            assert (await projection.gaps(), await projection.letters()) == ([], [])
    finally:
        await kafka.stop()
