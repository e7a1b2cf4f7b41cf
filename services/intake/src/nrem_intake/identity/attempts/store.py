"""SQL of attempts."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nrem_shared.runtime.database import Connection


async def spend(conn: Connection, what: str, whose: bytes, now: datetime, since: datetime, most: int) -> bool:
    """Note one more, unless there were `most` since then: False."""
    return bool(
        await conn.fetchval(
            """
            insert into facts.sign_in_attempt (what, whose, at)
            select $1, $2, $3
             where (select count(*) from facts.sign_in_attempt where what = $1 and whose = $2 and at > $4) < $5
            returning true
            """,
            what,
            whose,
            now,
            since,
            most,
        )
    )


async def forget_before(conn: Connection, instant: datetime) -> None:
    """Forget what no limit looks at any more."""
    await conn.execute("delete from facts.sign_in_attempt where at < $1", instant)
