"""SQL of sessions."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from nrem_intake.identity.sessions.domain import Entry

if TYPE_CHECKING:
    import asyncpg

    from nrem_shared.runtime.database import Connection


async def insert(conn: Connection, id: UUID, cookie: bytes, entry: Entry, now: datetime, ends_at: datetime) -> None:
    """Keep a session, of its cookie the hash."""
    await conn.execute(
        """
        insert into facts.session (id, cookie, subject, roles, member, display, created_at, used_at, ends_at, address,
                                   way, step, contact, contributor, sections, language, second_factor_at, agent,
                                   return_to)
        values ($1, $2, $3, $4, $5, $6, $7, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
        """,
        id,
        cookie,
        entry.subject,
        sorted(entry.roles),
        entry.member,
        entry.display,
        now,
        ends_at,
        entry.address,
        entry.way,
        entry.step,
        entry.contact,
        entry.contributor,
        sorted(entry.sections),
        entry.language,
        entry.second_factor_at,
        entry.agent,
        entry.return_to,
    )


async def use(conn: Connection, cookie: bytes, now: datetime, idle_since: datetime) -> asyncpg.Record | None:
    """The complete session of this cookie if it is still valid and who it is for still stands; notes its use.

    `office` = the contact's role; in a demonstration whoever steps into an institution is its focal point.
    """
    return await conn.fetchrow(
        """
        update facts.session s set used_at = $2
         where cookie = $1 and step = 'complete' and ends_at > $2 and used_at > $3
           and (s.contact is null or exists (
                   select from facts.contact c where c.id = s.contact and lower(c.address) = s.address))
           and (s.contributor is null or exists (
                   select from facts.contributor p where p.id = s.contributor and lower(p.address) = s.address))
        returning s.id, s.subject, s.roles, s.member, s.display, s.language,
                  coalesce((select p.sections from facts.contributor p where p.id = s.contributor), s.sections)
                      as sections,
                  coalesce((select c.role from facts.contact c where c.id = s.contact),
                           case when s.way = 'demonstration' and 'member' = any(s.roles) then 'focal_point' end)
                      as office
        """,
        cookie,
        now,
        idle_since,
    )


async def find(conn: Connection, cookie: bytes, now: datetime, idle_since: datetime) -> asyncpg.Record | None:
    """The session of this cookie, at whichever step it is."""
    return await conn.fetchrow(
        "select * from facts.session where cookie = $1 and ends_at > $2 and used_at > $3", cookie, now, idle_since
    )


async def of_address(conn: Connection, address: str, now: datetime, idle_since: datetime) -> list[asyncpg.Record]:
    """A person's sessions that could be used now, the last used first."""
    return await conn.fetch(
        """
        select id, way, roles, member, created_at, used_at, agent from facts.session
         where address = $1 and step = 'complete' and ends_at > $2 and used_at > $3
         order by used_at desc, id
        """,
        address,
        now,
        idle_since,
    )


async def delete(conn: Connection, cookie: bytes) -> asyncpg.Record | None:
    """End the session of a cookie: its id and step."""
    return await conn.fetchrow("delete from facts.session where cookie = $1 returning id, step", cookie)


async def delete_of_address(conn: Connection, address: str, id: UUID | None) -> list[UUID]:
    """End one of a person's sessions, or all of them; the ids of those that tokens may have come from."""
    rows = await conn.fetch(
        "delete from facts.session where address = $1 and ($2::uuid is null or id = $2) returning id, step", address, id
    )
    return [row["id"] for row in rows if row["step"] == "complete"]


async def delete_of_contact(conn: Connection, contact: UUID) -> list[UUID]:
    """End all sessions as this contact."""
    rows = await conn.fetch("delete from facts.session where contact = $1 returning id, step", contact)
    return [row["id"] for row in rows if row["step"] == "complete"]


async def delete_of_contributor(conn: Connection, contributor: UUID) -> list[UUID]:
    """End all sessions as this contributor."""
    rows = await conn.fetch("delete from facts.session where contributor = $1 returning id, step", contributor)
    return [row["id"] for row in rows if row["step"] == "complete"]


async def delete_ended(conn: Connection, now: datetime) -> None:
    """Forget sessions that ended by themselves."""
    await conn.execute("delete from facts.session where ends_at <= $1", now)
