"""SQL of reported progress."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nrem_shared.runtime.database import Connection


async def save_versions(conn: Connection, versions: Sequence[tuple[str, str, int, datetime | None]]) -> None:
    """(period, member, version, accepted at): inserted once; an acceptance is added when it is known."""
    await conn.execute(
        """
        insert into projection.progress_version as v (period, member, version, accepted_at)
        select period, member, version, max(accepted_at)
          from unnest($1::text[], $2::text[], $3::integer[], $4::timestamptz[])
               as n(period, member, version, accepted_at)
         group by period, member, version
        on conflict (period, member, version) do update set accepted_at = coalesce(v.accepted_at, excluded.accepted_at)
        """,
        *(list(column) for column in zip(*versions, strict=True)),
    )


async def save_progress(conn: Connection, rows: Sequence[tuple[str, str, int, int, str, dict[str, Any]]]) -> None:
    """(period, member, version, place, result, item): a version's rows, once."""
    await conn.execute(
        """
        insert into projection.progress (period, member, version, place, result, item)
        select * from unnest($1::text[], $2::text[], $3::integer[], $4::integer[], $5::text[], $6::jsonb[])
        on conflict do nothing
        """,
        *(list(column) for column in zip(*rows, strict=True)),
    )
