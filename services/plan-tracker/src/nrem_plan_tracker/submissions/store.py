"""SQL of what members reported."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from nrem_plan_tracker.submissions.domain import Entry, InForce, Standing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nrem_shared.contracts.submissions import SubmissionExtended, SubmissionStream, SubmissionSubmitted
    from nrem_shared.runtime.database import Connection

#: (period, member, version, section, place, code, item)
ItemRow = tuple[str, str, int, str, int, str, dict[str, Any]]


async def save_versions(conn: Connection, rows: Sequence[tuple[datetime, SubmissionSubmitted]]) -> None:
    """Versions with when they were journalled; each once."""
    await conn.execute(
        """
        insert into projection.submission_version
               (period, member, version, submitted_at, nothing_to_report, illustrative)
        select * from unnest($1::text[], $2::text[], $3::integer[], $4::timestamptz[], $5::boolean[], $6::boolean[])
        on conflict do nothing
        """,
        [data.period for _, data in rows],
        [data.member for _, data in rows],
        [data.version for _, data in rows],
        [at for at, _ in rows],
        [data.nothing_to_report for _, data in rows],
        [data.illustrative for _, data in rows],
    )


async def forget_version(conn: Connection, data: SubmissionSubmitted) -> None:
    """Drop what is kept of one version, in one statement; what is told instead is stored after it."""
    await conn.execute(
        """
        with items as (delete from projection.reported_item where period = $1 and member = $2 and version = $3)
        delete from projection.submission_version where period = $1 and member = $2 and version = $3
        """,
        data.period,
        data.member,
        data.version,
    )


async def save_items(conn: Connection, rows: Sequence[ItemRow]) -> None:
    """The entries of versions, once."""
    await conn.execute(
        """
        insert into projection.reported_item (period, member, version, section, place, code, item)
        select * from unnest($1::text[], $2::text[], $3::integer[], $4::text[], $5::integer[], $6::text[], $7::jsonb[])
        on conflict do nothing
        """,
        *(list(column) for column in zip(*rows, strict=True)),
    )


async def save_decisions(conn: Connection, rows: Sequence[tuple[datetime, SubmissionStream]]) -> None:
    """What was decided about versions, and when it was journalled; each once."""
    await conn.execute(
        """
        insert into projection.submission_decision (period, member, version, outcome, decided_at)
        select * from unnest($1::text[], $2::text[], $3::integer[], $4::text[], $5::timestamptz[])
        on conflict do nothing
        """,
        [data.period for _, data in rows],
        [data.member for _, data in rows],
        [data.version for _, data in rows],
        [data.state for _, data in rows],
        [at for at, _ in rows],
    )


async def save_streams(conn: Connection, rows: Sequence[tuple[int, SubmissionStream]]) -> None:
    """The newest state of each stream; at most one row per stream."""
    await conn.execute(
        """
        insert into projection.submission_stream as held
               (period, member, revision, state, accepted_version, pending_version, due, late)
        select * from unnest($1::text[], $2::text[], $3::bigint[], $4::text[], $5::integer[], $6::integer[],
                             $7::date[], $8::boolean[])
        on conflict (period, member) do update
           set revision = excluded.revision, state = excluded.state, accepted_version = excluded.accepted_version,
               pending_version = excluded.pending_version, due = excluded.due, late = excluded.late
         where held.revision < excluded.revision
        """,
        [data.period for _, data in rows],
        [data.member for _, data in rows],
        [revision for revision, _ in rows],
        [data.state for _, data in rows],
        [data.accepted_version for _, data in rows],
        [data.pending_version for _, data in rows],
        [data.due for _, data in rows],
        [data.late for _, data in rows],
    )


async def save_extensions(conn: Connection, rows: Sequence[tuple[int, SubmissionExtended]]) -> None:
    """The due date each member was given last; at most one row per member and period."""
    await conn.execute(
        """
        insert into projection.extension as held (period, member, revision, due)
        select * from unnest($1::text[], $2::text[], $3::bigint[], $4::date[])
        on conflict (period, member) do update set revision = excluded.revision, due = excluded.due
         where held.revision < excluded.revision
        """,
        [data.period for _, data in rows],
        [data.member for _, data in rows],
        [revision for revision, _ in rows],
        [data.due for _, data in rows],
    )


async def extensions(conn: Connection, period: str) -> dict[str, date]:
    """Member → until when it has for the period, where it was given more time."""
    rows = await conn.fetch("select member, due from projection.extension where period = $1", period)
    return {row["member"]: row["due"] for row in rows}


async def in_force(conn: Connection, known_on: datetime, up_to: str) -> list[InForce]:
    """The versions that counted on `known_on`, of periods up to `up_to`, by period and member."""
    rows = await conn.fetch(
        """
        select distinct on (d.period, d.member)
               d.period, d.member, d.version, d.decided_at, v.nothing_to_report, v.illustrative
          from projection.submission_decision d
          join projection.submission_version v using (period, member, version)
         where d.outcome = 'accepted' and d.decided_at <= $1 and d.period <= $2
         order by d.period, d.member, d.version desc
        """,
        known_on,
        up_to,
    )
    return [InForce(*row.values()) for row in rows]


async def entries(conn: Connection, section: str, versions: Sequence[InForce]) -> list[Entry]:
    """The entries of one section of these versions, by period, member and place."""
    rows = await conn.fetch(
        """
        select i.period, i.member, i.version, i.section, i.code, i.item
          from projection.reported_item i
          join unnest($2::text[], $3::text[], $4::integer[]) as w(period, member, version)
               using (period, member, version)
         where i.section = $1
         order by i.period, i.member, i.place
        """,
        section,
        [one.period for one in versions],
        [one.member for one in versions],
        [one.version for one in versions],
    )
    return [Entry(*row.values()) for row in rows]


async def standings(conn: Connection, period: str) -> dict[str, Standing]:
    """Member → where its submission for the period stands now; who sent nothing is not in it."""
    rows = await conn.fetch(
        """
        select member, state, accepted_version, pending_version, due, late
          from projection.submission_stream
         where period = $1
         order by member
        """,
        period,
    )
    return {row["member"]: Standing(*row.values()) for row in rows}


async def challenge_codes(conn: Connection) -> set[str]:
    """The codes of all challenges that anybody ever reported."""
    rows = await conn.fetch("select distinct code from projection.reported_item where section = 'challenges'")
    return {row["code"] for row in rows}
