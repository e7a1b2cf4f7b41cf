"""What is held about the streams of a period: versions, decisions, and what was not understood."""

from __future__ import annotations

from nrem_shared.runtime.database import Connection
from nrem_statistics.observations.domain import DecisionRow, VersionRow
from nrem_statistics.observations.store import CORRECTED_FIGURES


async def versions_of(conn: Connection, period: str) -> tuple[VersionRow, ...]:
    """Every version of every stream of a period."""
    found = await conn.fetch(
        """
        select member, version, submitted_at, late, nothing_to_report, illustrative,
               corrected_figures::text as corrected
          from projection.submission_version where period = $1 order by member, version
        """,
        period,
    )
    return tuple(
        VersionRow(
            row["member"],
            row["version"],
            row["submitted_at"],
            row["late"],
            row["nothing_to_report"],
            row["illustrative"],
            CORRECTED_FIGURES.validate_json(row["corrected"]),
        )
        for row in found
    )


async def decisions_of(conn: Connection, period: str) -> tuple[DecisionRow, ...]:
    """Every decision about a version of a period."""
    found = await conn.fetch(
        """
        select member, version, outcome, decided_at
          from projection.submission_decision where period = $1 order by member, version
        """,
        period,
    )
    return tuple(DecisionRow(row["member"], row["version"], row["outcome"], row["decided_at"]) for row in found)


async def not_understood(conn: Connection, period: str) -> frozenset[str]:
    """Members of whose stream a record was received, not understood and not resolved since."""
    found = await conn.fetch(
        """
        select distinct split_part(key, '/', 3) as member
          from projection.dead_letter
         where resolved_at is null and starts_with(key, 'submission/' || $1 || '/')
        """,
        period,
    )
    return frozenset(row["member"] for row in found)


async def count_not_understood(conn: Connection) -> int:
    """Streams of submissions with a record that was not understood and not resolved."""
    count: int = await conn.fetchval(
        """
        select count(distinct key) from projection.dead_letter
         where resolved_at is null and starts_with(key, 'submission/')
        """
    )
    return count


async def missing_by_open_period(conn: Connection) -> dict[str, int]:
    """Open period → how many of those who owe a submission have nothing waiting, returned or accepted."""
    found = await conn.fetch(
        """
        select period.code,
               (select count(*) from unnest(period.owes) as owing (institution)
                 where not exists (select from projection.submission_stream stream
                                    where stream.period = period.code and stream.member = owing.institution
                                      and (stream.state <> 'withdrawn' or stream.accepted_version is not null))
               ) as missing
          from projection.period
         where not exists (select from projection.period_closing closing where closing.code = period.code)
        """
    )
    return {row["code"]: row["missing"] for row in found}
