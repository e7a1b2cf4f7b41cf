"""Writing to the journal: state and facts commit in one transaction, or not at all."""

from __future__ import annotations

import os
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote
from uuid import UUID, uuid4

from nrem_shared.contracts.operations import PayloadRedacted
from nrem_shared.contracts.registry import EVENT_TYPES
from nrem_shared.runtime.journal import store
from nrem_shared.runtime.journal.chain import SALT_BYTES, Row, chained_hash, payload_hash

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Collection, Iterable, Mapping

    from nrem_shared.contracts.base import Contract
    from nrem_shared.runtime.clock import Clock
    from nrem_shared.runtime.database import Connection, Pool
    from nrem_shared.runtime.journal.store import Answered, Head, KeyName

#: The largest payload of one fact, in bytes: Kafka's record limit with room for the envelope.
MAX_PAYLOAD = 256 * 1024

#: A fact told again without what was redacted says what it takes the place of, too.
REDACTION_ROOM = 16 * 1024


class PayloadTooLarge(Exception):
    """A fact is larger than one record may be; carries its size in bytes."""

    def __init__(self, subject: str, size: int) -> None:
        super().__init__(f"{subject}: the fact has {size} bytes, at most {MAX_PAYLOAD} are allowed")
        self.size = size


@dataclass(frozen=True, slots=True)
class Provenance:
    """Who brought something about, and in the course of what."""

    actor: str
    correlation_id: str
    causation_id: str | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """Something decided. `revision` is the stream's next; `redacts` names the position whose payload goes."""

    type: str
    subject: str
    revision: int
    data: Contract
    provenance: Provenance | None = None
    redacts: int | None = None

    def __post_init__(self) -> None:
        """Raise ValueError for a type or a model that the registry does not have."""
        known = EVENT_TYPES.get(self.type)
        if known is None or not isinstance(self.data, known.model):
            raise ValueError(f"{self.type} does not carry {type(self.data).__name__}")


class Writing:
    """One open transaction that holds the journal's head.

    `conn` is its connection, `now` the time of the command: the clock's, never before the last record. `answered` =
    (actor, key) → what was answered before, for the keys that `Journal.writing` was asked about; null = nothing.
    """

    def __init__(
        self,
        service: str,
        conn: Connection,
        clock: Clock,
        provenance: Provenance,
        head: Head,
        answered: Mapping[KeyName, Answered | None],
    ) -> None:
        now = clock.now()
        self.conn = conn
        self.now = max(now, head.recorded_at) if head.recorded_at else now
        self.provenance = provenance
        self.answered = answered
        self._service = service
        self._position, self._hash = head.position, head.hash
        self._facts: list[Fact] = []
        self._sealed = store.Sealed([], [], [], [])

    def record(self, *facts: Fact) -> None:
        """Add facts, in order, each chained to the one before; they are journalled when the transaction ends.

        Raises PayloadTooLarge.
        """
        for fact in facts:
            salt, payload = os.urandom(SALT_BYTES), fact.data.model_dump_json(exclude_none=False)
            limit = MAX_PAYLOAD + (REDACTION_ROOM if fact.redacts is not None else 0)
            if len(payload) > limit or len(payload.encode()) > limit:
                raise PayloadTooLarge(fact.subject, len(payload.encode()))
            row = _row(fact, self, self._position + 1, self._hash, payload_hash(salt, payload))
            self._position, self._hash = row.position, row.hash
            self._facts.append(fact)
            self._sealed.add(row, salt, payload)

    def remember(self, *answers: Answered) -> None:
        """Keep answers, so that a repeated request gets the same one; they are written with the facts."""
        self._sealed.answers.extend(answers)

    async def seal(self) -> None:
        """Write what was recorded and what is to be remembered, at the end of the transaction."""
        if self._sealed.rows or self._sealed.answers:
            await store.append(self.conn, self._sealed, self.now)
        for row in self._sealed.rows:
            if row.redacts is not None:
                await store.redact(self.conn, row.redacts)

    @property
    def facts(self) -> tuple[Fact, ...]:
        """What was recorded so far."""
        return tuple(self._facts)

    @property
    def after(self) -> str:
        """For `Nrem-After`: the newest revision of each stream that this command changed."""
        return self.after_of(self._facts)

    def after_of(self, facts: Iterable[Fact]) -> str:
        """The same for some of the facts, where several commands share the transaction.

        A stream's name is written as in an address: a header and a cookie carry few characters.
        """
        newest = {fact.subject: fact.revision for fact in facts}
        return ", ".join(f"{self._service}:{quote(subject)}@{revision}" for subject, revision in newest.items())


class Journal:
    """The journal of one service. Commands are serial: each locks the head first, then reads, decides and writes."""

    def __init__(self, service: str, pool: Pool, clock: Clock) -> None:
        self.service = service
        self._pool = pool
        self._clock = clock

    @asynccontextmanager
    async def writing(self, provenance: Provenance, keys: Collection[KeyName] = ()) -> AsyncIterator[Writing]:
        """A transaction for one command (or many at once); commits at exit, rolls everything back on an error.

        `keys` = (actor, Idempotency-Key) of those that may have been answered before. Raises PayloadTooLarge, and
        asyncpg's errors where the database refuses.
        """
        async with self._pool.acquire() as conn, conn.transaction():
            await store.lock_head(conn)
            head, before = await store.read_locked(conn, keys)
            writing = Writing(self.service, conn, self._clock, provenance, head, {key: before.get(key) for key in keys})
            yield writing
            await writing.seal()

    async def redact(self, position: int, reason: str, provenance: Provenance) -> None:
        """Delete what the fact at `position` said, for a reason that stays. Raises LookupError where there is none."""
        async with self.writing(provenance) as writing:
            subject = await store.subject_at(writing.conn, position)
            if subject is None:
                raise LookupError(f"the journal has no position {position}")
            stream = f"redaction/{position}"
            writing.record(
                Fact(
                    "nrem.payload.redacted.v1",
                    stream,
                    await store.revision_of(writing.conn, stream) + 1,
                    PayloadRedacted(position=position, subject=subject, reason=reason),
                    redacts=position,
                )
            )


def _row(fact: Fact, writing: Writing, position: int, previous: bytes, hashed: bytes) -> Row:
    provenance = fact.provenance or writing.provenance
    event_id: UUID = uuid4()
    return Row(
        position=position,
        id=event_id,
        type=fact.type,
        subject=fact.subject,
        revision=fact.revision,
        recorded_at=writing.now,
        actor=provenance.actor,
        correlation_id=provenance.correlation_id,
        causation_id=provenance.causation_id,
        payload_hash=hashed,
        redacts=fact.redacts,
        previous_hash=previous,
        hash=chained_hash(
            previous,
            position=position,
            id=event_id,
            type=fact.type,
            subject=fact.subject,
            revision=fact.revision,
            recorded_at=writing.now,
            actor=provenance.actor,
            correlation_id=provenance.correlation_id,
            causation_id=provenance.causation_id,
            payload_hash=hashed,
            redacts=fact.redacts,
        ),
    )
