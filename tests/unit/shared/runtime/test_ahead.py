"""Reading ahead: in order, together, never what was read before places were taken up anew."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
from aiokafka import ConsumerRecord, TopicPartition
from aiokafka.errors import ConsumerStoppedError

from nrem_shared.runtime.projection.ahead import ReadingAhead
from support.records import Journal, received

PLACE = TopicPartition("nrem.members", 0)
SOUGHT = [0]  # how often places were taken up


def records(first: int, count: int, value: bytes | None = None) -> list[ConsumerRecord]:
    journal = Journal()
    sent = [journal.label("vp", n + 1, "VP") for n in range(count)]
    return [received("nrem.members", 0, first + n, one.key, value or one.value) for n, one in enumerate(sent)]


class Bus:
    """A consumer of aiokafka's as far as reading goes: each look brings the next of these, then nothing more."""

    def __init__(self, *looks: Sequence[ConsumerRecord] | Exception) -> None:
        self.looks = list(looks)
        self.more = asyncio.Event()

    async def getmany(self, **_: Any) -> dict[TopicPartition, list[ConsumerRecord]]:
        while not self.looks:
            self.more.clear()
            await self.more.wait()
        look = self.looks.pop(0)
        if isinstance(look, Exception):
            raise look
        return {PLACE: list(look)} if look else {}

    def bring(self, *looks: Sequence[ConsumerRecord] | Exception) -> None:
        self.looks += looks
        self.more.set()


@pytest.fixture
async def ahead():
    SOUGHT[0] = 0
    made = ReadingAhead(lambda: SOUGHT[0], "", 3)
    yield made
    made.stop()


async def idle() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


def offsets(ahead: ReadingAhead) -> list[int]:
    assert [one.record.offset for one in ahead.current.decoded.received] == [r.offset for r in ahead.current.records]
    return [record.offset for record in ahead.current.records]


async def test_what_came_meanwhile_is_taken_together_and_in_order(ahead: ReadingAhead) -> None:
    bus = Bus([], records(0, 100))
    await ahead(bus)
    assert offsets(ahead) == list(range(100))
    bus.bring(records(100, 2), records(102, 3))
    await idle()
    await ahead(bus)
    assert offsets(ahead) == [100, 101, 102, 103, 104]


async def test_what_was_read_before_places_were_taken_up_is_not_handed_out(ahead: ReadingAhead) -> None:
    bus = Bus(records(0, 5))
    await ahead(bus)
    bus.bring(records(5, 5))
    await idle()
    SOUGHT[0] += 1
    bus.bring(records(2, 2))
    await ahead(bus)
    assert (ahead.current.sought, offsets(ahead)) == (1, [2, 3])


async def test_a_topic_that_begins_again_is_handed_out_by_itself(ahead: ReadingAhead) -> None:
    bus = Bus(records(7, 2), records(0, 2), records(2, 1))
    await ahead(bus)
    assert offsets(ahead) == [7, 8]
    await idle()
    await ahead(bus)
    assert offsets(ahead) == [0, 1, 2]


async def test_reading_waits_while_enough_is_read(ahead: ReadingAhead) -> None:
    bus = Bus(records(0, 1))
    await ahead(bus)
    bus.bring(*([one] for one in records(1, 5000)))
    await idle()
    left = len(bus.looks)
    assert 0 < left < 5000
    await ahead(bus)
    assert offsets(ahead) == list(range(1, 5001 - left))


async def test_nothing_is_read_behind_what_halts(ahead: ReadingAhead) -> None:
    bus = Bus(records(0, 1))
    await ahead(bus)
    bus.bring(records(1, 9, b"junk"), records(10, 1))
    await idle()
    await ahead(bus)
    assert len(ahead.current.decoded.received) == 3
    assert ahead.current.decoded.halt is not None
    assert len(bus.looks) == 1


async def test_what_ends_reading_is_raised_after_what_was_read_and_the_next_look_begins_anew(
    ahead: ReadingAhead,
) -> None:
    bus = Bus(records(0, 1))
    await ahead(bus)
    bus.bring(records(1, 1), ConsumerStoppedError())
    await idle()
    await ahead(bus)
    assert offsets(ahead) == [1]
    with pytest.raises(ConsumerStoppedError):
        await ahead(bus)
    bus.bring(records(2, 1))
    await ahead(bus)
    assert offsets(ahead) == [2]
