"""SQL of plans."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nrem_shared.contracts.plans import PlanAdopted

if TYPE_CHECKING:
    from nrem_shared.runtime.database import Connection


async def plan(conn: Connection, code: str) -> tuple[int, PlanAdopted] | None:
    """(revision, plan)."""
    row = await conn.fetchrow("select revision, item from facts.plan where code = $1", code)
    return (row["revision"], PlanAdopted.model_validate(row["item"])) if row else None


async def plans(conn: Connection) -> list[tuple[int, PlanAdopted]]:
    """(revision, plan) of all plans, newest first."""
    rows = await conn.fetch("select revision, item from facts.plan order by item ->> 'valid_from' desc, code")
    return [(row["revision"], PlanAdopted.model_validate(row["item"])) for row in rows]


async def save_plan(conn: Connection, item: PlanAdopted, revision: int) -> None:
    """Insert or replace."""
    await conn.execute(
        """
        insert into facts.plan (code, revision, item) values ($1, $2, $3)
        on conflict (code) do update set revision = excluded.revision, item = excluded.item
        """,
        item.code,
        revision,
        item.model_dump(mode="json"),
    )
