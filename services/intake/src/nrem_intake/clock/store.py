"""SQL of the demonstration clock."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nrem_shared.runtime.database import Connection


async def read(conn: Connection) -> tuple[datetime, int] | None:
    """(where it stands, revision of the stream `clock`)."""
    row = await conn.fetchrow("select now, revision from facts.clock")
    return (row["now"], row["revision"]) if row else None


async def save(conn: Connection, now: datetime, revision: int) -> None:
    """Where it stands now."""
    await conn.execute(
        """
        insert into facts.clock (now, revision) values ($1, $2)
        on conflict (only_row) do update set now = excluded.now, revision = excluded.revision
        """,
        now,
        revision,
    )
