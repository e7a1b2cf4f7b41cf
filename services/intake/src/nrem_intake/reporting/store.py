"""SQL of drafts, of signatures that are waited for, and of what a member had accepted before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from nrem_shared.contracts.submissions import SignatureAwaited

if TYPE_CHECKING:
    import asyncpg

    from nrem_shared.runtime.database import Connection


@dataclass(frozen=True, slots=True)
class SignatureRow:
    """The newest event of a stream of signatures; `item` = what was handed over last."""

    revision: int
    awaited: bool
    item: SignatureAwaited


async def signature(conn: Connection, period: str, member: str) -> SignatureRow | None:
    """Whether something of the member waits for its signature; null where nothing ever did."""
    row = await conn.fetchrow(
        "select revision, awaited, item from facts.signature where period = $1 and member = $2", period, member
    )
    return SignatureRow(row["revision"], row["awaited"], SignatureAwaited.model_validate(row["item"])) if row else None


async def put_signature(conn: Connection, item: SignatureAwaited, revision: int, *, awaited: bool) -> None:
    """Write the newest event over the one before."""
    await conn.execute(
        """
        insert into facts.signature (period, member, revision, awaited, item) values ($1, $2, $3, $4, $5)
        on conflict (period, member) do update
           set revision = excluded.revision, awaited = excluded.awaited, item = excluded.item
        """,
        item.period,
        item.member,
        revision,
        awaited,
        item.model_dump(mode="json"),
    )


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
    aside: object,
    now: datetime,
) -> None:
    """Write the draft over whatever there was."""
    await conn.execute(
        """
        insert into facts.report_draft (period, member, revision, stream_revision, document, sections, state,
                                        prepared_by, note, aside, changed_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        on conflict (period, member) do update
           set revision = excluded.revision, stream_revision = excluded.stream_revision, document = excluded.document,
               sections = excluded.sections, state = excluded.state, prepared_by = excluded.prepared_by,
               note = excluded.note, aside = excluded.aside, changed_at = excluded.changed_at
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
        aside,
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
