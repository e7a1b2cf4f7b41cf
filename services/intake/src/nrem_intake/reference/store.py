"""SQL of reference data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from nrem_shared.contracts.reference import CodeList, Indicator, Project

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nrem_shared.runtime.database import Connection

Item = CodeList | Indicator | Project
_ITEM: TypeAdapter[Item] = TypeAdapter(Item)


async def revisions(
    conn: Connection, kinds: Sequence[str], codes: Sequence[str]
) -> dict[tuple[str, str], tuple[int, Item]]:
    """(kind, code) → (revision, item) of those that exist."""
    rows = await conn.fetch(
        """
        select r.kind, r.code, r.revision, r.item
          from facts.reference r join unnest($1::text[], $2::text[]) as w(kind, code) using (kind, code)
        """,
        list(kinds),
        list(codes),
    )
    return {(r["kind"], r["code"]): (r["revision"], _ITEM.validate_python(r["item"], strict=False)) for r in rows}


async def save(conn: Connection, items: Mapping[tuple[str, str], tuple[int, Item]]) -> None:
    """Insert or replace, all in one statement."""
    await conn.execute(
        """
        insert into facts.reference (kind, code, revision, item)
        select * from unnest($1::text[], $2::text[], $3::bigint[], $4::jsonb[])
        on conflict (kind, code) do update set revision = excluded.revision, item = excluded.item
        """,
        [kind for kind, _ in items],
        [code for _, code in items],
        [revision for revision, _ in items.values()],
        [item.model_dump(mode="json") for _, item in items.values()],
    )


async def of_kind(conn: Connection, kind: str) -> list[dict[str, Any]]:
    """All items of a kind with their revision, in order of their codes."""
    rows = await conn.fetch("select revision, item from facts.reference where kind = $1 order by code", kind)
    return [{"revision": row["revision"], **row["item"]} for row in rows]


async def one(conn: Connection, kind: str, code: str) -> dict[str, Any] | None:
    """One item with its revision."""
    row = await conn.fetchrow("select revision, item from facts.reference where kind = $1 and code = $2", kind, code)
    return {"revision": row["revision"], **row["item"]} if row else None


async def in_force(conn: Connection) -> list[tuple[str, str, int]]:
    """(kind, code, revision) of everything: what a manifest names."""
    rows = await conn.fetch("select kind, code, revision from facts.reference order by kind, code")
    return [(row["kind"], row["code"], row["revision"]) for row in rows]
