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


async def reasons(conn: Connection, member: str) -> list[dict[str, Any]]:
    """The reasons of a member's corrections as they stand, in all versions: `{lv, en}`."""
    rows = await conn.fetch(
        """
        select figure -> 'reason' as reason
          from projection.submission_version v, jsonb_array_elements(v.corrected_figures) as figure
         where v.member = $1
        """,
        member,
    )
    return [row["reason"] for row in rows]


async def releases(conn: Connection) -> list[tuple[str, int, dict[str, Any]]]:
    """(period, version, document) of every release."""
    rows = await conn.fetch("select period, version, document from facts.release order by period, version")
    return [(row["period"], row["version"], row["document"]) for row in rows]


async def replace_release(conn: Connection, period: str, version: int, document: dict[str, Any]) -> None:
    """What a release says without what was redacted."""
    await conn.execute(
        "update facts.release set document = $3 where period = $1 and version = $2", period, version, document
    )
