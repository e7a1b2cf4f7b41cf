"""The relay: journal rows become records on Kafka, in order, pipelined, none left out.

One relay per service is active (a database lock); a second one stands by. A crash between Kafka's acknowledgement and
the mark sends the same records again: same id, position and `prev`, so that consumers pass them over.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import uuid4

import asyncpg
from aiokafka import AIOKafkaProducer
from aiokafka.partitioner import murmur2

from nrem_shared.contracts.operations import Mark, RelayHeartbeat
from nrem_shared.contracts.registry import EVENT_TYPES
from nrem_shared.contracts.topics import HEARTBEATS
from nrem_shared.runtime.database import TRANSIENT
from nrem_shared.runtime.journal import store as journal_store
from nrem_shared.runtime.logs import logger
from nrem_shared.runtime.relay_marks import RELAY_LOCK, Marks, read_marks, save_marks

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from nrem_shared.runtime.database import Connection, Pool
    from nrem_shared.runtime.metrics import JournalMetrics
    from nrem_shared.runtime.settings import ServiceSettings

    #: Gives the payload to send for each position: what may not stand in the journal is added; null = a tombstone.
    Enricher = Callable[[Connection, Sequence[asyncpg.Record]], Awaitable[Mapping[int, str | None]]]

PAGE = 1000
FIRST_PAUSE = 0.1  # seconds
_log = logger(__name__)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One record as it will be sent."""

    topic: str
    partition: int
    key: bytes
    value: bytes | None
    headers: tuple[tuple[str, bytes], ...] = ()


def partition_of(key: bytes, partitions: int) -> int:
    """The partition of a stream: Kafka's own rule (murmur2), so that other producers would agree."""
    return int((murmur2(key) & 0x7FFFFFFF) % partitions) if partitions > 1 else 0


def envelope(service: str, row: asyncpg.Record, payload: str | None, previous: int) -> bytes:
    """The record's value; the payload is put in as it was journalled, without being parsed."""
    recorded_at = row["recorded_at"].astimezone(UTC).isoformat(timespec="microseconds")
    head = json.dumps(
        {
            "specversion": "1.0",
            "id": str(row["id"]),
            "source": f"/{service}",
            "type": row["type"],
            "subject": row["subject"],
            "time": recorded_at,
            "datacontenttype": "application/json",
            "revision": row["revision"],
            "position": row["position"],
            "prev": previous,
            "recordedat": recorded_at,
            "correlationid": row["correlation_id"],
            "causationid": row["causation_id"],
            "actor": row["actor"],
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )
    return (head[:-1] + ',"data":' + (payload if payload is not None else "null") + "}").encode()


def _place(row: asyncpg.Record, previous: int) -> tuple[tuple[str, bytes], ...]:
    """Headers of a tombstone: it has no value that could say where it stands."""
    numbers = {"revision": row["revision"], "position": row["position"], "prev": previous}
    return tuple((name, str(number).encode()) for name, number in numbers.items())


class Relay:
    """Sends one service's journal to Kafka until it is cancelled."""

    def __init__(
        self,
        service: str,
        settings: ServiceSettings,
        metrics: JournalMetrics,
        enrichers: Mapping[str, Enricher] | None = None,
    ) -> None:
        self._service = service
        self._settings = settings
        self._metrics = metrics
        self._enrichers = dict(enrichers or {})
        self._partitions: dict[str, int] = {}
        self._topics = sorted({kind.topic for kind in EVENT_TYPES.values() if kind.topic and kind.service == service})
        self._pause = FIRST_PAUSE
        self.failing_since: datetime | None = None
        self._well_at: datetime | None = None  # Kafka's last acknowledgement; null where another relay works

    async def run(self) -> None:
        """Send until cancelled; what fails is begun anew from the last mark, with growing pauses up to 5 s."""
        while True:
            try:
                await self._session()
            except asyncio.CancelledError:
                raise
            except Exception as error:
                self._metrics.failures.inc()
                self._metrics.active.set(0)
                self.failing_since = self.failing_since or datetime.now(UTC)
                _log.warning("relay starts over", error=repr(error), pause=self._pause)
                await asyncio.sleep(self._pause)
                self._pause = min(self._pause * 2, 5.0)

    async def observe(self, pool: Pool) -> None:
        """Keep backlog and lag current, also while Kafka lets us wait for its answer; until cancelled."""
        while True:
            try:
                async with pool.acquire() as conn:
                    await self._measure(conn, await read_marks(conn))
            except TRANSIENT as error:
                _log.warning("backlog unknown: database is away", error=repr(error))
            since = self.failing_since or self._well_at
            waited = (datetime.now(UTC) - since).total_seconds() if since else 0.0
            self._metrics.lag.set(waited if waited > self._settings.heartbeat_seconds + 1 else 0)
            await asyncio.sleep(1)

    async def _session(self) -> None:
        conn = await asyncpg.connect(str(self._settings.database_url), command_timeout=30)
        producer = AIOKafkaProducer(
            bootstrap_servers=self._settings.kafka_bootstrap,
            client_id=f"{self._settings.kafka_client_id}-{self._service}-relay",
            enable_idempotence=True,
            acks="all",
            linger_ms=0,
            max_batch_size=262_144,
            max_request_size=1_048_576,
        )
        try:
            wake = asyncio.Event()
            await conn.add_listener(journal_store.CHANNEL, lambda *_: wake.set())
            while not await conn.fetchval("select pg_try_advisory_lock($1)", RELAY_LOCK):
                await asyncio.sleep(self._settings.fallback_poll_seconds)
            await producer.start()
            await self._send_all(conn, producer, wake)
        finally:
            self._metrics.active.set(0)
            self._well_at = None
            with contextlib.suppress(Exception):
                await asyncio.wait_for(producer.stop(), 5)
            await conn.close(timeout=5)

    async def _send_all(self, conn: Connection, producer: AIOKafkaProducer, wake: asyncio.Event) -> None:
        for topic in self._topics:
            partitions = await producer.partitions_for(self._settings.topic_prefix + topic)
            self._partitions[topic] = len(partitions)
        marks = await read_marks(conn)
        self._metrics.active.set(1)
        self._well_at = datetime.now(UTC)
        loop = asyncio.get_running_loop()
        next_beat = loop.time()
        following: Sequence[asyncpg.Record] = ()
        while True:
            wake.clear()
            looked_at = datetime.now(UTC)
            rows = following or await journal_store.page(conn, marks.journal, PAGE)
            if rows:
                marks, following = await self._send_page(conn, producer, rows, marks)
                self._healthy()
            await self._measure(conn, marks)
            if len(rows) == PAGE:
                continue
            if loop.time() >= next_beat:
                await self._beat(producer, marks, looked_at)
                self._healthy()
                next_beat = loop.time() + self._settings.heartbeat_seconds
            patience = min(self._settings.fallback_poll_seconds, max(0.0, next_beat - loop.time()))
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(wake.wait(), patience)

    def _healthy(self) -> None:
        self.failing_since, self._well_at = None, datetime.now(UTC)
        self._pause = FIRST_PAUSE

    async def _send_page(
        self, conn: Connection, producer: AIOKafkaProducer, rows: Sequence[asyncpg.Record], marks: Marks
    ) -> tuple[Marks, Sequence[asyncpg.Record]]:
        """The marks after it, and of a full page the page behind it, read while Kafka acknowledges this one."""
        outgoing, after = await self._prepare(conn, rows, marks)
        sent = [
            await producer.send(
                self._settings.topic_prefix + record.topic,
                record.value,
                key=record.key,
                partition=record.partition,
                headers=list(record.headers),
            )
            for record in outgoing
        ]
        following = await journal_store.page(conn, after.journal, PAGE) if len(rows) == PAGE else ()
        await asyncio.gather(*sent)
        await save_marks(conn, after)
        for topic, number in Counter(record.topic for record in outgoing).items():
            self._metrics.sent.labels(topic).inc(number)
        return after, following

    async def _prepare(
        self, conn: Connection, rows: Sequence[asyncpg.Record], marks: Marks
    ) -> tuple[list[Outgoing], Marks]:
        replaced = await self._enrich(conn, rows)
        sent = dict(marks.sent)
        outgoing = []
        for row in rows:
            topic = EVENT_TYPES[row["type"]].topic
            if topic is None:
                continue
            key = row["subject"].encode()
            partition = partition_of(key, self._partitions[topic])
            previous = sent.get((topic, partition), 0)
            payload = replaced[row["position"]] if row["position"] in replaced else row["payload"]
            if row["position"] in replaced and payload is None:
                outgoing.append(Outgoing(topic, partition, key, None, _place(row, previous)))
            else:
                outgoing.append(Outgoing(topic, partition, key, envelope(self._service, row, payload, previous)))
            sent[(topic, partition)] = row["position"]
        return outgoing, Marks(rows[-1]["position"], sent)

    async def _enrich(self, conn: Connection, rows: Sequence[asyncpg.Record]) -> dict[int, str | None]:
        replaced: dict[int, str | None] = {}
        for topic, enricher in self._enrichers.items():
            mine = [row for row in rows if EVENT_TYPES[row["type"]].topic == topic]
            if mine:
                replaced.update(await enricher(conn, mine))
        return replaced

    async def _beat(self, producer: AIOKafkaProducer, marks: Marks, looked_at: datetime) -> None:
        beat = RelayHeartbeat(
            service=self._service,
            sent_at=looked_at,
            caught_up=True,
            marks=tuple(
                Mark(topic=topic, partition=partition, position=marks.sent.get((topic, partition), 0))
                for topic in self._topics
                for partition in range(self._partitions[topic])
            ),
        )
        subject = f"heartbeat/{self._service}"
        value = json.dumps(
            {
                "specversion": "1.0",
                "id": str(uuid4()),
                "source": f"/{self._service}",
                "type": "nrem.relay.beaten.v1",
                "subject": subject,
                "time": looked_at.isoformat(),
                "datacontenttype": "application/json",
                "revision": 1,
                "position": 0,
                "prev": 0,
                "recordedat": looked_at.isoformat(),
                "correlationid": "heartbeat",
                "causationid": None,
                "actor": f"service:{self._service}",
                "data": beat.model_dump(mode="json"),
            }
        )
        await producer.send_and_wait(self._settings.topic_prefix + HEARTBEATS, value.encode(), key=subject.encode())

    async def _measure(self, conn: Connection, marks: Marks) -> None:
        head = await journal_store.read_head(conn)
        position = head["position"] if head else 0
        self._metrics.head.set(position)
        self._metrics.backlog.set(position - marks.journal)
