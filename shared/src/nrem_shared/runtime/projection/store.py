"""All SQL that every projection keeps about itself."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from nrem_shared.runtime.arrays import literal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import asyncpg

    from nrem_shared.contracts.operations import Mark
    from nrem_shared.runtime.database import Connection

    Place = tuple[str, int]

#: Where waiting readers are woken.
CHANNEL = "projected"


async def generation(conn: Connection) -> UUID:
    """The identity of this build of the projection; it cannot be dropped before the transaction ends."""
    found: UUID = await conn.fetchval("select id from projection.generation")
    return found


async def offsets(conn: Connection) -> dict[Place, int]:
    """Topic-partition → the next offset to read."""
    rows = await conn.fetch("select topic, partition, next_offset from projection.applied")
    return {(row["topic"], row["partition"]): row["next_offset"] for row in rows}


async def add_places(conn: Connection, places: Sequence[Place]) -> None:
    """Topic-partitions that are read from now on; those never seen stand at 0."""
    await conn.execute(
        """
        insert into projection.applied (topic, partition, position, next_offset)
        select topic, partition, 0, 0 from unnest($1::text[], $2::integer[]) as p(topic, partition)
        on conflict do nothing
        """,
        [p[0] for p in places],
        [p[1] for p in places],
    )


async def lock_places(conn: Connection, topics: Sequence[str]) -> list[asyncpg.Record]:
    """Partition, next offset and topic id of everything read of these topics, locked."""
    return await conn.fetch(
        """
        select topic, partition, next_offset, topic_id
          from projection.applied where topic = any($1::text[])
         order by topic, partition
           for update
        """,
        list(topics),
    )


async def begin_anew(conn: Connection, places: Sequence[Place]) -> None:
    """Read from the first record again. Positions stay, so that what was applied is passed over and gaps are filled.

    Dead letters keep their bytes and no longer stand for an offset.
    """
    await conn.execute(
        """
        with place as (
            select topic, partition from unnest($1::text[], $2::integer[]) as p(topic, partition)
        ), letter as (
            update projection.dead_letter d set record_offset = -d.id
              from place p where d.topic = p.topic and d.partition = p.partition and d.record_offset >= 0
        )
        update projection.applied a set next_offset = 0
          from place p where a.topic = p.topic and a.partition = p.partition
        """,
        [p[0] for p in places],
        [p[1] for p in places],
    )


async def forget_topic(conn: Connection, topic: str) -> None:
    """Everything of a topic is to be applied once more, wherever its streams stand now."""
    await conn.execute(
        """
        with gap as (
            delete from projection.gap where topic = $1
        ), letter as (
            delete from projection.dead_letter where topic = $1
        )
        update projection.applied set position = 0, next_offset = 0, topic_id = null where topic = $1
        """,
        topic,
    )


async def save_topic_ids(conn: Connection, ids: Mapping[Place, str]) -> None:
    """Topic-partition → the id of the topic it is read in."""
    await conn.execute(
        """
        update projection.applied a set topic_id = n.id
          from unnest($1::text[], $2::integer[], $3::text[]) as n(topic, partition, id)
         where a.topic = n.topic and a.partition = n.partition and a.topic_id is distinct from n.id
        """,
        [p[0] for p in ids],
        [p[1] for p in ids],
        list(ids.values()),
    )


async def new_generation(conn: Connection) -> None:
    """Let every running consumer look at its places again. As the owner; whoever applies a batch finishes it first."""
    await conn.execute("lock table projection.generation in access exclusive mode")
    await conn.execute("update projection.generation set id = gen_random_uuid()")


async def lock_applied(conn: Connection, places: Sequence[Place]) -> dict[Place, int]:
    """Topic-partition → position applied, locked; places never seen are inserted at 0."""
    held = await _lock_seen(conn, places)
    if len(held) < len(places):
        await add_places(conn, places)
        held = await _lock_seen(conn, places)
    return held


async def _lock_seen(conn: Connection, places: Sequence[Place]) -> dict[Place, int]:
    rows = await conn.fetch(
        """
        select a.topic, a.partition, a.position
          from projection.applied a
          join unnest($1::text[], $2::integer[]) as p(topic, partition) using (topic, partition)
         order by a.topic, a.partition
           for update of a
        """,
        [p[0] for p in places],
        [p[1] for p in places],
    )
    return {(row["topic"], row["partition"]): row["position"] for row in rows}


async def save_applied(conn: Connection, places: Mapping[Place, tuple[int, int]]) -> None:
    """Topic-partition → (position, next offset); neither ever goes back."""
    await conn.execute(
        """
        update projection.applied a
           set position = greatest(a.position, n.position), next_offset = greatest(a.next_offset, n.next_offset)
          from unnest($1::text[], $2::integer[], $3::bigint[], $4::bigint[])
               as n(topic, partition, position, next_offset)
         where a.topic = n.topic and a.partition = n.partition
        """,
        [p[0] for p in places],
        [p[1] for p in places],
        [v[0] for v in places.values()],
        [v[1] for v in places.values()],
    )


async def save_streams(conn: Connection, newest: Mapping[str, int]) -> None:
    """Stream → newest revision applied."""
    await conn.execute(
        """
        insert into projection.stream (subject, revision)
        select * from unnest($1::text::text[], $2::text::bigint[])
        on conflict (subject) do update set revision = excluded.revision
         where projection.stream.revision < excluded.revision
        """,
        literal(list(newest.keys())),
        literal(list(newest.values())),
    )


async def save_heartbeats(conn: Connection, service: str, sent_at: datetime, marks: Sequence[Mark]) -> None:
    """Keep the newest mark of each topic-partition."""
    await conn.execute(
        """
        insert into projection.heartbeat (service, topic, partition, position, sent_at)
        select $1, topic, partition, position, $2
          from unnest($3::text[], $4::integer[], $5::bigint[]) as m(topic, partition, position)
        on conflict (topic, partition) do update
           set position = excluded.position, sent_at = excluded.sent_at, service = excluded.service
         where projection.heartbeat.sent_at < excluded.sent_at
        """,
        service,
        sent_at,
        [mark.topic for mark in marks],
        [mark.partition for mark in marks],
        [mark.position for mark in marks],
    )


async def save_freshness(conn: Connection, topics: Sequence[str]) -> tuple[int, int]:
    """End a batch: (open dead letters, gaps) after it, and waiting readers are woken when it commits.

    Where everything up to a heartbeat's mark is applied and no gap is open, its moment is the newest known.

    Places that another consumer holds at this moment are left to it: two of them would wait for each other.
    """
    row = await conn.fetchrow(
        """
        with reached as (
            select a.topic, a.partition, h.sent_at
              from projection.applied a join projection.heartbeat h using (topic, partition)
             where a.topic = any($1::text[]) and a.position >= h.position
               and (a.fresh_at is null or a.fresh_at < h.sent_at)
               and not exists (select from projection.gap g where g.topic = a.topic and g.partition = a.partition)
             order by a.topic, a.partition
               for update of a skip locked
        ), fresh as (
            update projection.applied a set fresh_at = r.sent_at
              from reached r where a.topic = r.topic and a.partition = r.partition
        )
        select (select count(*) from projection.dead_letter where resolved_at is null) as letters,
               (select count(*) from projection.gap) as gaps, pg_notify('projected', '')
        """,
        list(topics),
    )
    return (row["letters"], row["gaps"]) if row else (0, 0)


async def freshness(conn: Connection) -> dict[str, datetime | None]:
    """Topic → the newest moment up to which nothing is missing in any of its partitions (null: not known)."""
    rows = await conn.fetch(
        """
        select topic, case when bool_and(fresh_at is not null) then min(fresh_at) end as fresh_at
          from projection.applied group by topic
        """
    )
    return {row["topic"]: row["fresh_at"] for row in rows}


async def behind(conn: Connection, topics: Sequence[str]) -> int:
    """How many topic-partitions are not yet applied up to the newest heartbeat's mark."""
    count: int = await conn.fetchval(
        """
        select count(*)
          from projection.heartbeat h left join projection.applied a using (topic, partition)
         where h.topic = any($1::text[]) and coalesce(a.position, 0) < h.position
        """,
        list(topics),
    )
    return count


async def reached(conn: Connection, wanted: Mapping[str, int]) -> bool:
    """Whether every stream is applied up to the revision wanted."""
    found: bool = await conn.fetchval(
        """
        select not exists (
            select from unnest($1::text[], $2::bigint[]) as w(subject, revision)
              left join projection.stream s using (subject)
             where coalesce(s.revision, 0) < w.revision)
        """,
        list(wanted.keys()),
        list(wanted.values()),
    )
    return found


async def notify(conn: Connection) -> None:
    """Wake readers when the transaction commits."""
    await conn.execute("select pg_notify('projected', '')")
