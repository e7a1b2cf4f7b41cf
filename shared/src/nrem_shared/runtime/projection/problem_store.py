"""SQL of what a projection knows to lack: gaps, and records that it received and did not understand."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import asyncpg

    from nrem_shared.runtime.database import Connection
    from nrem_shared.runtime.projection.store import Place


async def open_gaps(conn: Connection, places: Sequence[Place]) -> list[asyncpg.Record]:
    """Gaps in these topic-partitions, oldest first."""
    return await conn.fetch(
        """
        select g.topic, g.partition, g.after, g.before
          from projection.gap g join unnest($1::text[], $2::integer[]) as p(topic, partition) using (topic, partition)
         order by g.topic, g.partition, g.before
        """,
        [p[0] for p in places],
        [p[1] for p in places],
    )


async def save_gap(conn: Connection, place: Place, after: int, before: int, now: datetime) -> None:
    """Records after position `after` up to and including `before` did not come."""
    await conn.execute(
        """
        insert into projection.gap (topic, partition, after, before, detected_at) values ($1, $2, $3, $4, $5)
        on conflict do nothing
        """,
        place[0],
        place[1],
        after,
        before,
        now,
    )


async def narrow_gap(conn: Connection, place: Place, before: int, after: int) -> None:
    """A record of a gap came after all: the gap begins later now, or is filled."""
    await conn.execute(
        """
        with filled as (
            delete from projection.gap where topic = $1 and partition = $2 and before = $3 and $4 >= before
        )
        update projection.gap set after = $4 where topic = $1 and partition = $2 and before = $3 and $4 < before
        """,
        place[0],
        place[1],
        before,
        after,
    )


async def save_dead_letters(conn: Connection, letters: Sequence[Mapping[str, Any]]) -> None:
    """Keep records that were not understood; the same record twice is one dead letter.

    A letter whose partition was begun anew stands for no offset: the same bytes read again give it one.
    """
    columns = ("topic", "partition", "record_offset", "key", "value", "cause", "detail", "event_type", "failed_at")
    await conn.execute(
        """
        with letter as (
            select *, row_number() over (partition by topic, partition, key, value order by record_offset) as nth
              from unnest($1::text[], $2::integer[], $3::bigint[], $4::text[], $5::bytea[], $6::text[], $7::text[],
                          $8::text[], $9::timestamptz[])
                   as l(topic, partition, record_offset, key, value, cause, detail, event_type, failed_at)
             where (topic, partition, record_offset)
                   not in (select topic, partition, record_offset from projection.dead_letter)
        ), known as (
            select d.id, d.topic, d.partition, d.key, d.value,
                   row_number() over (partition by d.topic, d.partition, d.key, d.value order by d.id) as nth
              from projection.dead_letter d
             where d.record_offset < 0 and d.resolved_at is null
               and (d.topic, d.partition) in (select topic, partition from letter)
        ), found as (
            select k.id, l.topic, l.partition, l.record_offset
              from known k join letter l
                on (l.topic, l.partition, l.nth) = (k.topic, k.partition, k.nth)
               and l.key is not distinct from k.key and l.value is not distinct from k.value
        ), moved as (
            update projection.dead_letter d set record_offset = f.record_offset from found f where d.id = f.id
        )
        insert into projection.dead_letter
               (topic, partition, record_offset, key, value, cause, detail, event_type, failed_at)
        select l.topic, l.partition, l.record_offset, l.key, l.value, l.cause, l.detail, l.event_type, l.failed_at
          from letter l
         where not exists (select from found f
                            where (f.topic, f.partition, f.record_offset) = (l.topic, l.partition, l.record_offset))
        on conflict (topic, partition, record_offset) do nothing
        """,
        *([letter[name] for letter in letters] for name in columns),
    )


async def count_problems(conn: Connection) -> tuple[int, int]:
    """(open dead letters, gaps)."""
    row = await conn.fetchrow(
        """
        select (select count(*) from projection.dead_letter where resolved_at is null) as letters,
               (select count(*) from projection.gap) as gaps
        """
    )
    return (row["letters"], row["gaps"]) if row else (0, 0)


async def dead_letters(conn: Connection, only_open: bool) -> list[asyncpg.Record]:
    """Dead letters without their bytes, oldest first."""
    return await conn.fetch(
        """
        select id, topic, partition, record_offset, key, cause, detail, event_type, failed_at, resolved_at
          from projection.dead_letter
         where not $1 or resolved_at is null
         order by id
        """,
        only_open,
    )


async def lock_open_dead_letters(conn: Connection, ids: Sequence[int] | None) -> list[asyncpg.Record]:
    """Open dead letters with their bytes, locked; all of them where `ids` is null."""
    return await conn.fetch(
        """
        select id, topic, partition, record_offset, key, value
          from projection.dead_letter
         where resolved_at is null and ($1::bigint[] is null or id = any($1))
         order by id
           for update
        """,
        list(ids) if ids is not None else None,
    )


async def forget_dead_letters(conn: Connection, topic: str, key: str, position: int) -> None:
    """Drop the dead letters of a stream that are the record at this journal position."""
    await conn.execute(
        """
        delete from projection.dead_letter
         where topic = $1 and key = $2
           and position(convert_to('"position":' || $3::bigint || ',', 'UTF8') in value) > 0
        """,
        topic,
        key,
        position,
    )


async def resolve_dead_letter(conn: Connection, id: int, now: datetime) -> None:
    """A replay succeeded."""
    await conn.execute("update projection.dead_letter set resolved_at = $2 where id = $1", id, now)


async def fail_dead_letter(conn: Connection, id: int, cause: str, detail: str, now: datetime) -> None:
    """A replay failed: keep the newest reason."""
    await conn.execute(
        "update projection.dead_letter set cause = $2, detail = $3, failed_at = $4 where id = $1",
        id,
        cause,
        detail,
        now,
    )
