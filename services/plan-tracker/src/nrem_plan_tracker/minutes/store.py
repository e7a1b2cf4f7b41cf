"""SQL of minutes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nrem_plan_tracker.minutes.domain import Minutes

if TYPE_CHECKING:
    from nrem_shared.runtime.database import Connection


@dataclass(frozen=True, slots=True)
class KnownMinutes:
    """Minutes and their stream's revision."""

    revision: int
    minutes: Minutes


async def minutes(conn: Connection, meeting: str) -> KnownMinutes | None:
    """The minutes of a meeting; null before they are circulated."""
    row = await conn.fetchrow("select revision, item from facts.minutes where meeting = $1", meeting)
    return KnownMinutes(row["revision"], Minutes.model_validate(row["item"])) if row else None


async def all_minutes(conn: Connection) -> dict[str, Minutes]:
    """Meeting → minutes."""
    rows = await conn.fetch("select meeting, item from facts.minutes order by meeting")
    return {row["meeting"]: Minutes.model_validate(row["item"]) for row in rows}


async def awaiting_approval(conn: Connection) -> list[Minutes]:
    """Minutes circulated and not yet approved, by meeting."""
    rows = await conn.fetch("select item from facts.minutes where state = 'circulated' order by meeting")
    return [Minutes.model_validate(row["item"]) for row in rows]


async def save(conn: Connection, item: Minutes, revision: int) -> None:
    """Insert or replace; approved minutes are never replaced."""
    await conn.execute(
        """
        insert into facts.minutes as held (meeting, revision, state, item) values ($1, $2, $3, $4)
        on conflict (meeting) do update
           set revision = excluded.revision, state = excluded.state, item = excluded.item
         where held.state <> 'approved'
        """,
        item.meeting,
        revision,
        item.state,
        item.model_dump(mode="json"),
    )
