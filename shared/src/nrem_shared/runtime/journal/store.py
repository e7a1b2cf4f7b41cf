"""All SQL of the journal."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from uuid import UUID

    import asyncpg

    from nrem_shared.runtime.database import Connection
    from nrem_shared.runtime.journal.chain import Row

#: Where rows wake the relays.
CHANNEL = "journal"

#: Whose key it is, and the Idempotency-Key.
KeyName = tuple[str, str]


class Head(NamedTuple):
    """Where the journal stands; `recorded_at` is null before the first row."""

    position: int
    recorded_at: datetime | None
    hash: bytes


class Answered(NamedTuple):
    """An answer as it is kept: to which key of whom, to what request, and what it was."""

    actor: str
    key: str
    request_hash: bytes
    status: int
    headers: Mapping[str, str]
    body: str


class Sealed(NamedTuple):
    """What one transaction adds: rows with their salts and payloads, of one instant, and answers to keep."""

    rows: list[Row]
    salts: list[bytes]
    payloads: list[str]
    answers: list[Answered]

    def add(self, row: Row, salt: bytes, payload: str) -> None:
        """One row more."""
        self.rows.append(row)
        self.salts.append(salt)
        self.payloads.append(payload)


async def lock_head(conn: Connection) -> None:
    """Hold the head until the transaction ends: whoever reads after this reads what was committed last."""
    await conn.execute("select from facts.journal_head for update")


async def read_locked(conn: Connection, keys: Collection[KeyName]) -> tuple[Head, dict[KeyName, Answered]]:
    """The head, once it is locked, and what was answered to `keys` before. Raises LookupError without a head."""
    rows = await conn.fetch(
        """
        select h.position, nullif(h.recorded_at, '-infinity') as recorded_at, h.hash,
               i.actor, i.key, i.request_hash, i.status, i.headers, i.body
          from facts.journal_head h
          left join (unnest($1::text[], $2::text[]) as asked(actor, key)
                     cross join lateral (select * from facts.idempotency a
                                          where a.actor = asked.actor and a.key = asked.key offset 0) i) on true
        """,
        [actor for actor, _ in keys],
        [key for _, key in keys],
    )
    if not rows:
        raise LookupError("the journal has no head: run migrate")
    found = [Answered(*row[3:]) for row in rows if row["key"] is not None]
    return Head(*rows[0][:3]), {(each.actor, each.key): each for each in found}


async def read_head(conn: Connection) -> asyncpg.Record | None:
    """The head as last committed."""
    return await conn.fetchrow(
        "select position, nullif(recorded_at, '-infinity') as recorded_at, hash from facts.journal_head"
    )


async def append(conn: Connection, sealed: Sealed, now: datetime) -> None:
    """Insert rows, payloads and answers, move the head to the last row and wake the relay: one statement."""
    rows, answers = sealed.rows, sealed.answers
    await conn.execute(
        """
        with journalled as (
            insert into facts.journal (position, id, type, subject, revision, recorded_at, actor, correlation_id,
                                       causation_id, payload_hash, redacts, previous_hash, hash)
            select position, id, type, subject, revision, $6, actor, correlation_id, causation_id, payload_hash,
                   redacts, previous_hash, hash
              from unnest($1::bigint[], $2::uuid[], $3::text[], $4::text[], $5::bigint[], $7::text[], $8::text[],
                          $9::text[], $10::bytea[], $11::bigint[], $12::bytea[], $13::bytea[])
                   as given(position, id, type, subject, revision, actor, correlation_id, causation_id, payload_hash,
                            redacts, previous_hash, hash)
            returning position, hash
        ), stored as (
            insert into facts.journal_payload (position, salt, payload)
            select * from unnest($1::bigint[], $14::bytea[], $15::text[])
        ), remembered as (
            insert into facts.idempotency (actor, key, request_hash, status, headers, body, answered_at)
            select actor, key, request_hash, status, headers, body, $6
              from unnest($16::text[], $17::text[], $18::bytea[], $19::integer[], $20::jsonb[], $21::text[])
                   as given(actor, key, request_hash, status, headers, body)
        ), moved as (
            update facts.journal_head set position = last.position, recorded_at = $6, hash = last.hash
              from (select position, hash from journalled order by position desc limit 1) last
        )
        select pg_notify('journal', '')
        """,
        [r.position for r in rows],
        [r.id for r in rows],
        [r.type for r in rows],
        [r.subject for r in rows],
        [r.revision for r in rows],
        now,
        [r.actor for r in rows],
        [r.correlation_id for r in rows],
        [r.causation_id for r in rows],
        [r.payload_hash for r in rows],
        [r.redacts for r in rows],
        [r.previous_hash for r in rows],
        [r.hash for r in rows],
        sealed.salts,
        sealed.payloads,
        [a.actor for a in answers],
        [a.key for a in answers],
        [a.request_hash for a in answers],
        [a.status for a in answers],
        [a.headers for a in answers],
        [a.body for a in answers],
    )


async def redact(conn: Connection, position: int) -> bool:
    """Delete payload and salt at `position`, if a journalled redaction names it; whether anything was there."""
    return bool(await conn.fetchval("select facts.redact($1)", position))


async def revision_of(conn: Connection, subject: str) -> int:
    """The newest revision of a stream; 0 where it has none."""
    return int(await conn.fetchval("select coalesce(max(revision), 0) from facts.journal where subject = $1", subject))


async def subject_at(conn: Connection, position: int) -> str | None:
    """The stream of the row at `position`."""
    subject: str | None = await conn.fetchval("select subject from facts.journal where position = $1", position)
    return subject


async def of_streams(conn: Connection, subjects: Sequence[str]) -> list[asyncpg.Record]:
    """Every row of these streams that has its payload, in order; a subject may end in `/%` or hold it (as in LIKE)."""
    return await conn.fetch(
        """
        select j.position, j.type, j.subject, j.revision, j.recorded_at, p.payload
          from facts.journal j join facts.journal_payload p using (position)
         where j.subject like any($1::text[])
         order by j.position
        """,
        list(subjects),
    )


async def page(conn: Connection, after: int, limit: int) -> list[asyncpg.Record]:
    """Rows after a position with their payload (null where redacted), in order."""
    return await conn.fetch(
        """
        select j.position, j.id, j.type, j.subject, j.revision, j.recorded_at, j.actor, j.correlation_id,
               j.causation_id, j.payload_hash, j.redacts, j.previous_hash, j.hash, p.salt, p.payload
          from facts.journal j left join facts.journal_payload p using (position)
         where j.position > $1
         order by j.position
         limit $2
        """,
        after,
        limit,
    )


async def redacted_positions(conn: Connection) -> set[int]:
    """Every position that some redaction names."""
    rows = await conn.fetch("select redacts from facts.journal where redacts is not null")
    return {row["redacts"] for row in rows}


async def recorded(conn: Connection, id: UUID) -> datetime | None:
    """When the event with this id was journalled."""
    instant: datetime | None = await conn.fetchval("select recorded_at from facts.journal where id = $1", id)
    return instant
