"""SQL of institutions and contacts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nrem_shared.contracts.members import InstitutionRegistered

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    import asyncpg

    from nrem_shared.runtime.database import Connection


async def institutions(conn: Connection) -> dict[str, tuple[int, InstitutionRegistered]]:
    """Code → (revision, institution), in alphabetical order."""
    rows = await conn.fetch("select code, revision, item from facts.institution order by code")
    return {row["code"]: (row["revision"], InstitutionRegistered.model_validate(row["item"])) for row in rows}


async def institution(conn: Connection, code: str) -> tuple[int, InstitutionRegistered] | None:
    """(revision, institution)."""
    row = await conn.fetchrow("select revision, item from facts.institution where code = $1", code)
    return (row["revision"], InstitutionRegistered.model_validate(row["item"])) if row else None


async def save_institutions(conn: Connection, items: Mapping[str, tuple[int, InstitutionRegistered]]) -> None:
    """Insert or replace, all in one statement."""
    await conn.execute(
        """
        insert into facts.institution (code, revision, item)
        select * from unnest($1::text[], $2::bigint[], $3::jsonb[])
        on conflict (code) do update set revision = excluded.revision, item = excluded.item
        """,
        list(items),
        [revision for revision, _ in items.values()],
        [item.model_dump(mode="json") for _, item in items.values()],
    )


async def contact(conn: Connection, member: str, role: str) -> asyncpg.Record | None:
    """The contact of a member in a role."""
    return await conn.fetchrow(
        "select id, address, language, illustrative, revision from facts.contact where member = $1 and role = $2",
        member,
        role,
    )


async def contacts(conn: Connection, member: str) -> list[asyncpg.Record]:
    """All contacts of a member."""
    return await conn.fetch(
        "select id, role, address, language, illustrative from facts.contact where member = $1 order by role", member
    )


async def save_contact(
    conn: Connection, id: UUID, member: str, role: str, address: str, language: str, illustrative: bool, revision: int
) -> None:
    """Insert or replace."""
    await conn.execute(
        """
        insert into facts.contact (id, member, role, address, language, illustrative, revision)
        values ($1, $2, $3, $4, $5, $6, $7)
        on conflict (member, role) do update
           set address = excluded.address, language = excluded.language, illustrative = excluded.illustrative,
               revision = excluded.revision
        """,
        id,
        member,
        role,
        address,
        language,
        illustrative,
        revision,
    )


async def delete_contact(conn: Connection, id: UUID) -> None:
    """Erase a contact."""
    await conn.execute("delete from facts.contact where id = $1", id)


async def addresses(conn: Connection, ids: Sequence[str]) -> dict[str, asyncpg.Record]:
    """Contact id → what is sent to the notifier; an erased one is not in it."""
    rows = await conn.fetch(
        "select id::text, member, role, address, language, illustrative from facts.contact where id = any($1::uuid[])",
        list(ids),
    )
    return {row["id"]: row for row in rows}
