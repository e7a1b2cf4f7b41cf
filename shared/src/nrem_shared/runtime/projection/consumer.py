"""The one way a service subscribes: FastStream batches, applied in one transaction each, so that nothing is lost.

The place to read from is kept in the projection itself, written in the transaction that applies; Kafka's group offsets
follow it and serve monitoring.
"""

from __future__ import annotations

import asyncio
import random
from collections import deque
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from aiokafka import TopicPartition
from aiokafka.errors import KafkaError

from nrem_shared.contracts.topics import CLOCK, HEARTBEATS, MEMBERS
from nrem_shared.runtime.database import TRANSIENT
from nrem_shared.runtime.logs import logger
from nrem_shared.runtime.projection import platform, problem_store, store
from nrem_shared.runtime.projection.ahead import ReadingAhead
from nrem_shared.runtime.projection.batch import Applied, Decoded, apply_batch
from nrem_shared.runtime.projection.places import Partition, take_up
from nrem_shared.runtime.projection.replay import replay_dead_letters
from nrem_shared.runtime.projection.subscription import subscription, to_its_end
from nrem_shared.runtime.projection.telling import Telling
from nrem_shared.runtime.topic_ids import ask_bus

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from uuid import UUID

    from aiokafka import ConsumerRecord
    from faststream.kafka import KafkaBroker

    from nrem_shared.runtime.database import Pool
    from nrem_shared.runtime.metrics import ProjectionMetrics
    from nrem_shared.runtime.projection.ahead import Read
    from nrem_shared.runtime.projection.batch import TopicHandler
    from nrem_shared.runtime.settings import ServiceSettings

_log = logger(__name__)


class ProjectionConsumer:
    """Reads the topics of one service into its projection until it is cancelled, or halts and says why."""

    def __init__(
        self,
        service: str,
        pool: Pool,
        settings: ServiceSettings,
        metrics: ProjectionMetrics,
        handlers: Mapping[str, TopicHandler],
    ) -> None:
        self._service = service
        self._pool = pool
        self._settings = settings
        self._metrics = metrics
        self.handlers = platform_handlers(handlers)
        self._generation: UUID | None = None
        self._turn = asyncio.Lock()  # places are taken up, or a batch is applied: a rebalance comes amid either
        self._sought = 0  # how often places were taken up: what was fetched before is fetched again
        self._ahead = ReadingAhead(lambda: self._sought, settings.topic_prefix, settings.dead_letter_limit)
        self._telling = Telling()
        self._subscriber: Any = None
        self._expected: dict[tuple[str, int], int] = {}  # the offset that comes next, if nothing is lost
        self._halt = asyncio.Event()
        self.halted: str | None = None
        self.last_progress: datetime | None = None

    async def run(self) -> None:
        """Consume until cancelled. After a halt it stays, unhealthy, until the process is restarted."""
        broker, subscriber = subscription(self._settings, self._service, list(self.handlers), self._seek, self._ahead)
        subscriber(self._handle)
        self._subscriber = subscriber
        try:
            await self._check_limit()
            if not self._halt.is_set():
                await self._start(broker)
            await self._halt.wait()
            _log.error("consumer halted", service=self._service, reason=self.halted)
        finally:
            try:
                await to_its_end(broker.stop())
            finally:
                self._ahead.stop()
                self._telling.stop()
        await asyncio.Event().wait()

    async def _start(self, broker: KafkaBroker) -> None:
        pause = 0.2
        while True:
            try:
                await broker.start()
            except (OSError, KafkaError) as error:
                _log.warning("Kafka is away", error=repr(error), pause=pause)
                await broker.stop()
                await asyncio.sleep(pause)
                pause = min(pause * 2, 5.0)
            else:
                return

    async def _check_limit(self) -> None:
        """Halt before reading anything where the limit of dead letters is reached already."""
        while True:
            try:
                async with self._pool.acquire() as conn:
                    letters, _ = await problem_store.count_problems(conn)
            except TRANSIENT as error:
                _log.warning("database is away", error=repr(error))
                await asyncio.sleep(1)
            else:
                if letters >= self._settings.dead_letter_limit:
                    self._halt_for(_too_many(letters))
                return

    async def _seek(self, assigned: Collection[TopicPartition], rewound: Collection[TopicPartition] = ()) -> None:
        """Read on where the projection stands. The generation is taken over last: without it nothing is applied."""
        async with self._turn:
            self._generation = None
            named = {place: self._named(place) for place in assigned}
            found = await self._partitions(named)
            async with self._pool.acquire() as conn, conn.transaction():
                generation = await store.generation(conn)
                places = await take_up(conn, found, [self._named(place) for place in rewound])
            for place, name in named.items():
                self._expected[place] = places.get(name, 0)
                self._subscriber.consumer.seek(place, self._expected[place])
            self._generation = generation
            self._sought += 1

    def _named(self, place: TopicPartition) -> tuple[str, int]:
        return (place.topic.removeprefix(self._settings.topic_prefix), place.partition)

    async def _partitions(self, named: Mapping[TopicPartition, tuple[str, int]]) -> dict[tuple[str, int], Partition]:
        """What Kafka has of these. Raises ConnectionError where it does not say."""
        if not named:
            return {}
        async with self._pool.acquire() as conn:
            stood = await store.offsets(conn)
        bus = await ask_bus(self._settings, {topic for topic, _ in named.values()})
        try:
            ends = await self._subscriber.consumer.end_offsets(list(named))
        except KafkaError as error:
            raise ConnectionError(f"Kafka does not say where topics end: {error!r}") from error
        topics = {name: bus.topics[name[0]] for name in named.values() if name[0] in bus.topics}
        return {
            name: Partition(topics[name].id, topics[name].partitions, ends[place], stood.get(name, 0))
            for place, name in named.items()
            if name in topics
        }

    def _rewound(self, read: Read) -> list[TopicPartition]:
        """Partitions that begin again by themselves: what was read before is not there any more."""
        return [TopicPartition(*place) for place, at in read.begins.items() if at < self._expected.get(place, 0)]

    async def _handle(self, _: object) -> None:
        """Apply what was read and decoded meanwhile."""
        read = self._ahead.current
        rewound = self._rewound(read)
        todo = deque([read.decoded])
        pause = 0.1
        while todo:
            try:
                if rewound or not await self._apply(todo[0], read.sought):
                    await self._seek(self._subscriber.consumer.assignment(), rewound)
                    return
            except Exception as error:
                if isinstance(error, TRANSIENT) or not _narrow(todo, error):
                    self._metrics.retries.inc()
                    _log.warning("batch is tried again", error=repr(error), pause=pause)
                    await asyncio.sleep(pause * random.uniform(0.5, 1.0))  # noqa: S311 (jitter, no secret)
                    pause = min(pause * 2, 5.0)
            else:
                done = todo.popleft()
                if done.halt:
                    await self._stop(done.halt)
        self._observe(read.records)

    async def _apply(self, batch: Decoded, sought: int) -> bool:
        """False where the projection was rebuilt, or places taken up, meanwhile: nothing is applied, it comes again."""
        async with self._turn:
            if self._sought != sought:
                return False
            async with self._pool.acquire() as conn, conn.transaction():
                if await store.generation(conn) != self._generation:
                    return False
                result = await apply_batch(conn, batch, self.handlers)
            prefix = self._settings.topic_prefix
            reached = {TopicPartition(prefix + topic, part): offset for (topic, part), offset in batch.offsets.items()}
            self._expected.update(reached)
        self._telling.tell(self._subscriber.consumer, reached)
        self._count(result)
        letters = result.open_letters
        if letters >= self._settings.dead_letter_limit:
            batch.halt = batch.halt or _too_many(letters)
        return True

    def _count(self, result: Applied) -> None:
        self.last_progress = datetime.now(UTC)
        self._metrics.dead_letters.set(result.open_letters)
        self._metrics.gaps.set(result.open_gaps)
        for topic, number in result.events.items():
            self._metrics.applied.labels(topic).inc(number)
        for topic, number in result.duplicates.items():
            self._metrics.duplicates.labels(topic).inc(number)

    def _observe(self, records: Sequence[ConsumerRecord[bytes, bytes]]) -> None:
        now = datetime.now(UTC).timestamp()
        prefix = self._settings.topic_prefix
        last = {(record.topic, record.partition): record for record in records}
        for (topic, partition), record in last.items():
            name = topic.removeprefix(prefix)
            self._metrics.lag_seconds.labels(name).observe(max(0.0, now - record.timestamp / 1000))
            end = self._subscriber.consumer.highwater(TopicPartition(topic, partition))
            self._metrics.lag_events.labels(name).set(max(0, (end or 0) - record.offset - 1))

    def _halt_for(self, reason: str) -> None:
        self.halted = reason
        self._metrics.halted.set(1)
        self._halt.set()

    async def _stop(self, reason: str) -> None:
        self._halt_for(reason)
        await asyncio.Event().wait()  # until the subscriber is stopped: nothing of this batch is acknowledged

    async def replay(self, ids: Sequence[int] | None = None) -> tuple[int, int]:
        """Try dead letters again, each in its own transaction: (resolved, still not understood)."""
        return await replay_dead_letters(self._pool, self.handlers, ids)


def _narrow(todo: deque[Decoded], error: Exception) -> bool:
    """After an error of the data: a batch is split, a single record becomes a dead letter. False where it is one."""
    batch = todo[0]
    if len(batch.received) > 1:
        _log.error("batch refused, trying its records one by one", error=repr(error), exc_info=error)
        todo.popleft()
        todo.extendleft(reversed(batch.split()))
        return True
    if not batch.received or batch.received[0].letter is not None:
        return False
    todo[0] = Decoded([batch.received[0].refused(error)], batch.halt)
    return True


def _too_many(letters: int) -> str:
    return f"{letters} dead letters: look at them before more is read (nrem dead-letters list)"


def platform_handlers(handlers: Mapping[str, TopicHandler]) -> dict[str, tuple[TopicHandler, ...]]:
    """A service's own handlers together with what every service projects."""
    every: dict[str, tuple[TopicHandler, ...]] = {
        MEMBERS: (platform.apply_access,),
        CLOCK: (platform.apply_clock,),
        HEARTBEATS: (platform.apply_heartbeats,),
    }
    return {**every, **{topic: (*every.get(topic, ()), handler) for topic, handler in handlers.items()}}
