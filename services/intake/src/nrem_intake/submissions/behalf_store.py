"""SQL of what was entered on a member's behalf: who entered it and who decided on it, as the journal has them.

A stream's events say which version they are about by their order: versions are numbered as they come, and one at most
waits for a decision.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nrem_shared.runtime.database import Connection


async def submitted_by(conn: Connection, subject: str, version: int) -> str | None:
    """Who submitted a version of a stream."""
    actor: str | None = await conn.fetchval(
        """
        select actor from facts.journal
         where subject = $1 and type = 'nrem.submission.submitted.v1'
         order by position offset $2 - 1 limit 1
        """,
        subject,
        version,
    )
    return actor


async def decided_by_enterer(conn: Connection, period: str, member: str) -> frozenset[int]:
    """The versions entered on the member's behalf that the same person accepted or returned."""
    rows = await conn.fetch(
        """
        with events as (
            select j.type, j.actor,
                   count(*) filter (where j.type = 'nrem.submission.submitted.v1') over (order by j.position) as version
              from facts.journal j
             where j.subject = 'submission/' || $1 || '/' || $2
               and j.type in ('nrem.submission.submitted.v1', 'nrem.submission.accepted.v1',
                              'nrem.submission.returned.v1')
        )
        select v.version
          from facts.submission_version v
          join events sent on sent.version = v.version and sent.type = 'nrem.submission.submitted.v1'
          join events decided
            on decided.version = v.version and decided.type <> sent.type and decided.actor = sent.actor
         where v.period = $1 and v.member = $2
           and v.authors ->> 'entered_by' is not null and v.authors ->> 'part_of' is null
        """,
        period,
        member,
    )
    return frozenset(row["version"] for row in rows)
