"""Records that nobody understands, on every topic: kept, counted, shown, and never in the way of what follows."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime

import pytest
from aiokafka import AIOKafkaProducer
from aiokafka.errors import MessageSizeTooLargeError

from faults.conftest import Spoilt
from faults.installation import SERVICES
from faults.processes import STARTS_WITHIN
from nrem_embedded.platform.composition import BLUEPRINTS
from support.eventually import eventually

pytestmark = pytest.mark.asyncio(loop_scope="session")
TOPICS = sorted(set().union(*(BLUEPRINTS[service][0].topics for service in SERVICES)))
STREAM = "submission/2026-Q1/am"
_LIMIT = 1_048_588  # bytes of a batch that a broker takes


def envelope(type_: str, data: object) -> bytes:
    """A record that says of itself that it stands in no journal."""
    now = datetime.now(UTC).isoformat()
    return json.dumps(
        {
            "specversion": "1.0", "id": "x", "source": "/elsewhere", "type": type_, "subject": STREAM, "time": now,
            "revision": 1, "position": 0, "prev": 0, "recordedat": now, "correlationid": "c", "actor": "a",
            "data": data,
        }
    ).encode()  # fmt: skip


BAD = {
    "envelope": b"{ no JSON",
    "unknown-type": envelope("nrem.something.happened.v1", {}),
    "contract": envelope("nrem.submission.accepted.v1", {"period": "2026-Q1"}),
}


async def send(spoilt: Spoilt, topic: str, key: bytes, value: bytes) -> tuple[str, int, int]:
    """Put a record on the bus as somebody else would; where it stands."""
    producer = AIOKafkaProducer(
        bootstrap_servers=spoilt.installation.kafka.bootstrap, max_request_size=4 << 20, acks="all"
    )
    await producer.start()
    try:
        sent = await producer.send_and_wait(topic, value, key=key, partition=0)
    finally:
        await producer.stop()
    return topic, 0, sent.offset


async def letters_of(spoilt: Spoilt, service: str) -> list[dict]:
    answer = await spoilt.people.ask(service, "/api/operations/dead-letters", "iem", None)
    return answer.json()


async def test_on_every_topic(spoilt: Spoilt) -> None:
    stream = spoilt.new_stream()
    await spoilt.people.submit(stream, {"ABROAD_SUPPORT": 1})
    causes = {}
    for topic in TOPICS:
        for cause, value in BAD.items():
            causes[await send(spoilt, topic, STREAM.encode(), value)] = cause
    causes[await send(spoilt, "nrem.submissions", STREAM.encode(), b"x" * (_LIMIT - 500))] = "envelope"
    spoilt.book.letters |= set(causes)
    await spoilt.people.accept(stream)  # what follows arrives all the same
    await spoilt.equality.holds()
    for service in SERVICES:
        letters = await letters_of(spoilt, service)
        found = {(one["topic"], one["partition"], one["record_offset"]): one for one in letters}
        mine = {place: cause for place, cause in causes.items() if place[0] in BLUEPRINTS[service][0].topics}
        assert {place: one["cause"] for place, one in found.items()} == mine, service
        assert {one["key"] for one in found.values()} == {STREAM}


async def test_over_the_size_limit(spoilt: Spoilt) -> None:
    for topic in TOPICS:
        with pytest.raises(MessageSizeTooLargeError):
            await send(spoilt, topic, b"k", b"x" * (_LIMIT + 1))
    await spoilt.equality.holds()


async def test_shown_in_completeness_and_no_release_while_it_is_open(spoilt: Spoilt) -> None:
    answer = await spoilt.people.ask("statistics", "/api/periods/2026-Q1/completeness", "iem", None)
    assert answer.json()["submissions"]["not_understood"] == ["am"]
    refused = await spoilt.people.ask("statistics", "/api/quarters/2026-Q1/releases", "iem", {})
    assert refused.status_code == 409, refused.text
    assert "received_not_understood" in {error["code"] for error in refused.json()["errors"]}


async def test_replayed_once_it_can_be_understood(spoilt: Spoilt) -> None:
    statistics = await spoilt.installation.databases["statistics"].connect(owner=True)
    replay = "/api/operations/dead-letters/replay"
    before = len(spoilt.book.letters_known_to(BLUEPRINTS["statistics"][0].topics))
    try:
        await statistics.execute("alter table projection.observation add constraint spoilt check (value <> 777)")
        stream = spoilt.new_stream()
        await spoilt.people.submit(stream, {"ABROAD_SUPPORT": 777})

        async def kept() -> bool:
            return "CheckViolationError" in {one["cause"] for one in await letters_of(spoilt, "statistics")}

        await eventually(kept, seconds=30)
        again = (await spoilt.people.ask("statistics", replay, "iem", {})).json()
        assert again == {"resolved": 0, "remaining": before + 1}
        await statistics.execute("alter table projection.observation drop constraint spoilt")
        again = (await spoilt.people.ask("statistics", replay, "iem", {})).json()
        assert again == {"resolved": 1, "remaining": before}
    finally:
        await statistics.close()
    await spoilt.equality.holds()


async def test_of_a_newer_version_each_consumer_stops_and_says_so(spoilt: Spoilt) -> None:
    consumers = {service: spoilt.installation.roles[f"{service}:consume"] for service in SERVICES}
    topic, partition, offset = await send(
        spoilt, "nrem.members", b"member/vp", envelope("nrem.institution.registered.v2", {})
    )
    stream = spoilt.new_stream()

    async def stopped() -> bool:
        return all([await one.health() == 503 and await one.metric("nrem_projection_halted") == 1
                    for one in consumers.values()])  # fmt: skip

    await eventually(stopped, seconds=30)
    await spoilt.people.submit(stream, {"ABROAD_SUPPORT": 2})  # whoever reports is not hindered
    await consumers["statistics"].stop()
    consumers["statistics"].launch()
    await eventually(stopped, seconds=STARTS_WITHIN)  # it stops again, maybe before it was ever well: no restart helps
    for service, consumer in consumers.items():
        assert "upgrade" in consumer.tail()
        consumer.kill()
        await skip(spoilt, service, topic, partition, offset)
    await asyncio.gather(*(consumer.start() for consumer in consumers.values()))
    await spoilt.equality.holds()


async def skip(spoilt: Spoilt, service: str, topic: str, partition: int, offset: int) -> None:
    """In place of a release that knows the newer version: go on behind the record."""
    connection = await spoilt.installation.databases[service].connect(superuser=True)
    try:
        at = await connection.fetchval(
            "update projection.applied a set next_offset = $3 where topic = $1 and partition = $2"
            " returning (select next_offset from projection.applied b where (b.topic, b.partition) = ($1, $2))",
            topic, partition, offset + 1,
        )  # fmt: skip
        assert at <= offset, "nothing behind the record was applied"
    finally:
        await connection.close()
