"""However records are repeated, interleaved and cut into batches: the same tables, no gap, no dead letter."""

from __future__ import annotations

import random
from collections.abc import Sequence

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


@st.composite
def journals(draw: st.DrawFn, partitions: int) -> list[Sent]:
    """Up to six streams of up to five revisions each, interleaved in any way."""
    lengths = draw(st.lists(st.integers(1, 5), min_size=1, max_size=len(CODES)))
    order = draw(st.permutations([code for code, n in zip(CODES, lengths, strict=False) for _ in range(n)]))
    journal, revisions = Journal(partitions), dict.fromkeys(CODES, 0)
    sent = []
    for code in order:
        revisions[code] += 1
        sent.append(journal.label(code, revisions[code], f"{code}{revisions[code]}"))
    return sent


def as_relays_send(draw: st.DrawFn, sent: Sequence[Sent]) -> list[ConsumerRecord]:
    """On their topic-partitions; after crashes relays have sent runs of records again."""
    log: list[Sent] = []
    for number, one in enumerate(sent, start=1):
        log.append(one)
        if draw(st.booleans()) and draw(st.booleans()):
            log += sent[draw(st.integers(0, number - 1)) : number]
    offsets: dict[int, int] = {}
    records = []
    for one in log:
        offset = offsets.get(one.partition, 0)
        records.append(received(MEMBERS, one.partition, offset, one.key, one.value))
        offsets[one.partition] = offset + 1
    return records


def as_a_consumer_reads(draw: st.DrawFn, log: Sequence[ConsumerRecord]) -> list[list[ConsumerRecord]]:
    """In batches, partitions in any interleaving, now and then from an earlier offset again."""
    queues: dict[int, list[ConsumerRecord]] = {}
    for record in log:
        queues.setdefault(record.partition, []).append(record)
    at = dict.fromkeys(queues, 0)
    batches: list[list[ConsumerRecord]] = []
    while any(at[p] < len(queues[p]) for p in queues):
        batch: list[ConsumerRecord] = []
        for partition in draw(st.permutations(sorted(queues))):
            taken = draw(st.integers(0, 4))
            batch += queues[partition][at[partition] : at[partition] + taken]
            at[partition] = min(at[partition] + taken, len(queues[partition]))
        if not batch:
            partition = next(p for p in queues if at[p] < len(queues[p]))
            batch = [queues[partition][at[partition]]]
            at[partition] += 1
        batches.append(batch)
        if draw(st.integers(0, 5)) == 0:
            partition = draw(st.sampled_from(sorted(queues)))
            at[partition] = draw(st.integers(0, at[partition]))
    return batches


@pytest.fixture
async def conn(database):
    connection = await (await database("echo")).connect()
    yield connection
    await connection.close()


@pytest.mark.parametrize("partitions", [1, 4])
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
async def test_any_duplication_and_interleaving_gives_the_same_table(conn, partitions: int, data) -> None:
    sent = data.draw(journals(partitions))
    batches = as_a_consumer_reads(data.draw, as_relays_send(data.draw, sent))
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
    chance = random.Random(4)
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
