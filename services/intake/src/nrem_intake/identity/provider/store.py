"""SQL of browsers that are away at the provider."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nrem_shared.runtime.database import Connection


async def insert(conn: Connection, state: bytes, browser: bytes, return_to: str, expires_at: datetime) -> None:
    """Keep that a browser was sent to the provider, of state and browser the hashes."""
    await conn.execute(
        "insert into facts.provider_visit (state, browser, return_to, expires_at) values ($1, $2, $3, $4)",
        state,
        browser,
        return_to,
        expires_at,
    )


async def use(conn: Connection, state: bytes, browser: bytes, now: datetime) -> str | None:
    """Take the browser back, once: where it wanted to go. Null for a state that is not its own, or too old."""
    found: str | None = await conn.fetchval(
        "delete from facts.provider_visit where state = $1 and browser = $2 and expires_at > $3 returning return_to",
        state,
        browser,
        now,
    )
    return found


async def forget_before(conn: Connection, now: datetime) -> None:
    """Forget browsers that did not come back in time."""
    await conn.execute("delete from facts.provider_visit where expires_at <= $1", now)
