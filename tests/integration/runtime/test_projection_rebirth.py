"""A topic is deleted and made again: places read in the one are not taken for places in the other."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiokafka.admin import AIOKafkaAdminClient

from nrem_shared.contracts.topics import MEMBERS
from nrem_shared.runtime.projection import problem_store
from nrem_shared.runtime.projection.places import Partition, take_up
from nrem_shared.runtime.settings import ServiceSettings
from nrem_shared.runtime.topic_ids import ask_bus
from nrem_shared.runtime.topics import create_topics
from support.bus import send_raw
from support.echo import blueprint
from support.eventually import eventually
from support.projections import Label, Projection
from support.records import Journal, Sent, on_topic
from support.running import running

GARBAGE = Sent(0, b"member/x", b"no envelope")


@pytest.fixture
async def settings(settings_for: Any) -> ServiceSettings:
    made: ServiceSettings = await settings_for("echo")
    return made


@pytest.fixture
async def projection(settings: ServiceSettings) -> AsyncIterator[Projection]:
    opened = await Projection.open(settings)
    yield opened
    await opened.conn.close()


async def born_anew(settings: ServiceSettings, partitions: int = 1) -> None:
    """The topic is deleted, and made again by the same name."""
    before = (await ask_bus(settings, [MEMBERS])).topics[MEMBERS]
    admin = AIOKafkaAdminClient(bootstrap_servers=settings.kafka_bootstrap)
    await admin.start()
    try:
        await admin.delete_topics([settings.topic_prefix + MEMBERS])
    finally:
        await admin.close()

    async def gone() -> bool:
        return MEMBERS not in (await ask_bus(settings, [MEMBERS])).topics

    await eventually(gone)
    assert await create_topics(settings.model_copy(update={"partitions": partitions})) == [
        settings.topic_prefix + MEMBERS
    ]

    async def there() -> bool:
        found = (await ask_bus(settings, [MEMBERS])).topics.get(MEMBERS)
        return found is not None and found.id != before.id and found.partitions == partitions

    await eventually(there)


def labels(journal: Journal, *codes: str) -> tuple[list[Sent], list[Label]]:
    """First revisions, and the table they make."""
    return [journal.label(code, 1, f"{code}1") for code in codes], [(code, 1, f"{code}1") for code in codes]


async def test_what_was_missed_comes_although_the_new_topic_is_longer_than_the_old_one(settings, projection) -> None:
    journal = Journal()
    first, table = labels(journal, "a", "b", "c")
    async with running(blueprint(), settings, ["consume"]):
        await send_raw(settings, *on_topic(first))
        await projection.has(table)
    later, rest = labels(journal, "d", "e", "f")
    await born_anew(settings)
    # The place read up to is 3. In the new topic what was missed stands before it, for others stand behind it.
    await send_raw(settings, *on_topic([first[2], *later, *first]))
    async with running(blueprint(), settings, ["consume"]) as echo:
        await projection.has(table + rest)
        assert await projection.gaps() == []
        assert (await projection.applied())[(MEMBERS, 0)] == (6, 7)
        duplicates = echo.service.registry.get_sample_value
        assert duplicates("nrem_projection_duplicates_total", {"topic": MEMBERS}) == 4
        assert duplicates("nrem_projection_applied_total", {"topic": MEMBERS}) == 3


async def test_other_partitions_are_applied_from_nothing(settings, projection) -> None:
    journal = Journal()
    first, table = labels(journal, *"abcdef")
    async with running(blueprint(), settings, ["consume"]):
        await send_raw(settings, *on_topic(first))
        await projection.has(table)
    await born_anew(settings, partitions=4)
    again = Journal(4)
    everything, whole = labels(again, *"abcdefghij")
    await send_raw(settings, *on_topic(everything))
    async with running(blueprint(), settings, ["consume"]):
        await projection.has(whole)
        assert (await projection.gaps(), await projection.letters()) == ([], [])
        assert max(position for position, _ in (await projection.applied()).values()) == 10


async def test_dead_letters_of_both_topics_are_kept(settings, projection) -> None:
    journal = Journal()
    first, table = labels(journal, "a")
    async with running(blueprint(), settings, ["consume"]):
        await send_raw(settings, *on_topic([GARBAGE, *first]))
        await projection.has(table)
        await projection.has_letters(("envelope", "member/x"))
    await born_anew(settings)
    await send_raw(settings, *on_topic([Sent(0, b"member/y", b"other garbage"), *first]))
    async with running(blueprint(), settings, ["consume"]):
        await projection.has_letters(("envelope", "member/x"), ("envelope", "member/y"))
        offsets = [row["record_offset"] for row in await problem_store.dead_letters(projection.conn, only_open=True)]
        assert offsets[0] < 0 == offsets[1]


async def test_a_dead_letter_that_is_read_again_stays_one(settings, projection) -> None:
    journal = Journal()
    first, table = labels(journal, "a")
    async with running(blueprint(), settings, ["consume"]):
        await send_raw(settings, *on_topic([GARBAGE, GARBAGE, *first]))
        await projection.has(table)
    await born_anew(settings)
    later, rest = labels(journal, "b")
    await send_raw(settings, *on_topic([*first, GARBAGE, GARBAGE, GARBAGE, *later]))
    async with running(blueprint(), settings, ["consume"]):
        await projection.has(table + rest)
        letters = await problem_store.dead_letters(projection.conn, only_open=True)
        assert [row["record_offset"] for row in letters] == [1, 2, 3]


async def test_an_end_named_before_others_read_on_is_no_loss(settings, projection) -> None:
    """Another reader of the group got further between Kafka's answer and ours: the topic did not lose its end."""
    journal = Journal()
    first, table = labels(journal, "a", "b", "c")
    async with running(blueprint(), settings, ["consume"]):
        await send_raw(settings, *on_topic(first))
        await projection.has(table)
    topic_id = (await ask_bus(settings, [MEMBERS])).topics[MEMBERS].id
    place = (MEMBERS, 0)
    assert await take_up(projection.conn, {place: Partition(topic_id, 1, end=2, stood=2)}) == {place: 3}
    assert await take_up(projection.conn, {place: Partition(topic_id, 1, end=2, stood=3)}) == {place: 0}


async def test_a_running_consumer_notices(settings, projection) -> None:
    journal = Journal()
    first, table = labels(journal, "a", "b", "c")
    async with running(blueprint(), settings, ["consume"]):
        await send_raw(settings, *on_topic(first))
        await projection.has(table)
        await born_anew(settings)
        later, rest = labels(journal, "d")
        await send_raw(settings, *on_topic([*first, *later]))
        await projection.has(table + rest, seconds=60)
        assert await projection.gaps() == []
