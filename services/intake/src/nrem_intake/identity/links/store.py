"""SQL of links."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import asyncpg

    from nrem_shared.runtime.database import Connection


async def insert(
    conn: Connection,
    secret: bytes,
    browser: bytes,
    address: str,
    return_to: str,
    asked_at: datetime,
    expires_at: datetime,
) -> None:
    """Keep a link, of its secret the hash."""
    await conn.execute(
        """
        insert into facts.sign_in_link (secret, browser, address, return_to, asked_at, expires_at)
        values ($1, $2, $3, $4, $5, $6)
        """,
        secret,
        browser,
        address,
        return_to,
        asked_at,
        expires_at,
    )


async def find(conn: Connection, secret: bytes) -> asyncpg.Record | None:
    """A link, used or not."""
    return await conn.fetchrow(
        "select browser, address, return_to, expires_at, used_at from facts.sign_in_link where secret = $1", secret
    )


async def use(conn: Connection, secret: bytes, browser: bytes, now: datetime) -> asyncpg.Record | None:
    """Use a link up, once, in the browser that asked for it and in time; null where that is not so."""
    return await conn.fetchrow(
        """
        update facts.sign_in_link set used_at = $3
         where secret = $1 and browser = $2 and used_at is null and expires_at > $3
        returning address, return_to
        """,
        secret,
        browser,
        now,
    )


async def forget_before(conn: Connection, instant: datetime) -> None:
    """Forget links that ended before then."""
    await conn.execute("delete from facts.sign_in_link where expires_at < $1", instant)
