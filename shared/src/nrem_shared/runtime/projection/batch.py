"""Applying one batch of records: which are new, which are missing, which are not understood. One transaction."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from nrem_shared.contracts.topics import HEARTBEATS, TOPICS
from nrem_shared.runtime.projection import store
from nrem_shared.runtime.projection.events import ERASED, Event, NewerVersion, NotUnderstood, decode, erased

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from aiokafka import ConsumerRecord

    from nrem_shared.runtime.database import Connection
    from nrem_shared.runtime.projection.store import Place

    TopicHandler = Callable[[Connection, Sequence[Event]], Awaitable[None]]


@dataclass(slots=True)
class Decoded:
    """A batch after decoding; `halt` says why reading must stop after these records."""

    events: list[tuple[Place, Event]] = field(default_factory=list)
    letters: list[dict[str, Any]] = field(default_factory=list)
    offsets: dict[Place, int] = field(default_factory=dict)
    halt: str | None = None


@dataclass(slots=True)
class Applied:
    """What a batch did: topic → number of events, duplicates by topic, dead letters, gaps found."""

    events: dict[str, int] = field(default_factory=dict)
    duplicates: dict[str, int] = field(default_factory=dict)
    letters: int = 0
    gaps: int = 0


def decode_batch(records: Sequence[ConsumerRecord[bytes, bytes]], prefix: str) -> Decoded:
    """Decode in order; stops before the first record of a newer version."""
    batch = Decoded()
    for record in records:
        place = (record.topic.removeprefix(prefix), record.partition)
        try:
            if record.value is None:
                batch.events.append((place, erased(record.key, datetime.fromtimestamp(record.timestamp / 1000, UTC))))
            else:
                batch.events.append((place, decode(record.value)))
        except NewerVersion as error:
            batch.halt = f"{place[0]} partition {place[1]} offset {record.offset}: {error}"
            break
        except NotUnderstood as error:
            batch.letters.append(dead_letter(record, place, error.cause, str(error), error.event_type))
        batch.offsets[place] = record.offset + 1
    return batch


def dead_letter(
    record: ConsumerRecord[bytes, bytes], place: Place, cause: str, detail: str, event_type: str | None
) -> dict[str, Any]:
    """The row that keeps a record which was not understood."""
    return {
        "topic": place[0],
        "partition": place[1],
        "record_offset": record.offset,
        "key": record.key.decode("utf-8", "replace") if record.key else None,
        "value": record.value,
        "cause": cause,
        "detail": detail[:2000],
        "event_type": event_type,
        "failed_at": datetime.now(UTC),
    }


async def apply_batch(conn: Connection, batch: Decoded, handlers: Mapping[str, Sequence[TopicHandler]]) -> Applied:
    """Apply inside the caller's transaction: new events by topic, places, streams, gaps, dead letters."""
    result = Applied(letters=len(batch.letters))
    places = sorted(batch.offsets)
    positions = await store.lock_applied(conn, places)
    fresh = await _select_new(conn, batch, positions, result)
    for topic, events in fresh.items():
        for handler in handlers.get(topic, ()):
            await handler(conn, events)
        result.events[topic] = len(events)
    streams: dict[str, int] = {}
    for topic, events in fresh.items():
        if topic != HEARTBEATS:
            for event in (e for e in events if e.type != ERASED):
                streams[event.subject] = max(event.revision, streams.get(event.subject, 0))
    if streams:
        await store.save_streams(conn, streams)
    if batch.letters:
        await store.save_dead_letters(conn, batch.letters)
    await store.save_applied(conn, {place: (positions[place], batch.offsets[place]) for place in places})
    await store.save_freshness(conn, [topic for topic in handlers if topic != HEARTBEATS])
    await store.notify(conn)
    return result


async def _select_new(
    conn: Connection, batch: Decoded, positions: dict[Place, int], result: Applied
) -> dict[str, list[Event]]:
    """Events not applied before, by topic in order; moves `positions` on and keeps account of gaps."""
    fresh: dict[str, list[Event]] = defaultdict(list)
    gaps = await _open_gaps(conn, positions)
    for place, event in batch.events:
        topic = place[0]
        if topic == HEARTBEATS or event.type == ERASED:
            fresh[topic].append(event)
            continue
        at = positions[place]
        if event.position <= at:
            gap = next((g for g in gaps.get(place, ()) if g[0] < event.position <= g[1]), None)
            if gap is None:
                result.duplicates[topic] = result.duplicates.get(topic, 0) + 1
                continue
            if event.prev <= gap[0]:
                gap[0] = event.position
                await store.narrow_gap(conn, place, gap[1], event.position)
        elif event.prev > at and not TOPICS[topic].compacted:
            gaps.setdefault(place, []).append([at, event.prev])
            await store.save_gap(conn, place, at, event.prev, datetime.now(UTC))
            result.gaps += 1
        positions[place] = max(at, event.position)
        fresh[topic].append(event)
    return fresh


async def _open_gaps(conn: Connection, positions: Mapping[Place, int]) -> dict[Place, list[list[int]]]:
    gaps: dict[Place, list[list[int]]] = defaultdict(list)
    for row in await store.open_gaps(conn, list(positions)):
        gaps[(row["topic"], row["partition"])].append([row["after"], row["before"]])
    return gaps
