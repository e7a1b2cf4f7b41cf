"""SQL of legal deadlines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nrem_shared.contracts.plans import LegalDeadlineSet

if TYPE_CHECKING:
    from nrem_shared.runtime.database import Connection


async def all_deadlines(conn: Connection) -> dict[str, tuple[int, LegalDeadlineSet]]:
    """Code → (revision, deadline)."""
    rows = await conn.fetch("select code, revision, item from facts.legal_deadline order by code")
    return {row["code"]: (row["revision"], LegalDeadlineSet.model_validate(row["item"])) for row in rows}


async def save(conn: Connection, item: LegalDeadlineSet, revision: int) -> None:
    """Insert or replace."""
    await conn.execute(
        """
        insert into facts.legal_deadline (code, revision, item) values ($1, $2, $3)
        on conflict (code) do update set revision = excluded.revision, item = excluded.item
        """,
        item.code,
        revision,
        item.model_dump(mode="json", include=set(LegalDeadlineSet.model_fields)),
    )
