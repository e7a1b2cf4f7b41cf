"""SQL of releases."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from nrem_plan_tracker.releases.domain import KnownRelease
from nrem_shared.contracts.releases import FiguresReleased

if TYPE_CHECKING:
    from nrem_shared.runtime.database import Connection


async def save(conn: Connection, rows: Sequence[KnownRelease]) -> None:
    """Add releases; one that is there stays as it is."""
    await conn.execute(
        """
        insert into projection.release (period, version, position, released_at, document)
        select period, version, position, released_at, document::jsonb
          from unnest($1::text[], $2::bigint[], $3::bigint[], $4::timestamptz[], $5::text[])
               as new (period, version, position, released_at, document)
        on conflict do nothing
        """,
        [one.document.period for one in rows],
        [one.document.version for one in rows],
        [one.position for one in rows],
        [one.released_at for one in rows],
        [one.document.model_dump_json() for one in rows],
    )


async def replace(conn: Connection, one: KnownRelease) -> None:
    """What a release says without what was redacted."""
    await conn.execute(
        "update projection.release set document = $3::text::jsonb where period = $1 and version = $2",
        one.document.period,
        one.document.version,
        one.document.model_dump_json(),
    )


async def releases_up_to(conn: Connection, period: str) -> list[KnownRelease]:
    """Every release of a quarter and of those before it, by quarter and version."""
    rows = await conn.fetch(
        """
        select position, released_at, document from projection.release
         where period <= $1 order by period, version
        """,
        period,
    )
    return [
        KnownRelease(row["position"], row["released_at"], FiguresReleased.model_validate(row["document"]))
        for row in rows
    ]
