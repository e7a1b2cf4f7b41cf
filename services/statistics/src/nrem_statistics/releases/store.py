"""The releases this service decided, and what is known of the records that their figures are made of."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from nrem_shared.contracts.releases import FiguresReleased
from nrem_shared.runtime.database import Connection


@dataclass(frozen=True, slots=True)
class ReleaseRow:
    """One release; `released_at` is its record time."""

    released_at: datetime
    document: FiguresReleased


async def insert(conn: Connection, released_at: datetime, document: FiguresReleased) -> None:
    """Add a release."""
    await conn.execute(
        "insert into facts.release (period, version, released_at, document) values ($1, $2, $3, $4::text::jsonb)",
        document.period,
        document.version,
        released_at,
        document.model_dump_json(),
    )


async def releases_of(conn: Connection, period: str, known_on: datetime | None = None) -> list[ReleaseRow]:
    """Every release of a quarter, newest first; with `known_on` those recorded by then."""
    found = await conn.fetch(
        """
        select released_at, document::text as document
          from facts.release
         where period = $1 and ($2::timestamptz is null or released_at <= $2)
         order by version desc
        """,
        period,
        known_on,
    )
    return [ReleaseRow(row["released_at"], FiguresReleased.model_validate_json(row["document"])) for row in found]


async def release(conn: Connection, period: str, version: int) -> ReleaseRow | None:
    """One release; null where there is none."""
    row = await conn.fetchrow(
        "select released_at, document::text as document from facts.release where period = $1 and version = $2",
        period,
        version,
    )
    return ReleaseRow(row["released_at"], FiguresReleased.model_validate_json(row["document"])) if row else None


async def topics_not_understood(conn: Connection, topics: Sequence[str], period: str) -> list[str]:
    """Topics with an unresolved record of which it is not certain that it concerns another period.

    A stream of this period's submissions is not counted here: it is named by its member.
    """
    found = await conn.fetch(
        """
        select distinct topic
          from projection.dead_letter
         where resolved_at is null and topic = any($1::text[])
           and (key is null
                or not (starts_with(key, 'submission/')
                        or (starts_with(key, 'period/') and key <> 'period/' || $2)
                        or starts_with(key, 'extension/')
                        or starts_with(key, 'signature/')))
         order by topic
        """,
        list(topics),
        period,
    )
    return [row["topic"] for row in found]


async def topics_with_gaps(conn: Connection, topics: Sequence[str]) -> list[str]:
    """Topics of which records are known to be missing."""
    found = await conn.fetch(
        "select distinct topic from projection.gap where topic = any($1::text[]) order by topic", list(topics)
    )
    return [row["topic"] for row in found]


async def closing_manifest(conn: Connection, period: str) -> dict[str, int] | None:
    """Member → the version that the period's newest closing names; null while it is open."""
    found = await conn.fetchval(
        """
        select accepted::text from projection.period_closing where code = $1 order by revision desc limit 1
        """,
        period,
    )
    return {str(member): int(version) for member, version in json.loads(found).items()} if found else None
