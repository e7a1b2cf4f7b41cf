"""SQL of coalitions: organisations that a member reports for; figures stay its own, overlaps are shown, never added."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nrem_shared.runtime.database import Connection


@dataclass(frozen=True, slots=True)
class Overlap:
    """For a period both reported: the coalition for the organisation, and the organisation itself."""

    period: str
    coalition: str
    organisation: str

    def concerns(self, period: str, member: str) -> bool:
        """Whether one of the two reports is the member's."""
        return self.period == period and member in (self.coalition, self.organisation)


async def overlaps(conn: Connection, period: str | None) -> list[Overlap]:
    """Those of one period, or of all; a report that was withdrawn is none."""
    rows = await conn.fetch(
        """
        select c.period, c.member as coalition, o.organisation
          from facts.submission c
          join facts.submission_version v
            on v.period = c.period and v.member = c.member and v.version = c.version
         cross join lateral jsonb_array_elements_text(coalesce(v.authors -> 'reports_for', '[]')) as o(organisation)
          join facts.submission s on s.period = c.period and s.member = o.organisation
         where (c.state <> 'withdrawn' or c.accepted_version is not null)
           and (s.state <> 'withdrawn' or s.accepted_version is not null)
           and ($1::text is null or c.period = $1)
         order by 1, 2, 3
        """,
        period,
    )
    return [Overlap(**dict(row)) for row in rows]
