"""SQL of what was never submitted and is past its life."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nrem_shared.runtime.database import Connection


async def expired(conn: Connection, due_before: date, changed_before: datetime) -> list[tuple[str, str]]:
    """(period, member) of drafts and prepared corrections, due and last changed before these moments."""
    rows = await conn.fetch(
        """
        with draft as (
            select period, member, changed_at from facts.report_draft
            union all
            select period, member, changed_at from facts.correction_draft
        )
        select distinct d.period, d.member
          from draft d
          join facts.period p on p.code = d.period
          left join facts.extension e on e.period = d.period and e.member = d.member
          left join facts.submission s on s.period = d.period and s.member = d.member
         where d.changed_at < $2 and greatest(p.due, e.due, s.due) < $1
         order by 1, 2
        """,
        due_before,
        changed_before,
    )
    return [(row["period"], row["member"]) for row in rows]


async def delete_drafts(conn: Connection, period: str, member: str, changed_before: datetime) -> None:
    """Delete those of one member and period that were not changed since."""
    await conn.execute(
        "delete from facts.report_draft where period = $1 and member = $2 and changed_at < $3",
        period,
        member,
        changed_before,
    )
    await conn.execute(
        "delete from facts.correction_draft where period = $1 and member = $2 and changed_at < $3",
        period,
        member,
        changed_before,
    )


async def delete_unused_files(conn: Connection, due_before: date, sent_before: datetime) -> list[str]:
    """Forget files that no version and no draft of their member refers to; the SHA-256 of bytes nobody needs more."""
    rows = await conn.fetch(
        """
        with gone as (
            delete from facts.evidence f
             using facts.period p
             where p.code = f.period and p.due < $1 and f.uploaded_at < $2 and f.removed_at is null
               and not exists (select 1 from facts.submission_version v
                                where v.member = f.member and strpos(v.content::text, f.id::text) > 0)
               and not exists (select 1 from facts.report_draft d
                                where d.member = f.member
                                  and strpos(d.document::text || d.aside::text, f.id::text) > 0)
            returning f.id, f.sha256
        )
        select distinct g.sha256
          from gone g
         where not exists (select 1 from facts.evidence o
                            where o.sha256 = g.sha256 and o.removed_at is null
                              and o.id not in (select id from gone))
        """,
        due_before,
        sent_before,
    )
    return [row["sha256"] for row in rows]
