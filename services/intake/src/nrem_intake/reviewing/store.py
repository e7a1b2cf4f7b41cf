"""SQL of reviewing: how everything stands for a reader, what was looked at, what was corrected."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from nrem_intake.periods.domain import last_day
from nrem_intake.reviewing.domain.attention import Standing
from nrem_shared.contracts.submissions import SubmissionContent

if TYPE_CHECKING:
    import asyncpg

    from nrem_shared.runtime.database import Connection


async def standings(conn: Connection, reader: str, period: str | None) -> list[Standing]:
    """Whatever is owed for a period (null = for all), as it stands, and what `reader` saw of it last."""
    rows = await conn.fetch(
        """
        select p.code as period, o.member, p.illustrative, p.state = 'closed' as closed,
               case when s.state is null or (s.state = 'withdrawn' and s.accepted_version is null)
                    then coalesce(e.due, p.due) else s.due end as due,
               coalesce(s.revision, 0) as revision, s.version, s.state, s.accepted_version, s.pending_version,
               v.kind, coalesce(v.nothing_to_report, false) as nothing_to_report, coalesce(s.late, false) as late,
               coalesce(v.authors ->> 'entered_by' is not null and v.authors ->> 'part_of' is null, false) as on_behalf,
               s.changed_at, e.due as extended_until, e.asked_until, coalesce(r.remarks, 0) as remarks, r.last_side,
               l.revision as seen_revision, l.remarks as seen_remarks
          from facts.period p
         cross join lateral unnest(p.owes) as o(member)
          left join facts.submission s on s.period = p.code and s.member = o.member
          left join facts.submission_version v
            on v.period = s.period and v.member = s.member and v.version = s.version
          left join facts.extension e on e.period = p.code and e.member = o.member
          left join lateral (
               select max(x.number) as remarks, (array_agg(x.side order by x.number desc))[1] as last_side
                 from facts.remark x where x.period = p.code and x.member = o.member) r on true
          left join facts.review_look l on l.reader = $1 and l.period = p.code and l.member = o.member
         where $2::text is null or p.code = $2
        """,
        reader,
        period,
    )
    return [_standing(row) for row in rows]


def _standing(row: asyncpg.Record) -> Standing:
    values: dict[str, Any] = dict(row)
    return Standing(ends=last_day(row["period"]), **values)


async def note_look(
    conn: Connection, reader: str, period: str, member: str, revision: int, remarks: int, now: datetime
) -> None:
    """Keep how far the reader has seen a submission."""
    await conn.execute(
        """
        insert into facts.review_look (reader, period, member, revision, remarks, looked_at)
        values ($1, $2, $3, $4, $5, $6)
        on conflict (reader, period, member) do update
           set revision = excluded.revision, remarks = excluded.remarks, looked_at = excluded.looked_at
        """,
        reader,
        period,
        member,
        revision,
        remarks,
        now,
    )


async def last_look(conn: Connection, reader: str, period: str, member: str) -> datetime | None:
    """When the reader looked at a submission last."""
    looked: datetime | None = await conn.fetchval(
        "select looked_at from facts.review_look where reader = $1 and period = $2 and member = $3",
        reader,
        period,
        member,
    )
    return looked


async def earlier_answer(conn: Connection, period: str, member: str) -> tuple[str, SubmissionContent] | None:
    """What the member said last for an earlier quarter: (quarter, content), the accepted version before others."""
    row = await conn.fetchrow(
        """
        select period, content from facts.submission_version
         where member = $2 and period < $1 and state <> 'withdrawn'
         order by period desc, state = 'accepted' desc, version desc
         limit 1
        """,
        period,
        member,
    )
    return (row["period"], SubmissionContent.model_validate(row["content"])) if row else None


async def corrections(conn: Connection, period: str | None, year: str | None) -> list[asyncpg.Record]:
    """Every version that corrects figures, newest first, with who submitted and who decided (of the journal).

    The n-th that was submitted to a stream is its version n; the next decision is about it.
    """
    return await conn.fetch(
        """
        select v.period, v.member, v.version, v.state, v.submitted_at, v.decided_at, v.corrected_figures, v.reasons,
               case when v.reasons is not null then v.content -> 'observations' end as observations,
               (select part.corrected_figures from facts.submission_version part
                 where part.period = v.period and part.member = v.member
                   and part.authors ->> 'part_of' = v.version::text) as approved,
               p.illustrative, sent.actor as submitted_by, decided.actor as decided_by,
               case when v.authors ->> 'part_of' is null then v.authors ->> 'entered_by' end as entered_by,
               case when v.authors ->> 'part_of' is null then v.authors -> 'on_behalf' end as on_behalf
          from facts.submission_version v
          join facts.period p on p.code = v.period
          left join lateral (
               select j.actor, j.position, j.subject from facts.journal j
                where j.subject = 'submission/' || v.period || '/' || v.member
                  and j.type = 'nrem.submission.submitted.v1'
                order by j.position offset v.version - 1 limit 1) sent on true
          left join lateral (
               select j.actor from facts.journal j
                where j.subject = sent.subject and j.position > sent.position
                  and j.type = 'nrem.submission.' || v.state || '.v1'
                order by j.position limit 1) decided on v.decided_at is not null
         where v.kind = 'correction' and ($1::text is null or v.period = $1)
           and ($2::text is null or left(v.period, 4) = $2)
         order by v.submitted_at desc, v.period, v.member
        """,
        period,
        year,
    )
