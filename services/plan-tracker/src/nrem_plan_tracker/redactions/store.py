"""SQL of what quotes submissions, and may have to be cleaned."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nrem_shared.runtime.database import Connection


async def items(conn: Connection) -> list[tuple[str, str, str, dict[str, Any]]]:
    """(member, section, code, item) of everything reported, in all versions."""
    rows = await conn.fetch(
        """
        select member, section, code, item from projection.reported_item
         where section in ('activities', 'future_plans', 'challenges')
        """
    )
    return [(row["member"], row["section"], row["code"], row["item"]) for row in rows]


async def minutes(conn: Connection) -> list[tuple[str, int, dict[str, Any]]]:
    """(meeting, revision, item) of all minutes."""
    rows = await conn.fetch("select meeting, revision, item from facts.minutes order by meeting")
    return [(row["meeting"], row["revision"], row["item"]) for row in rows]


async def meetings(conn: Connection) -> list[tuple[str, int, dict[str, Any]]]:
    """(code, revision, item) of all meetings."""
    rows = await conn.fetch("select code, revision, item from facts.meeting order by code")
    return [(row["code"], row["revision"], row["item"]) for row in rows]


async def replace_minutes(conn: Connection, meeting: str, revision: int, item: dict[str, Any]) -> None:
    """What minutes say without what was redacted, also where they are approved."""
    await conn.execute("update facts.minutes set revision = $2, item = $3 where meeting = $1", meeting, revision, item)


async def replace_meeting(conn: Connection, code: str, revision: int, item: dict[str, Any]) -> None:
    """What a meeting's agenda says without what was redacted."""
    await conn.execute("update facts.meeting set revision = $2, item = $3 where code = $1", code, revision, item)
