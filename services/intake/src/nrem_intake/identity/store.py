"""SQL of keys and sessions."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    import asyncpg

    from nrem_shared.runtime.database import Connection


async def insert_key(
    conn: Connection, id: UUID, member: str, roles: Sequence[str], secret: bytes, now: datetime
) -> None:
    """Keep a key's hash."""
    await conn.execute(
        "insert into facts.institution_key (id, member, roles, secret, issued_at) values ($1, $2, $3, $4, $5)",
        id,
        member,
        list(roles),
        secret,
        now,
    )


async def active_key(conn: Connection, member: str, secret: bytes) -> asyncpg.Record | None:
    """The key of a member with this hash, unless it was revoked."""
    return await conn.fetchrow(
        """
        select k.id, k.roles, coalesce(i.item->>'abbreviation', k.member) as display,
               coalesce(i.item->>'language', 'lv') as language
          from facts.institution_key k left join facts.institution i on i.code = k.member
         where k.member = $1 and k.secret = $2 and k.revoked_at is null
        """,
        member,
        secret,
    )


async def keys_of(conn: Connection, member: str) -> list[asyncpg.Record]:
    """A member's keys, newest first."""
    return await conn.fetch(
        """
        select id, roles, issued_at, revoked_at from facts.institution_key
         where member = $1 order by issued_at desc, id
        """,
        member,
    )


async def revoke_key(conn: Connection, id: UUID, now: datetime) -> str | None:
    """Revoke a key that is active; the member whose it was."""
    member: str | None = await conn.fetchval(
        "update facts.institution_key set revoked_at = $2 where id = $1 and revoked_at is null returning member",
        id,
        now,
    )
    return member


async def has_keys(conn: Connection) -> bool:
    """Whether any key was ever issued."""
    return bool(await conn.fetchval("select exists (select from facts.institution_key)"))


async def signing_key_published(conn: Connection, kid: str) -> bool:
    """Whether the public part of this signing key is in the journal."""
    return bool(
        await conn.fetchval("select exists (select from facts.journal where subject = $1)", f"signing-key/{kid}")
    )


async def insert_session(
    conn: Connection,
    id: UUID,
    cookie: bytes,
    subject: str,
    roles: Sequence[str],
    member: str | None,
    display: str,
    now: datetime,
    ends_at: datetime,
) -> None:
    """Keep a session's hash."""
    await conn.execute(
        """
        insert into facts.session (id, cookie, subject, roles, member, display, created_at, used_at, ends_at)
        values ($1, $2, $3, $4, $5, $6, $7, $7, $8)
        """,
        id,
        cookie,
        subject,
        list(roles),
        member,
        display,
        now,
        ends_at,
    )


async def use_session(conn: Connection, cookie: bytes, now: datetime, idle_since: datetime) -> asyncpg.Record | None:
    """The session of this cookie if it is still valid; notes that it was used."""
    return await conn.fetchrow(
        """
        update facts.session set used_at = $2
         where cookie = $1 and ends_at > $2 and used_at > $3
        returning id, subject, roles, member, display
        """,
        cookie,
        now,
        idle_since,
    )


async def delete_session(conn: Connection, cookie: bytes) -> UUID | None:
    """End a session; its id."""
    ended: UUID | None = await conn.fetchval("delete from facts.session where cookie = $1 returning id", cookie)
    return ended


async def delete_ended_sessions(conn: Connection, now: datetime) -> None:
    """Forget sessions that ended by themselves."""
    await conn.execute("delete from facts.session where ends_at <= $1", now)
