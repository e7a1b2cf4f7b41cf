"""All SQL of the journal."""

from __future__ import annotations

import re
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic_core import to_json

from nrem_shared.runtime.arrays import literal

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


class State(NamedTuple):
    """State that is written in the statement of its facts.

    `sql` = one or more `name as (insert … select … from moved, …)`, separated by commas: `moved` has one row where
    the facts are written and none where they are not. Its parameters are `values`, numbered from $1.
    """

    sql: str
    values: Sequence[Any]


class Sealed(NamedTuple):
    """What one command adds: rows with their salts and payloads, answers to keep, and state; all `at` one instant."""

    rows: list[Row]
    salts: list[bytes]
    payloads: list[str]
    answers: list[Answered]
    states: list[State]
    at: datetime


async def lock_head(conn: Connection) -> None:
    """Hold the head until the transaction ends: whoever reads after this reads what was committed last."""
    await conn.execute("select from facts.journal_head for update")


async def read(conn: Connection, keys: Collection[KeyName]) -> tuple[Head, dict[KeyName, Answered]]:
    """The head, and what was answered to `keys` before. Raises LookupError without a head."""
    rows = await conn.fetch(
        """
        select h.position, nullif(h.recorded_at, '-infinity') as recorded_at, h.hash,
               i.actor, i.key, i.request_hash, i.status, i.headers, i.body
          from facts.journal_head h
          left join (unnest($1::text::text[], $2::text::text[]) as asked(actor, key)
                     cross join lateral (select * from facts.idempotency a
                                          where a.actor = asked.actor and a.key = asked.key offset 0) i) on true
        """,
        literal([actor for actor, _ in keys]),
        literal([key for _, key in keys]),
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


#: Moves the head from where it was read; everything else is written only if it stood there still.
_APPEND = """
with moved as (
    update facts.journal_head
       set position = $3, hash = $4, recorded_at = case when $3 > $1::bigint then $5 else recorded_at end
     where position = $1 and hash = $2
    returning position
), journalled as (
    insert into facts.journal (position, id, type, subject, revision, recorded_at, actor, correlation_id,
                               causation_id, payload_hash, redacts, previous_hash, hash)
    select given.position, id, type, subject, revision, $5, actor, correlation_id, causation_id,
           decode(payload_hash, 'hex'), redacts, decode(previous_hash, 'hex'), decode(hash, 'hex')
      from moved, unnest($6::text::bigint[], $7::text::uuid[], $8::text::text[], $9::text::text[],
                         $10::text::bigint[], $11::text::text[], $12::text::text[], $13::text::text[],
                         $14::text::text[], $15::text::bigint[], $16::text::text[], $17::text::text[])
                      as given(position, id, type, subject, revision, actor, correlation_id, causation_id,
                               payload_hash, redacts, previous_hash, hash)
), stored as (
    insert into facts.journal_payload (position, salt, payload)
    select given.position, decode(salt, 'hex'), payload
      from moved, unnest($6::text::bigint[], $18::text::text[], $19::text[]) as given(position, salt, payload)
), remembered as (
    insert into facts.idempotency (actor, key, request_hash, status, headers, body, answered_at)
    select actor, key, decode(request_hash, 'hex'), status, headers::jsonb, body, $5
      from moved, unnest($20::text::text[], $21::text::text[], $22::text::text[], $23::text::integer[],
                         $24::text::text[], $25::text[]) as given(actor, key, request_hash, status, headers, body)
)"""
_PARAMETERS = 25


@cache
def _with_states(*states: str) -> str:
    """One statement for journal, answers and state; it wakes the relay and says whether it wrote."""
    parts, taken = [_APPEND], _PARAMETERS
    for sql in states:
        parts.append(_numbered(sql, taken))
        taken += max(map(int, re.findall(r"\$(\d+)", sql)), default=0)
    return ",\n".join(parts) + "\nselect count(pg_notify('journal', '')) > 0 from moved"


def _numbered(sql: str, taken: int) -> str:
    """The same with its parameters numbered behind those taken."""
    return re.sub(r"\$(\d+)", lambda found: f"${int(found[1]) + taken}", sql)


async def append(conn: Connection, before: Head, sealed: Sealed, after: Head) -> bool:
    """Insert rows, payloads, answers and state, move the head and wake the relay: one statement, all or nothing.

    False, and nothing is written, where the head is not at `before` any more.
    """
    rows, answers = sealed.rows, sealed.answers
    written: bool = await conn.fetchval(
        _with_states(*(state.sql for state in sealed.states)),
        before.position,
        before.hash,
        after.position,
        after.hash,
        sealed.at,
        literal([r.position for r in rows]),
        literal([r.id for r in rows]),
        literal([r.type for r in rows]),
        literal([r.subject for r in rows]),
        literal([r.revision for r in rows]),
        literal([r.actor for r in rows]),
        literal([r.correlation_id for r in rows]),
        literal([r.causation_id for r in rows]),
        literal([r.payload_hash.hex() for r in rows]),
        literal([r.redacts for r in rows]),
        literal([r.previous_hash.hex() for r in rows]),
        literal([r.hash.hex() for r in rows]),
        literal([salt.hex() for salt in sealed.salts]),
        sealed.payloads,
        literal([a.actor for a in answers]),
        literal([a.key for a in answers]),
        literal([a.request_hash.hex() for a in answers]),
        literal([a.status for a in answers]),
        literal([to_json(a.headers).decode() for a in answers]),
        [a.body for a in answers],
        *(value for state in sealed.states for value in state.values),
    )
    return written


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
