"""SQL of imports: which versions were brought in."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nrem_shared.runtime.database import Connection


async def mark_imported(conn: Connection, keys: Sequence[tuple[str, str]]) -> None:
    """Mark the newest version of each stream."""
    await conn.execute(
        """
        update facts.submission_version v set imported = true
          from unnest($1::text[], $2::text[]) as u(period, member)
          join facts.submission s on s.period = u.period and s.member = u.member
         where v.period = s.period and v.member = s.member and v.version = s.version
        """,
        [period for period, _ in keys],
        [member for _, member in keys],
    )
