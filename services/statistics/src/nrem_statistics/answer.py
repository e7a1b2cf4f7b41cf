"""The base of everything this service answers with."""

from __future__ import annotations

from fastapi import Response
from pydantic import BaseModel, ConfigDict


class Answer(BaseModel):
    """Immutable; part of the documented HTTP interface, so fields are only added."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def answered(answer: Answer) -> Response:
    """The answer as JSON, written at once: what was made of valid parts is not looked through a second time."""
    return Response(answer.model_dump_json(), media_type="application/json")
