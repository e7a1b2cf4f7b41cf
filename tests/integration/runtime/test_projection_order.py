"""However records are repeated, interleaved and cut into batches: the same tables, no gap, no dead letter."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random

import pytest
from aiokafka import ConsumerRecord
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nrem_shared.contracts.topics import MEMBERS
from nrem_shared.runtime.projection.batch import apply_batch, decode_batch
from nrem_shared.runtime.projection.consumer import platform_handlers
from support.bus import send_raw
from support.echo import PROJECTS, blueprint
from support.echo import store as echo_store
from support.projections import Projection
from support.records import Journal, Sent, on_topic, received
from support.running import running

HANDLERS = platform_handlers(PROJECTS)
CODES = "abcdef"


def journalled(lengths: Sequence[int], partitions: int, chance: Random) -> list[Sent]:
    """Streams of so many revisions each, interleaved in any way."""
    order = [code for code, length in zip(CODES, lengths, strict=False) for _ in range(length)]
    chance.shuffle(order)
    journal, revisions = Journal(partitions), dict.fromkeys(CODES, 0)
    sent = []
    for code in order:
        revisions[code] += 1
        sent.append(journal.label(code, revisions[code], f"{code}{revisions[code]}"))
    return sent


def as_relays_send(sent: Sequence[Sent], chance: Random) -> list[Sent]:
    """After crashes relays have sent runs of records again."""
    log: list[Sent] = []
    for number, one in enumerate(sent, start=1):
        log.append(one)
        if chance.random() < 0.25:
            log += sent[chance.randrange(number) : number]
    return log


def as_a_consumer_reads(log: Sequence[Sent], chance: Random) -> Iterator[list[ConsumerRecord]]:
    """In batches, partitions in any interleaving, now and then from an earlier offset again."""
    queues: dict[int, list[ConsumerRecord]] = {}
    for one in log:
        queue = queues.setdefault(one.partition, [])
        queue.append(received(MEMBERS, one.partition, len(queue), one.key, one.value))
    at = dict.fromkeys(queues, 0)
    while any(at[partition] < len(queues[partition]) for partition in queues):
        batch: list[ConsumerRecord] = []
        for partition in chance.sample(sorted(queues), len(queues)):
            taken = queues[partition][at[partition] : at[partition] + chance.randint(0, 5)]
            batch += taken
            at[partition] += len(taken)
        if batch:
            yield batch
        if chance.random() < 0.15:
            partition = chance.choice(sorted(queues))
            at[partition] = chance.randint(0, at[partition])


@pytest.fixture
async def conn(database):
    connection = await (await database("echo")).connect()
    yield connection
    await connection.close()


@pytest.mark.parametrize("partitions", [1, 4])
@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lengths=st.lists(st.integers(1, 5), min_size=1, max_size=len(CODES)), chance=st.integers().map(Random))
async def test_any_duplication_and_interleaving_gives_the_same_table(conn, partitions, lengths, chance) -> None:
    sent = journalled(lengths, partitions, chance)
    batches = as_a_consumer_reads(as_relays_send(sent, chance), chance)
    model: dict[str, int] = {}
    for one in sent:
        model[one.key.decode()] = model.get(one.key.decode(), 0) + 1

    transaction = conn.transaction()
    await transaction.start()
    try:
        for batch in batches:
            decoded = decode_batch(batch, "")
            assert decoded.halt is None
            await apply_batch(conn, decoded, HANDLERS)
        code = {subject: subject.removeprefix("member/") for subject in model}
        expected = [(s, r, f"{code[s]}{r}") for s, n in sorted(model.items()) for r in range(1, n + 1)]
        assert await echo_store.table(conn) == expected
        assert await echo_store.newest(conn) == {s: (n, f"{code[s]}{n}") for s, n in model.items()}
        streams = await conn.fetch("select subject, revision from projection.stream")
        assert {row["subject"]: row["revision"] for row in streams} == model
        assert await conn.fetchval("select count(*) from projection.gap") == 0
        assert await conn.fetchval("select count(*) from projection.dead_letter") == 0
    finally:
        await transaction.rollback()


@pytest.mark.parametrize("partitions", [1, 4])
async def test_the_same_over_kafka(settings_for, partitions: int) -> None:
    chance = Random(4)
    journal, labels, sent = Journal(partitions), [], []
    for revision in range(1, 21):
        for code in chance.sample(CODES, len(CODES)):
            labels.append((code, revision, f"{code}{revision}"))
            sent.append(journal.label(*labels[-1]))
            if chance.random() < 0.1:
                sent += sent[-chance.randint(1, len(sent)) :]
    own = await settings_for("echo", partitions=partitions)
    async with running(blueprint(), own, ["consume"]):
        projection = await Projection.open(own)
        await send_raw(own, *on_topic(sent[:50]))
        await projection.has(labels[: len({one.position for one in sent[:50]})])
        await send_raw(own, *on_topic(sent[50:]))
        await projection.has(labels)
        assert (await projection.gaps(), await projection.letters()) == ([], [])
        await projection.conn.close()
