"""The rows of the versions in force, by the keys they are stored under."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache

from asyncpg import Record

from nrem_shared.runtime.database import Connection
from nrem_statistics.observations.domain import ActivityRow, ChallengeRow, FundingRow, ObservationRow

#: (member, version) of the versions whose rows are asked for.
Versions = Sequence[tuple[str, int]]

OBSERVATIONS_OF_VERSIONS = """
    select o.member, o.version, o.indicator, o.dimensions::text as dimensions, o.value, o.empty
      from unnest($2::text[], $3::integer[]) as counted (member, version)
      join projection.observation o
        on o.period = $1 and o.member = counted.member and o.version = counted.version
     order by o.member, o.version, o.indicator, o.dimension_key
"""


async def observations_of(conn: Connection, period: str, versions: Versions) -> list[ObservationRow]:
    """The observations of the versions named, as (member, version)."""
    found = await conn.fetch(OBSERVATIONS_OF_VERSIONS, period, *_columns(versions))
    return [
        ObservationRow(
            row["member"], row["indicator"], _dimensions(row["dimensions"]), row["value"], row["empty"], row["version"]
        )
        for row in found
    ]


async def activities_of(conn: Connection, period: str, versions: Versions) -> list[ActivityRow]:
    """The activities of the versions named."""
    found = await conn.fetch(
        """
        select a.member, a.type, a.audience, a.participants, a.copies, a.first_contact::text as first_contact,
               a.project_phase, a.continues
          from unnest($2::text[], $3::integer[]) as counted (member, version)
          join projection.activity a
            on a.period = $1 and a.member = counted.member and a.version = counted.version
         order by a.member, a.version, a.ordinal
        """,
        period,
        *_columns(versions),
    )
    return [_activity(row) for row in found]


async def funding_of(conn: Connection, period: str, versions: Versions) -> list[FundingRow]:
    """The amounts of the versions named."""
    found = await conn.fetch(
        """
        select f.member, f.source, f.purpose, f.amount_eur
          from unnest($2::text[], $3::integer[]) as counted (member, version)
          join projection.funding f
            on f.period = $1 and f.member = counted.member and f.version = counted.version
         order by f.member, f.version, f.ordinal
        """,
        period,
        *_columns(versions),
    )
    return [FundingRow(row["member"], row["source"], row["purpose"], row["amount_eur"]) for row in found]


async def challenges_of(conn: Connection, period: str, versions: Versions) -> list[ChallengeRow]:
    """The challenges of the versions named."""
    found = await conn.fetch(
        """
        select c.member, c.code, c.state
          from unnest($2::text[], $3::integer[]) as counted (member, version)
          join projection.challenge c
            on c.period = $1 and c.member = counted.member and c.version = counted.version
         order by c.member, c.version, c.ordinal
        """,
        period,
        *_columns(versions),
    )
    return [ChallengeRow(row["member"], row["code"], row["state"]) for row in found]


@lru_cache(maxsize=20_000)
def _dimensions(text: str) -> Mapping[str, str]:
    """Few are in use, each by thousands of observations; shared by them, so for reading only."""
    named: dict[str, str] = json.loads(text)
    return named


def _columns(versions: Versions) -> tuple[list[str], list[int]]:
    return [member for member, _ in versions], [version for _, version in versions]


def _activity(row: Record) -> ActivityRow:
    return ActivityRow(
        member=row["member"],
        type=row["type"],
        audience=row["audience"],
        participants=row["participants"],
        copies=row["copies"],
        first_contact=tuple((kind, number) for kind, number in json.loads(row["first_contact"])),
        project_phase=row["project_phase"],
        continues=row["continues"],
    )
