"""All SQL of the journal."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    import asyncpg

    from nrem_shared.runtime.database import Connection
    from nrem_shared.runtime.journal.chain import Row

#: Where rows wake the relays.
CHANNEL = "journal"


async def lock_head(conn: Connection) -> asyncpg.Record:
    """The head (position, recorded_at, hash), locked until the transaction ends."""
    row = await conn.fetchrow(
        "select position, nullif(recorded_at, '-infinity') as recorded_at, hash from facts.journal_head for update"
    )
    if row is None:
        raise LookupError("the journal has no head: run migrate")
    return row


async def read_head(conn: Connection) -> asyncpg.Record | None:
    """The head as last committed."""
    return await conn.fetchrow(
        "select position, nullif(recorded_at, '-infinity') as recorded_at, hash from facts.journal_head"
    )


async def append(conn: Connection, rows: Sequence[Row], salts: Sequence[bytes], payloads: Sequence[str]) -> None:
    """Insert rows and payloads, move the head to the last row and wake the relay: one statement."""
    last = rows[-1]
    await conn.execute(
        """
        with journalled as (
            insert into facts.journal (position, id, type, subject, revision, recorded_at, actor, correlation_id,
                                       causation_id, payload_hash, redacts, previous_hash, hash)
            select * from unnest($1::bigint[], $2::uuid[], $3::text[], $4::text[], $5::bigint[], $6::timestamptz[],
                                 $7::text[], $8::text[], $9::text[], $10::bytea[], $11::bigint[], $12::bytea[],
                                 $13::bytea[])
        ), stored as (
            insert into facts.journal_payload (position, salt, payload)
            select * from unnest($1::bigint[], $14::bytea[], $15::text[])
        ), moved as (
            update facts.journal_head set position = $16, recorded_at = $17, hash = $18
        )
        select pg_notify('journal', '')
        """,
        [r.position for r in rows],
        [r.id for r in rows],
        [r.type for r in rows],
        [r.subject for r in rows],
        [r.revision for r in rows],
        [r.recorded_at for r in rows],
        [r.actor for r in rows],
        [r.correlation_id for r in rows],
        [r.causation_id for r in rows],
        [r.payload_hash for r in rows],
        [r.redacts for r in rows],
        [r.previous_hash for r in rows],
        [r.hash for r in rows],
        list(salts),
        list(payloads),
        last.position,
        last.recorded_at,
        last.hash,
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
