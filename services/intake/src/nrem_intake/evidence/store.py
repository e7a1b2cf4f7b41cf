"""SQL of evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nrem_intake.evidence.domain import Evidence

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    import asyncpg

    from nrem_shared.runtime.database import Connection


async def insert(conn: Connection, one: Evidence, by: str) -> None:
    """Add a file."""
    await conn.execute(
        """
        insert into facts.evidence (id, period, member, sha256, size, media_type, name, uploaded_by, uploaded_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        """,
        one.id,
        one.period,
        one.member,
        one.sha256,
        one.size,
        one.media_type,
        one.name,
        by,
        one.uploaded_at,
    )


async def evidence(conn: Connection, id: UUID) -> Evidence | None:
    """One file; null where there is none."""
    row = await conn.fetchrow(
        """
        select id, period, member, sha256, size, media_type, name, uploaded_at, removed_at
          from facts.evidence where id = $1
        """,
        id,
    )
    return _evidence(row) if row else None


async def of_stream(conn: Connection, period: str, member: str) -> list[Evidence]:
    """The files of one member for one period, oldest first; removed ones too."""
    rows = await conn.fetch(
        """
        select id, period, member, sha256, size, media_type, name, uploaded_at, removed_at
          from facts.evidence where period = $1 and member = $2 order by uploaded_at, id
        """,
        period,
        member,
    )
    return [_evidence(row) for row in rows]


async def of_members(conn: Connection, members: Sequence[str], ids: Sequence[UUID]) -> dict[tuple[str, str], Evidence]:
    """(member, reference) → file, of those of `ids` that are kept for one of the members."""
    rows = await conn.fetch(
        """
        select id, period, member, sha256, size, media_type, name, uploaded_at, removed_at
          from facts.evidence where member = any($1::text[]) and id = any($2::uuid[]) and removed_at is null
        """,
        list(members),
        list(ids),
    )
    return {(one.member, one.ref): one for one in map(_evidence, rows)}


async def same_content(conn: Connection, period: str, member: str, sha256: str) -> Evidence | None:
    """The file with these bytes that the member has sent for the period already."""
    row = await conn.fetchrow(
        """
        select id, period, member, sha256, size, media_type, name, uploaded_at, removed_at
          from facts.evidence
         where period = $1 and member = $2 and sha256 = $3 and removed_at is null
         order by uploaded_at limit 1
        """,
        period,
        member,
        sha256,
    )
    return _evidence(row) if row else None


async def remove(conn: Connection, sha256: str, reason: dict[str, Any], now: datetime) -> int:
    """Whoever sent these bytes: they are gone. Returns how many files that was."""
    rows = await conn.fetch(
        """
        update facts.evidence set removed_at = $3, removed_for = $2
         where sha256 = $1 and removed_at is null
        returning id
        """,
        sha256,
        reason,
        now,
    )
    return len(rows)


async def kept(conn: Connection) -> list[str]:
    """The SHA-256 of everything that is kept, once each."""
    rows = await conn.fetch("select distinct sha256 from facts.evidence where removed_at is null order by 1")
    return [row["sha256"] for row in rows]


def _evidence(row: asyncpg.Record) -> Evidence:
    return Evidence(**dict(row))
