"""SQL of redactions and of what follows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

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


async def note(conn: Connection, id: str, position: int, period: str, member: str) -> None:
    """Keep one redaction; once."""
    await conn.execute(
        """
        insert into projection.redaction (id, position, period, member) values ($1, $2, $3, $4)
        on conflict do nothing
        """,
        id,
        position,
        period,
        member,
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


async def items(conn: Connection) -> list[tuple[str, str, str, dict[str, Any]]]:
    """(member, section, code, item) of everything reported, in all versions."""
    rows = await conn.fetch(
        """
        select member, section, code, item from projection.reported_item
         where section in ('activities', 'future_plans', 'challenges')
        """
    )
    return [(row["member"], row["section"], row["code"], row["item"]) for row in rows]


async def minutes(conn: Connection) -> list[tuple[str, int, dict[str, Any]]]:
    """(meeting, revision, item) of all minutes."""
    rows = await conn.fetch("select meeting, revision, item from facts.minutes order by meeting")
    return [(row["meeting"], row["revision"], row["item"]) for row in rows]


async def meetings(conn: Connection) -> list[tuple[str, int, dict[str, Any]]]:
    """(code, revision, item) of all meetings."""
    rows = await conn.fetch("select code, revision, item from facts.meeting order by code")
    return [(row["code"], row["revision"], row["item"]) for row in rows]


async def replace_minutes(conn: Connection, meeting: str, revision: int, item: dict[str, Any]) -> None:
    """What minutes say without what was redacted, also where they are approved."""
    await conn.execute("update facts.minutes set revision = $2, item = $3 where meeting = $1", meeting, revision, item)


async def replace_meeting(conn: Connection, code: str, revision: int, item: dict[str, Any]) -> None:
    """What a meeting's agenda says without what was redacted."""
    await conn.execute("update facts.meeting set revision = $2, item = $3 where code = $1", code, revision, item)
