"""How far a relay has sent: the journal as a whole, and each topic-partition."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nrem_shared.runtime.database import Connection

#: Held by the one relay of a journal that is active; only its holder writes marks.
RELAY_LOCK = 7_316_202

#: The row that stands for the whole journal.
_WHOLE = ("", -1)


@dataclass(frozen=True, slots=True)
class Marks:
    """`journal`: last position sent; `sent`: last position sent to each topic-partition."""

    journal: int
    sent: dict[tuple[str, int], int]


async def read_marks(conn: Connection) -> Marks:
    """The marks as last saved; all 0 in a new installation."""
    rows = await conn.fetch("select topic, partition, position from facts.relay_mark")
    sent = {(row["topic"], row["partition"]): row["position"] for row in rows}
    return Marks(sent.pop(_WHOLE, 0), sent)


async def save_marks(conn: Connection, marks: Marks) -> None:
    """Save all marks in one statement."""
    rows = [(*_WHOLE, marks.journal), *((topic, partition, at) for (topic, partition), at in marks.sent.items())]
    await conn.execute(
        """
        insert into facts.relay_mark (topic, partition, position)
        select * from unnest($1::text[], $2::integer[], $3::bigint[])
        on conflict (topic, partition) do update set position = excluded.position
        """,
        [row[0] for row in rows],
        [row[1] for row in rows],
        [row[2] for row in rows],
    )


async def forget_marks(conn: Connection) -> None:
    """Begin at the first row again: everything is sent once more (after the loss of Kafka's data)."""
    await conn.execute("delete from facts.relay_mark")


async def lock_relay(conn: Connection) -> None:
    """Wait until no relay is active, and let none become so while this connection lives."""
    await conn.execute("select pg_advisory_lock($1)", RELAY_LOCK)


async def end_active_relay(conn: Connection) -> None:
    """Cut the connection of the relay that is active; it begins anew from the marks it finds."""
    await conn.execute(
        """
        select pg_terminate_backend(l.pid)
          from pg_locks l join pg_database d on d.oid = l.database
         where l.locktype = 'advisory' and l.classid = 0 and l.objid = $1 and l.granted
           and d.datname = current_database() and l.pid <> pg_backend_pid()
        """,
        RELAY_LOCK,
    )
