"""SQL of signs of life."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nrem_shared.runtime.database import Connection


async def heard_of(conn: Connection) -> dict[str, datetime]:
    """Service → when (real time) its relay was last heard of; those that send nothing are not in it."""
    rows = await conn.fetch("select service, max(sent_at) as at from projection.heartbeat group by service")
    return {row["service"]: row["at"] for row in rows}
