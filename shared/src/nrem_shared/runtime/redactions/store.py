"""SQL of redactions: which there were, and which were followed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nrem_shared.runtime.database import Connection


@dataclass(frozen=True, slots=True)
class Redaction:
    """One redaction of a submission: its event, and where it stands in intake's journal."""

    id: str
    position: int
    period: str
    member: str


async def note(conn: Connection, redactions: Sequence[Redaction]) -> None:
    """Keep redactions; each once."""
    await conn.execute(
        """
        insert into projection.redaction (id, position, period, member)
        select * from unnest($1::text[], $2::bigint[], $3::text[], $4::text[])
        on conflict do nothing
        """,
        [one.id for one in redactions],
        [one.position for one in redactions],
        [one.period for one in redactions],
        [one.member for one in redactions],
    )


async def waiting(conn: Connection) -> list[Redaction]:
    """Those that nothing has followed yet, oldest first."""
    rows = await conn.fetch(
        """
        select id, position, period, member
          from projection.redaction r
         where not exists (select from facts.redaction_followed f where f.id = r.id)
         order by position
        """
    )
    return [Redaction(*row.values()) for row in rows]


async def followed(conn: Connection, ids: Sequence[str], now: datetime) -> None:
    """They are done with."""
    await conn.execute(
        """
        insert into facts.redaction_followed (id, followed_at) select id, $2 from unnest($1::text[]) as u(id)
        on conflict do nothing
        """,
        list(ids),
        now,
    )
