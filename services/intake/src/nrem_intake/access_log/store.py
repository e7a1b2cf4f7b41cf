"""SQL of the access log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nrem_shared.runtime.database import Connection


@dataclass(frozen=True, slots=True)
class Access:
    """Somebody read or exported something; `about` is its address below intake's own."""

    at: datetime
    actor: str
    display: str
    roles: tuple[str, ...]
    what: str
    about: str
    correlation_id: str


async def add(conn: Connection, one: Access) -> None:
    """Write one down."""
    await conn.execute(
        """
        insert into facts.access (at, actor, display, roles, what, about, correlation_id)
        values ($1, $2, $3, $4, $5, $6, $7)
        """,
        one.at,
        one.actor,
        one.display,
        list(one.roles),
        one.what,
        one.about,
        one.correlation_id,
    )


async def page(conn: Connection, what: str | None, about: str, limit: int, offset: int) -> list[Access]:
    """The newest first; of one kind, and whose address contains a text (empty = all)."""
    rows = await conn.fetch(
        """
        select at, actor, display, roles, what, about, correlation_id from facts.access
         where ($1::text is null or what = $1) and strpos(about, $2) > 0
         order by number desc limit $3 offset $4
        """,
        what,
        about,
        limit,
        offset,
    )
    return [Access(**{**dict(row), "roles": tuple(row["roles"])}) for row in rows]


async def forget_before(conn: Connection, instant: datetime) -> None:
    """Forget what is older."""
    await conn.execute("delete from facts.access where at < $1", instant)
