"""What is sent to give a verdict or to dissent."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from nrem_shared.contracts.base import InstitutionCode, LocalizedText
from nrem_shared.contracts.meetings import RecordCode
from nrem_shared.contracts.plans import ResultStatus, VerdictEvidence


class VerdictBody(BaseModel):
    """A verdict; `completed` needs `evidence` in an accepted submission."""

    model_config = ConfigDict(extra="forbid")

    verdict: ResultStatus
    text: LocalizedText
    evidence: VerdictEvidence | None = None
    meeting: RecordCode | None = Field(default=None, description="The meeting it was given at")


class DissentBody(BaseModel):
    """A differing opinion; the coordinator names whose it is, a member speaks for itself."""

    model_config = ConfigDict(extra="forbid")

    text: LocalizedText
    institution: InstitutionCode | None = None
    meeting: RecordCode | None = None
