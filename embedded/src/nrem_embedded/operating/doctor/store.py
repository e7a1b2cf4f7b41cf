"""SQL of the doctor: it reads only."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import asyncpg

    from nrem_shared.runtime.database import Connection


async def now(conn: Connection) -> datetime:
    """The database's clock."""
    found: datetime = await conn.fetchval("select clock_timestamp()")
    return found


async def rights(conn: Connection) -> list[asyncpg.Record]:
    """Table and right, of everything that the role connected may do to the journal beyond adding and reading."""
    return await conn.fetch(
        """
        select t.name, r.privilege
          from unnest(array['facts.journal', 'facts.journal_payload']) as t(name),
               unnest(array['UPDATE', 'DELETE', 'TRUNCATE']) as r(privilege)
         where has_table_privilege(current_user, t.name, r.privilege)
        """
    )


async def superuser(conn: Connection) -> bool:
    """Whether the role connected may do anything."""
    found: bool = await conn.fetchval("select rolsuper from pg_roles where rolname = current_user")
    return found


async def durability(conn: Connection) -> dict[str, str]:
    """The settings without which what was committed may be lost."""
    rows = await conn.fetch(
        """
        select name, setting from pg_settings where name in ('fsync', 'synchronous_commit', 'full_page_writes')
        """
    )
    return {row["name"]: row["setting"] for row in rows}


async def migrations(conn: Connection) -> dict[str, dict[str, str]]:
    """Schema → file → checksum. As the owner."""
    rows = await conn.fetch(
        """
        select 'facts' as schema, name, checksum from facts.migration
        union all
        select 'projection', name, checksum from projection.migration
        """
    )
    found: dict[str, dict[str, str]] = {"facts": {}, "projection": {}}
    for row in rows:
        found[row["schema"]][row["name"]] = row["checksum"]
    return found


async def heartbeats(conn: Connection) -> list[asyncpg.Record]:
    """Sender and its newest heartbeat that arrived here."""
    return await conn.fetch("select service, max(sent_at) as sent_at from projection.heartbeat group by service")


async def waiting_mail(conn: Connection) -> asyncpg.Record | None:
    """Mails that wait, and how many failed within a week (notifier only)."""
    return await conn.fetchrow(
        """
        select count(*) filter (where state in ('waiting', 'sending') and planned_at < now() - interval '1 hour')
                   as late,
               count(*) filter (where state = 'failed' and settled_at > now() - interval '7 days') as failed
          from facts.mail
        """
    )
