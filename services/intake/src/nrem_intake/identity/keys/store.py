"""SQL of keys."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    import asyncpg

    from nrem_shared.runtime.database import Connection


async def insert_key(
    conn: Connection,
    id: UUID,
    member: str,
    roles: Sequence[str],
    secret: bytes,
    now: datetime,
    replaces: UUID | None = None,
) -> None:
    """Keep a key's hash."""
    await conn.execute(
        """
        insert into facts.institution_key (id, member, roles, secret, issued_at, replaces)
        values ($1, $2, $3, $4, $5, $6)
        """,
        id,
        member,
        list(roles),
        secret,
        now,
        replaces,
    )


async def active_key(conn: Connection, member: str, secret: bytes, now: datetime) -> asyncpg.Record | None:
    """The key of a member with this hash, unless it was revoked or has ended."""
    return await conn.fetchrow(
        """
        select k.id, k.roles, coalesce(i.item->>'abbreviation', k.member) as display,
               coalesce(i.item->>'language', 'lv') as language
          from facts.institution_key k left join facts.institution i on i.code = k.member
         where k.member = $1 and k.secret = $2 and k.revoked_at is null and (k.ends_at is null or k.ends_at > $3)
        """,
        member,
        secret,
        now,
    )


async def keys_of(conn: Connection, member: str) -> list[asyncpg.Record]:
    """A member's keys, newest first."""
    return await conn.fetch(
        """
        select id, roles, issued_at, revoked_at, ends_at, replaces from facts.institution_key
         where member = $1 order by issued_at desc, id
        """,
        member,
    )


async def key(conn: Connection, id: UUID) -> asyncpg.Record | None:
    """A key by its id."""
    return await conn.fetchrow(
        "select id, member, roles, revoked_at, ends_at from facts.institution_key where id = $1", id
    )


async def end_key(conn: Connection, id: UUID, ends_at: datetime) -> None:
    """Let a key end at a time."""
    await conn.execute("update facts.institution_key set ends_at = $2 where id = $1", id, ends_at)


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
