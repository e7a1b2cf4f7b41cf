"""One command: the facts it records, the answers it remembers, the state it keeps, and how they are written."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote
from uuid import UUID

from nrem_shared.contracts.registry import EVENT_TYPES
from nrem_shared.runtime.journal import store
from nrem_shared.runtime.journal.chain import ID_BYTES, SALT_BYTES, Row, chained_hash, payload_hash
from nrem_shared.runtime.journal.store import Head

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from nrem_shared.contracts.base import Contract
    from nrem_shared.runtime.database import Connection
    from nrem_shared.runtime.journal.store import Answered, KeyName, State

#: The largest payload of one fact, in bytes: Kafka's record limit with room for the envelope.
MAX_PAYLOAD = 256 * 1024

#: A fact told again without what was redacted says what it takes the place of, too.
REDACTION_ROOM = 16 * 1024


class PayloadTooLarge(Exception):
    """A fact is larger than one record may be; carries its size in bytes."""

    def __init__(self, subject: str, size: int) -> None:
        super().__init__(f"{subject}: the fact has {size} bytes, at most {MAX_PAYLOAD} are allowed")
        self.size = size


class Overtaken(Exception):
    """What a command decided on was changed before its turn came; nothing of it was written."""


class Provenance(NamedTuple):
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


class _Recorded(NamedTuple):
    """A fact with what its row needs beside its place in the chain."""

    fact: Fact
    id: UUID
    salt: bytes
    payload: str
    payload_hash: bytes


class Writing:
    """One command: what it reads by, and what it adds to the journal.

    `conn` is its connection, `now` the time of the command: the clock's, never before the last record. `answered` =
    (actor, key) → what was answered before, for the keys that the journal was asked about; null = nothing.
    """

    def __init__(
        self,
        service: str,
        conn: Connection,
        now: datetime,
        provenance: Provenance,
        head: Head,
        answered: Mapping[KeyName, Answered | None],
    ) -> None:
        self.conn = conn
        self.now = max(now, head.recorded_at) if head.recorded_at else now
        self.head = head
        self.provenance = provenance
        self.answered = answered
        self._service = service
        self._recorded: list[_Recorded] = []
        self._answers: list[Answered] = []
        self._states: list[State] = []

    def record(self, *facts: Fact) -> None:
        """Add facts, in order; they are journalled when the command ends, each chained to the one before.

        Raises PayloadTooLarge.
        """
        chance = os.urandom((ID_BYTES + SALT_BYTES) * len(facts))  # asked of the system once, not for each fact
        for at, fact in zip(range(0, len(chance), ID_BYTES + SALT_BYTES), facts, strict=True):
            salt = chance[at + ID_BYTES : at + ID_BYTES + SALT_BYTES]
            payload = fact.data.model_dump_json(exclude_none=False)
            limit = MAX_PAYLOAD + (REDACTION_ROOM if fact.redacts is not None else 0)
            if len(payload) > limit or len(payload.encode()) > limit:
                raise PayloadTooLarge(fact.subject, len(payload.encode()))
            fact_id = UUID(bytes=chance[at : at + ID_BYTES], version=4)
            self._recorded.append(_Recorded(fact, fact_id, salt, payload, payload_hash(salt, payload)))

    def remember(self, *answers: Answered) -> None:
        """Keep answers, so that a repeated request gets the same one; they are written with the facts."""
        self._answers.extend(answers)

    def keep(self, state: State) -> None:
        """Write state in the statement of the facts: it cannot be read before. One of a kind for each command."""
        self._states.append(state)

    @property
    def writes(self) -> bool:
        """Whether there is anything to write."""
        return bool(self._recorded or self._answers or self._states)

    @property
    def names(self) -> frozenset[str | KeyName]:
        """What it changes: the streams of its facts, the keys that it answers."""
        return frozenset([*(fact.subject for fact in self.facts), *((a.actor, a.key) for a in self._answers)])

    async def seal(self, head: Head) -> Head:
        """Write what was recorded, kept and remembered after `head`; where the head stands then.

        Raises Overtaken where it does not stand at `head` any more.
        """
        if not self.writes:
            return head
        rows: list[Row] = []
        position, previous = head.position, head.hash
        for recorded in self._recorded:
            position += 1
            rows.append(_row(recorded, self, position, previous))
            previous = rows[-1].hash
        after = Head(position, self.now if rows else head.recorded_at, previous)
        salts, payloads = [each.salt for each in self._recorded], [each.payload for each in self._recorded]
        sealed = store.Sealed(rows, salts, payloads, self._answers, self._states, self.now)
        if not await store.append(self.conn, head, sealed, after):
            raise Overtaken
        for row in rows:
            if row.redacts is not None:
                await store.redact(self.conn, row.redacts)
        return after

    @property
    def facts(self) -> tuple[Fact, ...]:
        """What was recorded so far."""
        return tuple(each.fact for each in self._recorded)

    @property
    def after(self) -> str:
        """For `Nrem-After`: the newest revision of each stream that this command changed."""
        return self.after_of(self.facts)

    def after_of(self, facts: Iterable[Fact]) -> str:
        """The same for some of the facts, where several commands are written together.

        A stream's name is written as in an address: a header and a cookie carry few characters.
        """
        newest = {fact.subject: fact.revision for fact in facts}
        return ", ".join(f"{self._service}:{quote(subject)}@{revision}" for subject, revision in newest.items())


def _row(recorded: _Recorded, writing: Writing, position: int, previous: bytes) -> Row:
    fact = recorded.fact
    provenance = fact.provenance or writing.provenance
    row = Row(
        position=position,
        id=recorded.id,
        type=fact.type,
        subject=fact.subject,
        revision=fact.revision,
        recorded_at=writing.now,
        actor=provenance.actor,
        correlation_id=provenance.correlation_id,
        causation_id=provenance.causation_id,
        payload_hash=recorded.payload_hash,
        redacts=fact.redacts,
        previous_hash=previous,
    )
    return Row(*row[:-1], chained_hash(row))
