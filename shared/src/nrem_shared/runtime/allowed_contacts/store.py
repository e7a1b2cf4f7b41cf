"""SQL of the contacts that may stand in free text."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from nrem_shared.contracts.reference import CodeList
from nrem_shared.runtime.personal_data import NOTHING_ALLOWED, Allowed

if TYPE_CHECKING:
    from nrem_shared.runtime.database import Connection


async def save(conn: Connection, revision: int, data: CodeList) -> None:
    """Keep the newest revision."""
    await conn.execute(
        """
        insert into projection.allowed_contacts as held (revision, item) values ($1, $2)
        on conflict (only_row) do update set revision = excluded.revision, item = excluded.item
         where held.revision <= excluded.revision
        """,
        revision,
        data.model_dump(mode="json"),
    )


async def allowed(conn: Connection, today: date) -> Allowed:
    """What the list allows on a day; nothing where there is no list yet."""
    row = await conn.fetchrow("select item from projection.allowed_contacts")
    if row is None:
        return NOTHING_ALLOWED
    codes = CodeList.model_validate(row["item"]).codes
    return Allowed.of(
        one.code
        for one in codes
        if (one.valid_from is None or one.valid_from <= today) and (one.valid_to is None or one.valid_to >= today)
    )
