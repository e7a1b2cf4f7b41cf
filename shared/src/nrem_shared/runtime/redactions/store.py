"""SQL of redactions: which there were, and which were followed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import asyncpg

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


async def fact_at(conn: Connection, position: int) -> asyncpg.Record | None:
    """(position, type, subject, payload) of the fact at a position; payload null where it was redacted."""
    return await conn.fetchrow(
        """
        select j.position, j.type, j.subject, p.payload
          from facts.journal j left join facts.journal_payload p using (position)
         where j.position = $1
        """,
        position,
    )


async def listed(conn: Connection) -> list[asyncpg.Record]:
    """Every redaction of this journal, newest first."""
    return await conn.fetch(
        """
        select j.position, j.redacts, r.subject, j.recorded_at, j.actor,
               coalesce(p.payload::jsonb ->> 'reason', '') as reason
          from facts.journal j
          join facts.journal r on r.position = j.redacts
          left join facts.journal_payload p on p.position = j.position
         order by j.position desc
        """
    )


async def streams(conn: Connection, types: Sequence[str]) -> list[str]:
    """The streams that hold facts of these types, those that changed last first."""
    rows = await conn.fetch(
        """
        select subject from facts.journal where type = any($1::text[])
         group by subject order by max(position) desc limit 1000
        """,
        list(types),
    )
    return [row["subject"] for row in rows]


async def forget_answers(conn: Connection, written: Sequence[str]) -> None:
    """Answers remembered for repeated requests in which one of these texts stands, as JSON writes it."""
    await conn.execute(
        """
        delete from facts.idempotency i
         where exists (select from unnest($1::text[]) as w(text) where position(w.text in i.body) > 0)
        """,
        list(written),
    )
