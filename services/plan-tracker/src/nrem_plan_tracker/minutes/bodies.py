"""What is sent to amend minutes."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from nrem_shared.contracts.base import InstitutionCode, LocalizedText
from nrem_shared.contracts.meetings import RecordCode


class AmendmentBody(BaseModel):
    """A change asked for. A member speaks for itself; the coordinator may enter it for an institution."""

    model_config = ConfigDict(extra="forbid")

    code: RecordCode | None = Field(default=None, description="Left out: the next one of the year")
    institution: InstitutionCode | None = None
    agenda_item: int | None = None
    text: LocalizedText


class DecideBody(BaseModel):
    """What became of an amendment, with the reason."""

    model_config = ConfigDict(extra="forbid")

    outcome: Literal["accepted", "rejected"]
    reason: LocalizedText | None = None
