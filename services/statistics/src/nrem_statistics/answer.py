"""The base of everything this service answers with."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Answer(BaseModel):
    """Immutable; part of the documented HTTP interface, so fields are only added."""

    model_config = ConfigDict(frozen=True, extra="forbid")
