"""SQL of what became of invitations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from nrem_plan_tracker.invitations.domain import Outcome

if TYPE_CHECKING:
    from nrem_shared.runtime.database import Connection


async def save(conn: Connection, rows: Sequence[Outcome]) -> None:
    """Add outcomes; a mail has one for ever."""
    await conn.execute(
        """
        insert into projection.invitation_outcome
               (mail, meeting, institution, kind, outcome, cause, fallback, attempts, settled_at)
        select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::boolean[],
                             $8::integer[], $9::timestamptz[])
        on conflict do nothing
        """,
        [one.mail for one in rows],
        [one.meeting for one in rows],
        [one.institution for one in rows],
        [one.kind for one in rows],
        [one.outcome for one in rows],
        [one.cause for one in rows],
        [one.fallback for one in rows],
        [one.attempts for one in rows],
        [one.settled_at for one in rows],
    )


async def outcomes_of(conn: Connection, meeting: str) -> list[Outcome]:
    """Every outcome that concerns a meeting."""
    rows = await conn.fetch(
        """
        select mail, meeting, institution, kind, outcome, cause, fallback, attempts, settled_at
          from projection.invitation_outcome where meeting = $1
         order by settled_at, mail, institution
        """,
        meeting,
    )
    return [Outcome(*row.values()) for row in rows]
