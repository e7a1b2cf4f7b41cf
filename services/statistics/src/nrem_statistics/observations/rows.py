"""From the content of one version to its rows."""

from __future__ import annotations

from nrem_shared.contracts.submissions import SubmissionContent
from nrem_statistics.observations.domain import (
    ActivityRow,
    ChallengeRow,
    FundingRow,
    ObservationRow,
    VersionRows,
    euro,
)


def rows_of(member: str, version: int, content: SubmissionContent) -> VersionRows:
    """All rows of one version that figures are made of."""
    return VersionRows(
        observations=tuple(
            ObservationRow(member, one.indicator, one.dimensions, one.value, one.empty, version)
            for one in content.observations
        ),
        activities=tuple(
            ActivityRow(
                member=member,
                type=one.type,
                audience=one.audience,
                participants=one.participants,
                copies=one.copies,
                first_contact=tuple((contact.institution_kind, contact.participants) for contact in one.first_contact),
                project_phase=one.project_phase,
                continues=one.continues,
            )
            for one in content.activities
        ),
        funding=tuple(FundingRow(member, one.source, one.purpose, euro(one.amount_eur)) for one in content.funding),
        challenges=tuple(ChallengeRow(member, one.code, one.state) for one in content.challenges),
    )
