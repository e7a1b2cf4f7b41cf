"""SQL of meetings."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from nrem_plan_tracker.meetings.domain import KnownMeeting, Meeting

if TYPE_CHECKING:
    from nrem_shared.runtime.database import Connection


async def meeting(conn: Connection, code: str) -> KnownMeeting | None:
    """One meeting; null where there is none."""
    row = await conn.fetchrow("select revision, item from facts.meeting where code = $1", code)
    return KnownMeeting(row["revision"], Meeting.model_validate(row["item"])) if row else None


async def meetings(conn: Connection) -> list[KnownMeeting]:
    """All meetings, newest first."""
    rows = await conn.fetch("select revision, item from facts.meeting order by starts_at desc, code")
    return [KnownMeeting(row["revision"], Meeting.model_validate(row["item"])) for row in rows]


async def save(conn: Connection, item: Meeting, revision: int) -> None:
    """Insert or replace."""
    await conn.execute(
        """
        insert into facts.meeting (code, revision, about, state, starts_at, item) values ($1, $2, $3, $4, $5, $6)
        on conflict (code) do update
           set revision = excluded.revision, state = excluded.state, starts_at = excluded.starts_at,
               item = excluded.item
        """,
        item.code,
        revision,
        item.about,
        item.state,
        item.starts_at,
        item.model_dump(mode="json"),
    )


async def course(conn: Connection, code: str) -> list[tuple[datetime, str, str]]:
    """(when, type of event, who) of everything journalled about a meeting, its minutes and decisions; oldest first."""
    rows = await conn.fetch(
        """
        select recorded_at, type, actor
          from facts.journal
         where subject = 'meeting/' || $1 or subject = 'minutes/' || $1
         order by position
        """,
        code,
    )
    return [(row["recorded_at"], row["type"], row["actor"]) for row in rows]


async def moved_at(conn: Connection, code: str) -> datetime | None:
    """When the meeting was last moved to another time; null = never."""
    found: datetime | None = await conn.fetchval(
        """
        select max(recorded_at)
          from facts.journal
         where subject = 'meeting/' || $1 and type = 'nrem.meeting.moved.v1'
        """,
        code,
    )
    return found
