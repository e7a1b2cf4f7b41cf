"""Reading on while what was read before is applied: the database works, and what comes next is decoded meanwhile."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING

from nrem_shared.runtime.projection.batch import Decoded, decode_on

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from aiokafka import AIOKafkaConsumer, ConsumerRecord

    Records = Sequence[ConsumerRecord[bytes, bytes]]

MAX_RECORDS = 20_000
# How long one look for records lasts; it ends the moment some are there, so this costs a quiet process its looks alone.
LOOK = 1_000  # ms
# Records that wait for their turn: more are not read. What comes meanwhile is applied together, in one transaction.
_ENOUGH = 2 << 20  # bytes
# Decoded at a stretch: then whoever waits for the database has a turn.
_STRETCH = 64


@dataclass(slots=True)
class Read:
    """Records with what they say, as they were read when places had been taken up `sought` times."""

    sought: int
    records: list[ConsumerRecord[bytes, bytes]] = field(default_factory=list)
    decoded: Decoded = field(default_factory=Decoded)
    size: int = 0
    ends: dict[tuple[str, int], int] = field(default_factory=dict)  # topic-partition → its last offset

    @property
    def begins(self) -> dict[tuple[str, int], int]:
        """Topic-partition → its first offset."""
        return {(record.topic, record.partition): record.offset for record in reversed(self.records)}

    def goes_on(self, other: Read) -> bool:
        """Whether the other was read right after it: not where a topic begins again."""
        return all(self.ends.get(place, -1) < offset for place, offset in other.begins.items())

    def add(self, other: Read) -> None:
        """Put what was read after it behind it."""
        self.records += other.records
        self.decoded.received += other.decoded.received
        self.decoded.letters += other.decoded.letters
        self.decoded.halt = other.decoded.halt
        self.size += other.size
        self.ends.update(other.ends)


class ReadingAhead:
    """FastStream's look for messages: gives what has been read and decoded since the last one was taken.

    `current` is what was taken last. FastStream hears of its newest record alone; nobody else looks at the others.
    """

    def __init__(self, sought: Callable[[], int], prefix: str, letter_limit: int) -> None:
        self._sought = sought
        self._prefix = prefix
        self._letter_limit = letter_limit
        self._consumer: AIOKafkaConsumer | None = None
        self._reading: asyncio.Task[None] | None = None
        self._ready: Read | None = None
        self._changed = asyncio.Event()  # something is ready, or reading has ended
        self._taken = asyncio.Event()
        self.current = Read(0)

    async def __call__(self, consumer: AIOKafkaConsumer) -> tuple[ConsumerRecord[bytes, bytes], ...]:
        """Wait for records. Raises what reading ended with."""
        while True:
            if self._reading is None or self._consumer is not consumer:
                self._reading = self._begin(consumer)
            if self._ready is None and not self._reading.done():
                self._changed.clear()
                await self._changed.wait()
            read, self._ready = self._ready, None
            self._taken.set()
            if read is not None and read.sought == self._sought():
                self.current = read
                return (read.records[-1],)
            if self._reading.done():
                ended, self._reading = self._reading, None
                ended.result()

    def stop(self) -> None:
        """Read no further."""
        if self._reading is not None:
            self._reading.cancel()

    def _begin(self, consumer: AIOKafkaConsumer) -> asyncio.Task[None]:
        self.stop()
        self._consumer, self._ready = consumer, None
        reading = asyncio.create_task(self._read_on(consumer))
        reading.add_done_callback(self._ended)
        return reading

    def _ended(self, reading: asyncio.Task[None]) -> None:
        if not reading.cancelled():
            reading.exception()  # it is looked at: whoever takes records next hears of it
        self._changed.set()

    async def _read_on(self, consumer: AIOKafkaConsumer) -> None:
        """Until reading fails or must stop."""
        halted = False
        while not halted:
            found = await consumer.getmany(timeout_ms=LOOK, max_records=MAX_RECORDS)
            if not found:
                continue
            read = await self._decode(list(chain.from_iterable(found.values())))
            halted = read.decoded.halt is not None
            await self._offer(read)

    async def _offer(self, read: Read) -> None:
        """Put it with what waits already; returns when more is wanted."""
        waiting = self._ready
        if waiting is not None and waiting.sought == read.sought and not waiting.goes_on(read):
            await self._room(0)
            waiting = None
        if waiting is not None and waiting.sought == read.sought:
            waiting.add(read)
        else:
            self._ready = read
        self._changed.set()
        await self._room(_ENOUGH)

    async def _room(self, size: int) -> None:
        while self._ready is not None and self._ready.size >= size:
            self._taken.clear()
            await self._taken.wait()

    async def _decode(self, records: Records) -> Read:
        read = Read(self._sought(), size=sum(len(record.value or b"") for record in records))
        for first in range(0, len(records), _STRETCH):
            if first:
                await asyncio.sleep(0)
            stretch = records[first : first + _STRETCH]
            decode_on(read.decoded, stretch, self._prefix, self._letter_limit)
            read.records += stretch
            read.ends.update({(record.topic, record.partition): record.offset for record in stretch})
            if read.decoded.halt:
                break
        return read
