"""SQL of calendar feeds."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from nrem_notifier.obligations.domain.values import Recipient

if TYPE_CHECKING:
    from nrem_shared.runtime.database import Connection


async def add(conn: Connection, secret: bytes, recipient: Recipient, now: datetime) -> None:
    """A new address for this role; every earlier one ends."""
    await conn.execute(
        "update facts.feed set ended_at = $3 where institution = $1 and role = $2 and ended_at is null",
        recipient.institution,
        recipient.role,
        now,
    )
    await conn.execute(
        "insert into facts.feed (secret, institution, role, created_at) values ($1, $2, $3, $4)",
        secret,
        recipient.institution,
        recipient.role,
        now,
    )


async def whose(conn: Connection, secret: bytes) -> Recipient | None:
    """The role that an address belongs to, while it has not ended."""
    row = await conn.fetchrow("select institution, role from facts.feed where secret = $1 and ended_at is null", secret)
    return Recipient(row["institution"], row["role"]) if row else None


async def since(conn: Connection, recipient: Recipient) -> datetime | None:
    """When the address in force was made."""
    found: datetime | None = await conn.fetchval(
        "select created_at from facts.feed where institution = $1 and role = $2 and ended_at is null",
        recipient.institution,
        recipient.role,
    )
    return found
