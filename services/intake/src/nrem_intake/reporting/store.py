"""SQL of drafts, and of what a member had accepted before."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import asyncpg

    from nrem_shared.runtime.database import Connection


async def draft(conn: Connection, period: str, member: str) -> asyncpg.Record | None:
    """The draft, if there is one."""
    return await conn.fetchrow("select * from facts.report_draft where period = $1 and member = $2", period, member)


async def lock_draft(conn: Connection, period: str, member: str) -> asyncpg.Record | None:
    """The draft; nobody else saves it before this transaction ends, nor begins one."""
    await conn.execute("select pg_advisory_xact_lock(hashtext('report_draft/' || $1 || '/' || $2))", period, member)
    return await draft(conn, period, member)


async def put_draft(
    conn: Connection,
    period: str,
    member: str,
    revision: int,
    stream_revision: int,
    document: object,
    sections: object,
    state: str,
    prepared_by: str | None,
    note: str | None,
    now: datetime,
) -> None:
    """Write the draft over whatever there was."""
    await conn.execute(
        """
        insert into facts.report_draft (period, member, revision, stream_revision, document, sections, state,
                                        prepared_by, note, changed_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        on conflict (period, member) do update
           set revision = excluded.revision, stream_revision = excluded.stream_revision, document = excluded.document,
               sections = excluded.sections, state = excluded.state, prepared_by = excluded.prepared_by,
               note = excluded.note, changed_at = excluded.changed_at
        """,
        period,
        member,
        revision,
        stream_revision,
        document,
        sections,
        state,
        prepared_by,
        note,
        now,
    )


async def delete_draft(conn: Connection, period: str, member: str) -> None:
    """The draft was submitted."""
    await conn.execute("delete from facts.report_draft where period = $1 and member = $2", period, member)


async def accepted_before(conn: Connection, member: str, period: str) -> list[asyncpg.Record]:
    """(period, content) of what the member had accepted for earlier quarters, oldest first."""
    return await conn.fetch(
        """
        select s.period, v.content
          from facts.submission s
          join facts.submission_version v
            on v.period = s.period and v.member = s.member and v.version = s.accepted_version
         where s.member = $1 and s.period < $2
         order by s.period
        """,
        member,
        period,
    )
