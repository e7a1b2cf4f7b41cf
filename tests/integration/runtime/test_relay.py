"""The relay: every fact reaches its topic, in order, and what is sent twice is the same twice."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from nrem_embedded.servers import Kafka
from nrem_shared.contracts.topics import HEARTBEATS, MEMBERS
from nrem_shared.runtime.journal import Fact
from nrem_shared.runtime.journal.writing import MAX_PAYLOAD
from nrem_shared.runtime.relay import partition_of
from nrem_shared.runtime.relay_marks import forget_marks, read_marks
from nrem_shared.runtime.topics import create_topics
from support.bus import delete_topics, read_all, read_events
from support.echo import blueprint
from support.echo.api import label_fact, registered
from support.eventually import eventually, stays
from support.journals import BY_TEST, record_labels
from support.running import Running, running

CODES = "abcdefgh"
DECIDES_ONLY = blueprint(projects={})
LABELS = [(code, revision, f"{code}{revision}") for revision in range(1, 6) for code in CODES]


async def relayed(service: Running, position: int) -> None:
    """Wait until everything up to a journal position is sent and marked."""

    async def marked() -> bool:
        async with service.runtime.pool.acquire() as conn:
            return (await read_marks(conn)).journal >= position

    await eventually(marked, what=f"relayed up to {position}")


def check_chain(events: Sequence[dict[str, Any]], partitions: int) -> None:
    """Each record names the one before it on its partition."""
    previous: dict[int, int] = {}
    for event in events:
        partition = partition_of(event["subject"].encode(), partitions)
        assert event["prev"] == previous.get(partition, 0)
        previous[partition] = event["position"]


@pytest.mark.parametrize("partitions", [1, 4])
async def test_everything_arrives_once_and_in_order(settings_for, partitions: int) -> None:
    settings = await settings_for("echo", partitions=partitions)
    async with running(DECIDES_ONLY, settings, ["relay"]) as echo:
        await record_labels(echo.runtime.journal, *LABELS)
        await relayed(echo, len(LABELS))
    records = await read_all(settings, MEMBERS)
    events = [json.loads(record.value) for record in records]
    assert sorted(event["position"] for event in events) == list(range(1, len(LABELS) + 1))
    assert len({record.partition for record in records}) > (partitions > 1)
    for record, event in zip(records, events, strict=True):
        assert record.key.decode() == event["subject"]
        assert record.partition == partition_of(record.key, partitions)
    for code in CODES:
        of_stream = [event for event in events if event["subject"] == f"member/{code}"]
        assert [event["revision"] for event in of_stream] == [1, 2, 3, 4, 5]
        assert [event["data"]["abbreviation"] for event in of_stream] == [f"{code}{n}" for n in range(1, 6)]
    check_chain(events, partitions)


async def test_a_large_backlog_is_sent_page_by_page(settings_for) -> None:
    settings = await settings_for("echo", partitions=4)
    labels = [(code, revision, "x") for code in CODES for revision in range(1, 201)]
    async with running(DECIDES_ONLY, settings, []) as echo:
        await record_labels(echo.runtime.journal, *labels, each=False)
    async with running(DECIDES_ONLY, settings, ["relay"]) as echo:
        await relayed(echo, len(labels))
    events = await read_events(settings, MEMBERS)
    assert sorted(event["position"] for event in events) == list(range(1, len(labels) + 1))
    check_chain(events, 4)


@pytest.mark.parametrize("partitions", [1, 4])
async def test_a_crash_between_acknowledgement_and_mark_repeats_the_same_records(settings_for, partitions) -> None:
    settings = await settings_for("echo", partitions=partitions)
    async with running(DECIDES_ONLY, settings, ["relay"]) as echo:
        await record_labels(echo.runtime.journal, *LABELS[:8], each=False)
        await relayed(echo, 8)
    async with running(DECIDES_ONLY, settings, []) as echo:
        # What a crash right after Kafka's acknowledgement leaves: the records, and no mark of them.
        await forget_marks(echo.runtime.pool)
    async with running(DECIDES_ONLY, settings, ["relay"]) as echo:
        await record_labels(echo.runtime.journal, *LABELS[8:16], each=False)
        await relayed(echo, 16)
    events = await read_events(settings, MEMBERS)
    first = {event["position"]: event for event in reversed(events)}
    assert sorted(event["position"] for event in events) == sorted([*range(1, 9), *range(1, 17)])
    assert all(event == first[event["position"]] for event in events)
    check_chain(sorted(first.values(), key=lambda event: event["position"]), partitions)


async def test_of_two_relays_one_is_active_and_the_other_takes_over(settings_for) -> None:
    settings = await settings_for("echo", fallback_poll_seconds=0.1)
    active = "nrem_relay_active"
    async with running(DECIDES_ONLY, settings, ["relay"]) as second:
        async with running(DECIDES_ONLY, settings, ["relay"]) as first:
            both = [first.service.registry, second.service.registry]
            await eventually(lambda: sum(registry.get_sample_value(active) for registry in both) == 1)
            await record_labels(first.runtime.journal, *LABELS[:20])
            await relayed(first, 20)
            await stays(lambda: sum(registry.get_sample_value(active) for registry in both) == 1, seconds=0.5)
        await eventually(lambda: second.service.registry.get_sample_value(active) == 1)
        await record_labels(second.runtime.journal, *LABELS[20:])
        await relayed(second, len(LABELS))
    events = await read_events(settings, MEMBERS)
    assert [event["position"] for event in events] == list(range(1, len(LABELS) + 1))


async def test_a_command_wakes_the_relay(settings_for) -> None:
    settings = await settings_for("echo", fallback_poll_seconds=60, heartbeat_seconds=60)
    async with running(DECIDES_ONLY, settings, ["relay"]) as echo:
        await eventually(lambda: echo.service.registry.get_sample_value("nrem_relay_active") == 1)
        for number, label in enumerate(LABELS[:3], start=1):
            await record_labels(echo.runtime.journal, label)
            await relayed(echo, number)


async def test_a_row_that_woke_nobody_is_found_by_looking(settings_for) -> None:
    settings = await settings_for("echo", fallback_poll_seconds=0.2, heartbeat_seconds=60)
    async with running(DECIDES_ONLY, settings, ["relay"]) as echo:
        await eventually(lambda: echo.service.registry.get_sample_value("nrem_relay_active") == 1)
        await record_labels(echo.runtime.journal, ("a", 1, "a1"))
        await relayed(echo, 1)
        # The same row once more under the next position, without the notification that `append` sends.
        await echo.runtime.pool.execute(
            """
            with row as (
                insert into facts.journal select 2, gen_random_uuid(), type, subject, 2, recorded_at, actor,
                       correlation_id, causation_id, payload_hash, redacts, hash, sha256('x') from facts.journal
                returning position)
            insert into facts.journal_payload select 2, salt, payload from facts.journal_payload
            """
        )
        await relayed(echo, 2)


async def test_heartbeats_carry_the_mark_of_each_partition(settings_for) -> None:
    settings = await settings_for("echo", partitions=4, heartbeat_seconds=0.1)
    async with running(DECIDES_ONLY, settings, ["relay"]) as echo:
        await record_labels(echo.runtime.journal, *LABELS[:8])
        await relayed(echo, 8)

        async def beaten() -> dict[str, Any]:
            beats = await read_events(settings, HEARTBEATS)
            assert beats
            newest = max(beats, key=lambda beat: beat["data"]["sent_at"])["data"]
            marks = {m["partition"]: m["position"] for m in newest["marks"] if m["topic"] == MEMBERS}
            assert max(marks.values()) == 8
            return marks

        marks = await eventually(beaten)
    expected: dict[int, int] = dict.fromkeys(range(4), 0)
    for event in await read_events(settings, MEMBERS):
        expected[partition_of(event["subject"].encode(), 4)] = event["position"]
    assert marks == expected


async def test_what_an_enricher_erases_becomes_a_tombstone_that_says_its_place(settings_for) -> None:
    async def erase_b(_conn: object, rows: Sequence[Any]) -> dict[int, str | None]:
        return {row["position"]: None for row in rows if row["subject"] == "member/b"}

    settings = await settings_for("echo")
    async with running(replace(DECIDES_ONLY, enrichers={MEMBERS: erase_b}), settings, ["relay"]) as echo:
        await record_labels(echo.runtime.journal, ("a", 1, "a1"), ("b", 1, "b1"), ("a", 2, "a2"))
        await relayed(echo, 3)
    first, erased, last = await read_all(settings, MEMBERS)
    assert (erased.key, erased.value) == (b"member/b", None)
    assert dict(erased.headers) == {"revision": b"1", "position": b"2", "prev": b"1"}
    assert json.loads(first.value)["prev"] == 0
    assert json.loads(last.value)["prev"] == 2


async def test_the_largest_fact_passes(settings_for) -> None:
    settings = await settings_for("echo")
    small = registered("a", "x")
    text = "ā" * ((MAX_PAYLOAD - len(small.model_dump_json())) // 2)
    async with running(DECIDES_ONLY, settings, ["relay"]) as echo:
        async with echo.runtime.journal.writing(BY_TEST) as writing:
            large = small.model_copy(update={"abbreviation": text})
            writing.record(Fact("nrem.institution.registered.v1", "member/a", 1, large), label_fact("b", 1, "after"))
        await relayed(echo, 2)
    [first, _] = await read_events(settings, MEMBERS)
    assert first["data"]["abbreviation"] == text


async def test_a_relay_that_starts_before_its_topics_begins_when_they_are_there(settings_for, servers) -> None:
    settings = await settings_for("echo")
    await delete_topics(servers.kafka, settings.topic_prefix)
    async with running(DECIDES_ONLY, settings, ["relay"]) as echo:
        await record_labels(echo.runtime.journal, ("a", 1, "a1"))
        await stays(lambda: echo.service.registry.get_sample_value("nrem_relay_active") == 0, seconds=0.5)
        await create_topics(settings)
        await relayed(echo, 1)


async def test_nothing_is_lost_when_the_broker_is_killed_and_comes_back(settings_for, tmp_path) -> None:
    kafka = Kafka(tmp_path)
    await kafka.start()
    try:
        settings = await settings_for("echo", kafka_bootstrap=kafka.bootstrap)
        async with running(DECIDES_ONLY, settings, ["relay"]) as echo:
            await record_labels(echo.runtime.journal, *LABELS[:10])
            await relayed(echo, 10)
            writing = asyncio.create_task(record_labels(echo.runtime.journal, *LABELS[10:30]))
            kafka._process._process.kill()
            await writing
            await kafka.start()
            await record_labels(echo.runtime.journal, *LABELS[30:])
            await relayed(echo, len(LABELS))
        events = await read_events(settings, MEMBERS)
    finally:
        await kafka.stop()
    assert list(dict.fromkeys(event["position"] for event in events)) == list(range(1, len(LABELS) + 1))
