"""SQL of policies, the calendar and the switch."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from nrem_shared.contracts.reminders import PoliciesAdopted, WorkingCalendarSet

if TYPE_CHECKING:
    from nrem_shared.runtime.database import Connection


@dataclass(frozen=True, slots=True)
class Switch:
    """Whether all sending is paused, since when and why."""

    revision: int
    paused: bool
    reason: str
    at: datetime | None


async def policies(conn: Connection) -> tuple[int, PoliciesAdopted] | None:
    """(revision, the policies in force)."""
    row = await conn.fetchrow("select revision, item from facts.policies")
    return (row["revision"], PoliciesAdopted.model_validate(row["item"])) if row else None


async def save_policies(conn: Connection, item: PoliciesAdopted, revision: int, now: datetime) -> None:
    """Insert or replace."""
    await conn.execute(
        """
        insert into facts.policies (revision, item, at) values ($1, $2, $3)
        on conflict (only_row) do update set revision = excluded.revision, item = excluded.item, at = excluded.at
        """,
        revision,
        item.model_dump(mode="json"),
        now,
    )


async def calendar(conn: Connection) -> tuple[int, WorkingCalendarSet] | None:
    """(revision, the calendar in force)."""
    row = await conn.fetchrow("select revision, item from facts.working_calendar")
    return (row["revision"], WorkingCalendarSet.model_validate(row["item"])) if row else None


async def save_calendar(conn: Connection, item: WorkingCalendarSet, revision: int, now: datetime) -> None:
    """Insert or replace."""
    await conn.execute(
        """
        insert into facts.working_calendar (revision, item, at) values ($1, $2, $3)
        on conflict (only_row) do update set revision = excluded.revision, item = excluded.item, at = excluded.at
        """,
        revision,
        item.model_dump(mode="json"),
        now,
    )


async def switch(conn: Connection) -> Switch:
    """The switch; not paused where nobody ever touched it."""
    row = await conn.fetchrow("select revision, paused, reason, at from facts.sending")
    return Switch(*row) if row else Switch(0, paused=False, reason="", at=None)


async def save_switch(conn: Connection, revision: int, paused: bool, reason: str, now: datetime) -> None:
    """Insert or replace."""
    await conn.execute(
        """
        insert into facts.sending (revision, paused, reason, at) values ($1, $2, $3, $4)
        on conflict (only_row) do update
           set revision = excluded.revision, paused = excluded.paused, reason = excluded.reason, at = excluded.at
        """,
        revision,
        paused,
        reason,
        now,
    )


async def revisions(conn: Connection) -> tuple[int, int, int]:
    """(policies, calendar, switch): what was parsed holds as long as these do; 0 = never set."""
    row = await conn.fetchrow(
        """
        select coalesce((select revision from facts.policies), 0),
               coalesce((select revision from facts.working_calendar), 0),
               coalesce((select revision from facts.sending), 0)
        """
    )
    return (row[0], row[1], row[2]) if row else (0, 0, 0)
