"""SQL of submissions, and of what they may refer to."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from nrem_shared.runtime.arrays import literal
from nrem_shared.runtime.journal import State

if TYPE_CHECKING:
    from collections.abc import Sequence

    import asyncpg

    from nrem_intake.submissions.domain.stream import Decided, Stream, Version
    from nrem_shared.runtime.database import Connection

#: A stream's name: period, member.
Key = tuple[str, str]

#: Streams by their names. Each row is looked up by its key (`offset 0`): a plan made while nothing was known of the
#: tables would read them whole, and a connection keeps its plan.
STREAMS = """
select p.code as period, w.member, p.due as period_due, w.member = any(p.owes) as owed, p.illustrative,
       s.revision, s.first_submitted_at, s.late, s.due, e.due as extended_due, v.versions,
       (select concat_ws('/', (select sum(revision) from facts.reference),
                              (select sum(revision) from facts.institution),
                              (select string_agg(distinct plan || '@' || revision, ',')
                                 from projection.plan_result))) as catalogue_version
  from (select distinct * from unnest($1::text::text[], $2::text::text[]) as u(period, member)) w
 cross join lateral (select * from facts.period q where q.code = w.period offset 0) p
  left join lateral (select * from facts.submission t
                      where t.period = w.period and t.member = w.member offset 0) s on true
  left join lateral (select * from facts.extension t
                      where t.period = w.period and t.member = w.member offset 0) e on true
  left join lateral (
       select jsonb_agg(case when $3 then to_jsonb(x)
                             else to_jsonb(x) - 'content' - 'corrected_figures' end
                        order by x.version) as versions
         from facts.submission_version x
        where x.period = w.period and x.member = w.member) v on s.period is not null"""


async def load(conn: Connection, keys: Sequence[Key], *, contents: bool = False) -> list[asyncpg.Record]:
    """The streams named whose period exists, with the period's terms and the version of the reference data.

    `versions` are objects in order of their numbers; with `contents` each carries its content.
    """
    return await conn.fetch(
        STREAMS,
        literal([period for period, _ in keys]),
        literal([member for _, member in keys]),
        contents,
    )


async def earlier(conn: Connection, keys: Sequence[Key]) -> list[asyncpg.Record]:
    """(period, member, observations) for each of `keys`: what the member had accepted for each quarter before it."""
    return await conn.fetch(
        """
        select w.period, w.member, v.content -> 'observations' as observations
          from (select distinct * from unnest($1::text[], $2::text[]) as u(period, member)) w
          join facts.submission s
            on s.member = w.member and s.period < w.period and s.accepted_version is not null
          join facts.submission_version v
            on v.period = s.period and v.member = s.member and v.version = s.accepted_version
        """,
        [period for period, _ in keys],
        [member for _, member in keys],
    )


#: New versions and their streams' state.
_INSERTED = """
streams as (
    insert into facts.submission (period, member, revision, version, state, accepted_version, pending_version,
                                  first_submitted_at, late, due, changed_at)
    select period, member, revision, version, 'submitted', accepted_version, pending_version,
           first_submitted_at, late, due, submitted_at
      from moved, unnest($1::text::text[], $2::text::text[], $3::text::bigint[], $4::text::integer[],
                         $5::text::integer[], $6::text::integer[], $7::text::timestamptz[], $8::text::boolean[],
                         $9::text::date[], $10::text::timestamptz[])
                      as given(period, member, revision, version, accepted_version, pending_version,
                               first_submitted_at, late, due, submitted_at)
    on conflict (period, member) do update
       set revision = excluded.revision, version = excluded.version, state = excluded.state,
           accepted_version = excluded.accepted_version, pending_version = excluded.pending_version,
           due = excluded.due, changed_at = excluded.changed_at
), versions as (
    insert into facts.submission_version (period, member, version, kind, state, submitted_at, nothing_to_report,
                                          content, corrected_figures, authors)
    select period, member, version, kind, 'submitted', submitted_at, nothing, content::jsonb, figures::jsonb,
           authors::jsonb
      from moved, unnest($1::text::text[], $2::text::text[], $4::text::integer[], $10::text::timestamptz[],
                         $11::text::text[], $12::text::boolean[], $13::text[], $14::text::text[],
                         $15::text::text[])
                      as given(period, member, version, submitted_at, kind, nothing, content, figures, authors)
)"""


def inserted(decided: Sequence[Decided]) -> State:
    """New versions and their streams' state, for the statement of their facts."""
    streams = [stream for stream, _ in decided]
    versions = [stream.versions[-1] for stream in streams]
    values = [
        literal([s.period for s in streams]),
        literal([s.member for s in streams]),
        literal([s.revision for s in streams]),
        literal([v.number for v in versions]),
        literal([s.accepted_version for s in streams]),
        literal([s.pending_version for s in streams]),
        literal([s.first_submitted_at for s in streams]),
        literal([s.late for s in streams]),
        literal([s.due for s in streams]),
        literal([v.submitted_at for v in versions]),
        literal([v.kind for v in versions]),
        literal([v.nothing_to_report for v in versions]),
        [v.content.model_dump_json() if v.content else "{}" for v in versions],
        literal([f"[{','.join(figure.model_dump_json() for figure in v.corrected_figures)}]" for v in versions]),
        literal([json.dumps(authors) if (authors := v.authors.stored()) else None for v in versions]),
    ]
    return State(_INSERTED, values)


async def insert(conn: Connection, decided: Sequence[Decided]) -> None:
    """The same at once, for a command that goes on with what it inserted."""
    state = inserted(decided)
    await conn.execute(f"with moved as (select), {state.sql} select", *state.values)


async def decide(conn: Connection, stream: Stream, version: Version) -> None:
    """What became of a version, and the stream's state after it, in one statement."""
    await conn.execute(
        """
        with stream as (
            update facts.submission
               set revision = $3, state = $4, accepted_version = $5, pending_version = $6, due = $7, changed_at = $8
             where period = $1 and member = $2
        )
        update facts.submission_version set state = $10, decided_at = $8, reasons = $11, due = $12
         where period = $1 and member = $2 and version = $9
        """,
        stream.period,
        stream.member,
        stream.revision,
        stream.versions[-1].state,
        stream.accepted_version,
        stream.pending_version,
        stream.due,
        version.decided_at,
        version.number,
        version.state,
        [reason.model_dump(mode="json") for reason in version.reasons] or None,
        version.due,
    )


async def listed(conn: Connection, period: str | None, member: str | None, state: str | None) -> list[asyncpg.Record]:
    """Streams, newest period first; each condition only where it is given."""
    return await conn.fetch(
        """
        select s.period, s.member, s.revision, s.version, s.state, s.accepted_version, s.pending_version,
               s.first_submitted_at, s.late, s.due, s.changed_at, v.kind, v.nothing_to_report, v.reasons,
               p.illustrative,
               v.authors ->> 'entered_by' is not null and v.authors ->> 'part_of' is null as on_behalf
          from facts.submission s
          join facts.submission_version v
            on v.period = s.period and v.member = s.member and v.version = s.version
          join facts.period p on p.code = s.period
         where ($1::text is null or s.period = $1) and ($2::text is null or s.member = $2)
           and ($3::text is null or s.state = $3)
         order by s.period desc, s.member
        """,
        period,
        member,
        state,
    )


async def reference_items(conn: Connection) -> list[asyncpg.Record]:
    """(kind, item) of all reference data."""
    return await conn.fetch("select kind, item from facts.reference order by kind, code")


async def institution_items(conn: Connection) -> list[asyncpg.Record]:
    """(item) of all institutions."""
    return await conn.fetch("select item from facts.institution order by code")


async def plan_result_items(conn: Connection) -> list[asyncpg.Record]:
    """(plan, valid_from, valid_to, item) of all results of all plans, in the order of each plan."""
    return await conn.fetch(
        "select plan, valid_from, valid_to, item from projection.plan_result order by valid_from, plan, place"
    )
