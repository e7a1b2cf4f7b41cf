"""SQL of what obligations are computed from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from nrem_notifier.obligations.domain.recipients import Contact

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nrem_shared.contracts.members import ContactChanged
    from nrem_shared.runtime.database import Connection


@dataclass(frozen=True, slots=True)
class FactRow:
    """One revision of a stream."""

    subject: str
    revision: int
    type: str
    recorded_at: datetime
    data: dict[str, Any]


async def save_contacts(conn: Connection, rows: Sequence[tuple[ContactChanged, int]]) -> None:
    """Newest revision of each contact; one row a contact in `rows`."""
    await conn.execute(
        """
        insert into projection.contact as c (id, member, role, address, language, revision)
        select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[])
        on conflict (id) do update
           set member = excluded.member, role = excluded.role, address = excluded.address,
               language = excluded.language, revision = excluded.revision
         where c.revision < excluded.revision
        """,
        [data.contact for data, _ in rows],
        [data.member for data, _ in rows],
        [data.role for data, _ in rows],
        [data.address for data, _ in rows],
        [data.language for data, _ in rows],
        [revision for _, revision in rows],
    )


async def delete_contacts(conn: Connection, ids: Sequence[str]) -> None:
    """Forget erased contacts."""
    await conn.execute("delete from projection.contact where id = any($1::text[])", list(ids))


async def add_facts(conn: Connection, rows: Sequence[FactRow]) -> None:
    """Revisions of streams; one that is known already stays."""
    await conn.execute(
        """
        insert into projection.fact (subject, revision, type, recorded_at, data)
        select * from unnest($1::text[], $2::bigint[], $3::text[], $4::timestamptz[], $5::jsonb[])
        on conflict do nothing
        """,
        [row.subject for row in rows],
        [row.revision for row in rows],
        [row.type for row in rows],
        [row.recorded_at for row in rows],
        [row.data for row in rows],
    )


async def replace_fact(conn: Connection, row: FactRow) -> None:
    """What a revision of a stream says without what was redacted."""
    await conn.execute(
        """
        update projection.fact set type = $3, recorded_at = $4, data = $5 where subject = $1 and revision = $2
        """,
        row.subject,
        row.revision,
        row.type,
        row.recorded_at,
        row.data,
    )


async def facts(conn: Connection) -> list[FactRow]:
    """Everything held, stream by stream."""
    rows = await conn.fetch("select subject, revision, type, recorded_at, data from projection.fact order by 1, 2")
    return [FactRow(*row) for row in rows]


async def count_change(conn: Connection) -> None:
    """The facts or contacts held are not what they were."""
    await conn.execute("update projection.change set number = number + 1")


async def state(conn: Connection) -> tuple[UUID, int]:
    """(generation of the projection, number of its last change): obligations are the same while both are."""
    row = await conn.fetchrow("select g.id, c.number from projection.generation g, projection.change c")
    if row is None:
        raise LookupError("the projection has no generation: run migrate")
    return row["id"], row["number"]


async def addresses_of(conn: Connection, ids: Sequence[str]) -> dict[str, str]:
    """Contact → address, of these contacts; those that are not known are left out."""
    rows = await conn.fetch("select id, address from projection.contact where id = any($1::text[])", list(ids))
    return {row["id"]: row["address"] for row in rows}


async def contacts(conn: Connection) -> list[Contact]:
    """Everybody who can be written to."""
    rows = await conn.fetch("select id, member, role, address, language from projection.contact order by id")
    return [Contact(*row) for row in rows]
