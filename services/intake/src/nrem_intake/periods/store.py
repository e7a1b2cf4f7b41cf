"""SQL of reporting periods."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    import asyncpg

    from nrem_shared.runtime.database import Connection


async def period(conn: Connection, code: str) -> asyncpg.Record | None:
    """One period."""
    return await conn.fetchrow(
        """
        select code, revision, grp, due, owes, state, illustrative, opened_at, closed_at, manifest
          from facts.period where code = $1
        """,
        code,
    )


async def periods(conn: Connection) -> list[asyncpg.Record]:
    """All periods, newest first."""
    return await conn.fetch(
        """
        select code, revision, grp, due, owes, state, illustrative, opened_at, closed_at, manifest
          from facts.period order by code desc
        """
    )


async def open_period(
    conn: Connection, code: str, group: str, due: date, owes: Sequence[str], illustrative: bool, now: datetime
) -> None:
    """Insert an open period at revision 1."""
    await conn.execute(
        """
        insert into facts.period (code, revision, grp, due, owes, state, illustrative, opened_at)
        values ($1, 1, $2, $3, $4, 'open', $5, $6)
        """,
        code,
        group,
        due,
        list(owes),
        illustrative,
        now,
    )


async def close_period(conn: Connection, code: str, revision: int, manifest: dict[str, Any], now: datetime) -> None:
    """Mark a period as closed, with its manifest."""
    await conn.execute(
        "update facts.period set state = 'closed', revision = $2, manifest = $3, closed_at = $4 where code = $1",
        code,
        revision,
        manifest,
        now,
    )


async def accepted_versions(conn: Connection, code: str) -> dict[str, int]:
    """Member → the version accepted last, of a period."""
    rows = await conn.fetch(
        """
        select member, accepted_version from facts.submission
         where period = $1 and accepted_version is not null order by member
        """,
        code,
    )
    return {row["member"]: row["accepted_version"] for row in rows}
