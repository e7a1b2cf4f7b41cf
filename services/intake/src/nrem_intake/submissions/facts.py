"""What was decided about a submission, as its journal has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nrem_shared.contracts.submissions import (
    SubmissionAccepted,
    SubmissionReturned,
    SubmissionStream,
    SubmissionSubmitted,
    SubmissionWithdrawn,
)
from nrem_shared.runtime.journal import Fact

if TYPE_CHECKING:
    from nrem_intake.submissions.domain.stream import Decided
    from nrem_shared.runtime.journal import Provenance

_TYPES: dict[type[SubmissionStream], str] = {
    SubmissionSubmitted: "nrem.submission.submitted.v1",
    SubmissionReturned: "nrem.submission.returned.v1",
    SubmissionAccepted: "nrem.submission.accepted.v1",
    SubmissionWithdrawn: "nrem.submission.withdrawn.v1",
}


def fact_of(decided: Decided, provenance: Provenance | None = None) -> Fact:
    """The fact; without a provenance that of the transaction."""
    stream, event = decided
    return Fact(_TYPES[type(event)], stream.subject, stream.revision, event, provenance)
