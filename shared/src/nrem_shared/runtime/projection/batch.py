"""Applying one batch of records: which are new, which are missing, which are not understood. One transaction."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from nrem_shared.contracts.operations import FactRedacted
from nrem_shared.contracts.topics import HEARTBEATS, TOPICS
from nrem_shared.runtime.projection import problem_store, store
from nrem_shared.runtime.projection.events import Event, NewerVersion, NotUnderstood, decode, erased, told

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from aiokafka import ConsumerRecord

    from nrem_shared.runtime.database import Connection
    from nrem_shared.runtime.projection.store import Place

    TopicHandler = Callable[[Connection, Sequence[Event]], Awaitable[None]]


class Received(NamedTuple):
    """One record as it came: its event, or the dead letter it became.

    `position` and `prev` are its place among the journal's rows on this topic-partition; 0 where it names none.
    """

    record: ConsumerRecord[bytes, bytes]
    place: Place
    position: int
    prev: int
    event: Event | None = None
    letter: Mapping[str, Any] | None = None

    def refused(self, error: Exception) -> Received:
        """The same record, once its handler would not take it."""
        kind = self.event.type if self.event else None
        letter = dead_letter(self.record, self.place, type(error).__name__, str(error), kind)
        return Received(self.record, self.place, self.position, self.prev, letter=letter)


@dataclass(slots=True)
class Decoded:
    """A batch after decoding; `halt` says why reading must stop after these records."""

    received: list[Received] = field(default_factory=list)
    halt: str | None = None
    letters: int = 0

    @property
    def offsets(self) -> dict[Place, int]:
        """The next offset of each topic-partition after this batch."""
        return {one.place: one.record.offset + 1 for one in self.received}

    def split(self) -> list[Decoded]:
        """The same records, each a batch of its own; the last one carries the halt."""
        single = [Decoded([one]) for one in self.received]
        single[-1].halt = self.halt
        return single


@dataclass(slots=True)
class Applied:
    """What a batch did: topic → number of events, duplicates by topic, dead letters, gaps; and what is open now."""

    events: dict[str, int] = field(default_factory=dict)
    duplicates: dict[str, int] = field(default_factory=dict)
    letters: int = 0
    gaps: int = 0
    open_letters: int = 0
    open_gaps: int = 0


@dataclass(slots=True)
class _New:
    """What of a batch was not applied before, in order."""

    events: dict[str, list[Event]] = field(default_factory=lambda: defaultdict(list))
    letters: list[Mapping[str, Any]] = field(default_factory=list)


def decode_batch(records: Sequence[ConsumerRecord[bytes, bytes]], prefix: str, letter_limit: int = 100) -> Decoded:
    """Decode in order; stops before the first record of a newer version, and after `letter_limit` dead letters."""
    batch = Decoded()
    decode_on(batch, records, prefix, letter_limit)
    return batch


def decode_on(
    batch: Decoded, records: Sequence[ConsumerRecord[bytes, bytes]], prefix: str, letter_limit: int = 100
) -> None:
    """Decode what follows the records of a batch that has not halted."""
    places = {at: (at[0].removeprefix(prefix), at[1]) for at in {(one.topic, one.partition) for one in records}}
    for record in records:
        place = places[record.topic, record.partition]
        try:
            batch.received.append(_receive(record, place))
        except NewerVersion as error:
            batch.halt = f"{place[0]} partition {place[1]} offset {record.offset}: {error}"
            break
        batch.letters += batch.received[-1].letter is not None
        if batch.letters >= letter_limit:
            batch.halt = f"{batch.letters} records in one batch were not understood (nrem dead-letters list)"
            break


def _receive(record: ConsumerRecord[bytes, bytes], place: Place) -> Received:
    try:
        if record.value is None:
            sent_at = datetime.fromtimestamp(record.timestamp / 1000, UTC)
            event = erased(record.key, dict(record.headers), sent_at)
        else:
            event = decode(record.value)
    except NotUnderstood as error:
        letter = dead_letter(record, place, error.cause, str(error), error.event_type)
        position, prev = (error.envelope.position, error.envelope.prev) if error.envelope else (0, 0)
        return Received(record, place, position, prev, letter=letter)
    return Received(record, place, event.position, event.prev, event=event)


def dead_letter(
    record: ConsumerRecord[bytes, bytes], place: Place, cause: str, detail: str, event_type: str | None
) -> dict[str, Any]:
    """The row that keeps a record which was not understood."""
    return {
        "topic": place[0],
        "partition": place[1],
        "record_offset": record.offset,
        "key": _storable(record.key.decode("utf-8", "replace")) if record.key else None,
        "value": record.value,
        "cause": cause,
        "detail": _storable(detail[:2000]),
        "event_type": _storable(event_type) if event_type else None,
        "failed_at": datetime.now(UTC),
    }


def _storable(text: str) -> str:
    """Without what PostgreSQL's text cannot hold: a record that spoils its own dead letter would stop everything."""
    return text.replace("\x00", "\ufffd").encode("utf-8", "replace").decode()


async def apply_batch(conn: Connection, batch: Decoded, handlers: Mapping[str, Sequence[TopicHandler]]) -> Applied:
    """Apply inside the caller's transaction: new events by topic, places, streams, gaps, dead letters."""
    result = Applied()
    offsets = batch.offsets
    positions = await store.lock_applied(conn, sorted(offsets))
    new = await _select_new(conn, batch, positions, result)
    for topic, events in new.events.items():
        heard = [told(event) for event in events]
        for handler in handlers.get(topic, ()):
            await handler(conn, heard)
        result.events[topic] = len(events)
    await _forget_letters(conn, new)
    streams = _newest_revisions(new.events)
    if streams:
        await store.save_streams(conn, streams)
    if new.letters:
        await problem_store.save_dead_letters(conn, new.letters)
        result.letters = len(new.letters)
    await store.save_applied(conn, {place: (positions[place], offsets[place]) for place in sorted(offsets)})
    topics = [topic for topic in handlers if topic != HEARTBEATS]
    result.open_letters, result.open_gaps = await store.save_freshness(conn, topics)
    return result


async def _forget_letters(conn: Connection, new: _New) -> None:
    """A record that was not understood and is redacted since: its bytes go, what it said was told again."""
    for topic, events in new.events.items():
        for event in events:
            if isinstance(event.data, FactRedacted):
                await problem_store.forget_dead_letters(conn, topic, event.subject, event.data.told)


def _newest_revisions(fresh: Mapping[str, Sequence[Event]]) -> dict[str, int]:
    streams: dict[str, int] = {}
    for topic, events in fresh.items():
        if topic != HEARTBEATS:
            for event in events:
                streams[event.subject] = max(event.revision, streams.get(event.subject, 0))
    return streams


async def _select_new(conn: Connection, batch: Decoded, positions: dict[Place, int], result: Applied) -> _New:
    """What was not applied before, in order; moves `positions` on and keeps account of gaps."""
    new = _New()
    gaps: dict[Place, list[list[int]]] | None = None  # not asked for while each record is the very next
    for one in batch.received:
        topic = one.place[0]
        numbered = topic != HEARTBEATS and one.position > 0
        if numbered and one.prev < positions[one.place] < one.position:
            new.letters.append(one.letter or _out_of_place(one, positions[one.place]))
            continue
        fresh = not numbered or _follows(one, positions)
        if not fresh:
            gaps = await _open_gaps(conn, positions) if gaps is None else gaps
            fresh = await _advance(conn, one, positions, gaps, result)
        if not fresh:
            result.duplicates[topic] = result.duplicates.get(topic, 0) + 1
        elif one.event is not None:
            new.events[topic].append(one.event)
        elif one.letter is not None:
            new.letters.append(one.letter)
    return new


def _out_of_place(one: Received, at: int) -> Mapping[str, Any]:
    """No relay of ours leaves out what it sent itself: to follow this record would hide everything up to it."""
    detail = f"position {one.position} says it follows {one.prev}, but {at} was received in between"
    return dead_letter(one.record, one.place, "out-of-place", detail, one.event.type if one.event else None)


def _follows(one: Received, positions: dict[Place, int]) -> bool:
    """Move its place on where it is the very next, as nearly always."""
    if not one.prev == positions[one.place] < one.position:
        return False
    positions[one.place] = one.position
    return True


async def _advance(
    conn: Connection,
    one: Received,
    positions: dict[Place, int],
    gaps: dict[Place, list[list[int]]],
    result: Applied,
) -> bool:
    """Move its place on, opening or narrowing gaps. False for what was received before."""
    place, at = one.place, positions[one.place]
    if one.position <= at:
        gap = next((g for g in gaps.get(place, ()) if g[0] < one.position <= g[1]), None)
        if gap is None:
            return False
        if one.prev <= gap[0]:
            gap[0] = one.position
            await problem_store.narrow_gap(conn, place, gap[1], one.position)
    elif one.prev > at and not TOPICS[place[0]].compacted:
        gaps.setdefault(place, []).append([at, one.prev])
        await problem_store.save_gap(conn, place, at, one.prev, datetime.now(UTC))
        result.gaps += 1
    positions[place] = max(at, one.position)
    return True


async def _open_gaps(conn: Connection, positions: Mapping[Place, int]) -> dict[Place, list[list[int]]]:
    gaps: dict[Place, list[list[int]]] = defaultdict(list)
    for row in await problem_store.open_gaps(conn, list(positions)):
        gaps[(row["topic"], row["partition"])].append([row["after"], row["before"]])
    return gaps
