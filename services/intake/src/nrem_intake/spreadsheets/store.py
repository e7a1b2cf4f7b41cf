"""SQL of workbooks: uploads that wait to be looked at, and what a new workbook goes on from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

    import asyncpg

    from nrem_shared.runtime.database import Connection


async def begin_upload(conn: Connection, identifier: str, period: str, member: str, now: datetime) -> None:
    """Note that a workbook arrived."""
    await conn.execute(
        """
        insert into facts.workbook_upload (id, period, member, received_at, state)
        values ($1, $2, $3, $4, 'reading')
        """,
        identifier,
        period,
        member,
        now,
    )


async def advance_upload(conn: Connection, identifier: str, step: int) -> None:
    """How far its reading is (see the column)."""
    await conn.execute(
        "update facts.workbook_upload set step = $2 where id = $1 and state = 'reading'", identifier, step
    )


async def finish_upload(conn: Connection, identifier: str, reading: dict[str, Any] | None, refused: Any) -> None:
    """What it says, or why it cannot be taken."""
    await conn.execute(
        """
        update facts.workbook_upload
           set state = case when $2::jsonb is null then 'refused' else 'read' end, reading = $2, refused = $3
         where id = $1
        """,
        identifier,
        reading,
        refused,
    )


async def upload(conn: Connection, identifier: str, period: str, member: str, since: datetime) -> asyncpg.Record | None:
    """(state, step, reading, refused, received_at) of an upload that arrived after `since`."""
    return await conn.fetchrow(
        """
        select state, step, reading, refused, received_at
          from facts.workbook_upload
         where id = $1 and period = $2 and member = $3 and received_at > $4
        """,
        identifier,
        period,
        member,
        since,
    )


async def forget_uploads(conn: Connection, identifier: str, before: datetime) -> None:
    """Delete one that was submitted, and all that are too old."""
    await conn.execute("delete from facts.workbook_upload where id = $1 or received_at < $2", identifier, before)


async def language_of(conn: Connection, member: str) -> str | None:
    """The language in which an institution is written to."""
    found: str | None = await conn.fetchval("select item ->> 'language' from facts.institution where code = $1", member)
    return found


async def reporting(conn: Connection, period: str) -> list[str]:
    """Who owes a submission for the period."""
    found: list[str] | None = await conn.fetchval("select owes from facts.period where code = $1", period)
    return found or []
