"""SQL of extensions."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from nrem_intake.extensions.domain import Extension, Wish
from nrem_shared.contracts.base import LocalizedText

if TYPE_CHECKING:
    import asyncpg

    from nrem_shared.runtime.database import Connection


async def extension(conn: Connection, period: str, member: str) -> Extension:
    """One member's extension for one period, as it stands."""
    row = await conn.fetchrow(
        """
        select period, member, revision, due, reason, asked_until, asked_reason, refused_until, refused_reason
          from facts.extension where period = $1 and member = $2
        """,
        period,
        member,
    )
    return _extension(row) if row else Extension(period, member)


async def extensions(conn: Connection, period: str | None, member: str | None) -> list[Extension]:
    """All that were asked for or given, by period (newest first) and member; each condition only where it is given."""
    rows = await conn.fetch(
        """
        select period, member, revision, due, reason, asked_until, asked_reason, refused_until, refused_reason
          from facts.extension
         where ($1::text is null or period = $1) and ($2::text is null or member = $2)
         order by period desc, member
        """,
        period,
        member,
    )
    return [_extension(row) for row in rows]


async def is_closed(conn: Connection, period: str) -> bool:
    """Whether a period is closed."""
    closed: bool | None = await conn.fetchval("select state = 'closed' from facts.period where code = $1", period)
    return bool(closed)


async def save(conn: Connection, one: Extension, now: datetime) -> None:
    """The stream's state after a command."""
    await conn.execute(
        """
        insert into facts.extension (period, member, revision, due, reason, asked_until, asked_reason, refused_until,
                                     refused_reason, changed_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        on conflict (period, member) do update
           set revision = excluded.revision, due = excluded.due, reason = excluded.reason,
               asked_until = excluded.asked_until, asked_reason = excluded.asked_reason,
               refused_until = excluded.refused_until, refused_reason = excluded.refused_reason,
               changed_at = excluded.changed_at
        """,
        one.period,
        one.member,
        one.revision,
        *_columns(one.given),
        *_columns(one.asked),
        *_columns(one.refused),
        now,
    )


def _columns(wish: Wish | None) -> tuple[date | None, dict[str, Any] | None]:
    return (wish.until, wish.reason.model_dump(mode="json")) if wish else (None, None)


def _extension(row: asyncpg.Record) -> Extension:
    return Extension(
        period=row["period"],
        member=row["member"],
        revision=row["revision"],
        given=_wish(row["due"], row["reason"]),
        asked=_wish(row["asked_until"], row["asked_reason"]),
        refused=_wish(row["refused_until"], row["refused_reason"]),
    )


def _wish(until: date | None, reason: dict[str, Any] | None) -> Wish | None:
    return Wish(until, LocalizedText.model_validate(reason)) if until and reason else None
