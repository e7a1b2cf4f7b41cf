"""SQL of administration: what no other room asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import asyncpg

    from nrem_shared.runtime.database import Connection


async def all_contacts(conn: Connection) -> list[asyncpg.Record]:
    """Every contact, by institution and role."""
    return await conn.fetch(
        "select member, role, address, language, illustrative from facts.contact order by member, role"
    )


async def history(conn: Connection, subject: str) -> list[asyncpg.Record]:
    """(revision, recorded_at, actor, payload) of a stream, oldest first; payload null where it was redacted."""
    return await conn.fetch(
        """
        select j.revision, j.recorded_at, j.actor, p.payload
          from facts.journal j left join facts.journal_payload p using (position)
         where j.subject = $1 order by j.revision
        """,
        subject,
    )


async def drafts_holding(conn: Connection, held: Sequence[tuple[str, Mapping[str, str]]]) -> list[tuple[str, str]]:
    """(quarter, member) of drafts of a quarter with a figure that has this field with this code; any of `held`."""
    rows = await conn.fetch(
        """
        select distinct d.period, d.member
          from facts.report_draft d
          join unnest($1::text[], $2::jsonb[]) as held(period, one) on held.period = d.period
         where d.state <> 'discarded' and d.document -> 'observations' @> jsonb_build_array(held.one)
         order by d.period, d.member
        """,
        [period for period, _ in held],
        [dict(one) for _, one in held],
    )
    return [(row["period"], row["member"]) for row in rows]


async def reported(conn: Connection, period: str) -> list[asyncpg.Record]:
    """(state, n): how many submissions of a period stand in which state."""
    return await conn.fetch(
        "select state, count(*) as n from facts.submission where period = $1 group by state order by state", period
    )
