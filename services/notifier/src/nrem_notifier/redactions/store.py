"""SQL of the texts that people wrote here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nrem_shared.runtime.database import Connection


async def clean_notes(conn: Connection, texts: Sequence[str], mark: str) -> None:
    """Notes that say one of the texts say the mark."""
    await conn.execute("update facts.note set text = $2 where text = any($1::text[])", list(texts), mark)


async def clean_sending(conn: Connection, texts: Sequence[str], mark: str, revision: int | None) -> None:
    """The reason of the pause, and the revision that the switch has since it was told again (null = as it was)."""
    await conn.execute(
        """
        update facts.sending
           set reason = case when reason = any($1::text[]) then $2 else reason end,
               revision = coalesce($3::bigint, revision)
        """,
        list(texts),
        mark,
        revision,
    )


async def clean_holds(conn: Connection, texts: Sequence[str], mark: str) -> None:
    """Stretches of time that a pause explains by its reason."""
    await conn.execute("update facts.hold set detail = $2 where detail = any($1::text[])", list(texts), mark)


async def policies(conn: Connection) -> dict[str, Any] | None:
    """The policies in force, as they were adopted; null before the first."""
    found: dict[str, Any] | None = await conn.fetchval("select item from facts.policies")
    return found


async def replace_policies(conn: Connection, item: dict[str, Any], revision: int | None) -> None:
    """What the policies say without what was redacted; null = their stream was not told again."""
    await conn.execute("update facts.policies set item = $1, revision = coalesce($2::bigint, revision)", item, revision)


async def calendar(conn: Connection) -> dict[str, Any] | None:
    """The working calendar in force; null before the first."""
    found: dict[str, Any] | None = await conn.fetchval("select item from facts.working_calendar")
    return found


async def replace_calendar(conn: Connection, item: dict[str, Any], revision: int | None) -> None:
    """What the calendar says without what was redacted; null = its stream was not told again."""
    await conn.execute(
        "update facts.working_calendar set item = $1, revision = coalesce($2::bigint, revision)", item, revision
    )
