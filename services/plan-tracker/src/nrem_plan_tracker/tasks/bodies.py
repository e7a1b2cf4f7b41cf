"""What is sent to record decisions and tasks."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, ConfigDict, Field

from nrem_shared.contracts.base import InstitutionCode, LocalizedText
from nrem_shared.contracts.meetings import DecisionTaken, RecordCode


class TaskBody(BaseModel):
    """Work for one institution; without a code it gets the next one of the year."""

    model_config = ConfigDict(extra="forbid")

    code: RecordCode | None = None
    owner: InstitutionCode
    due: date
    text: LocalizedText


class CarriedBody(BaseModel):
    """An open task and its new due date."""

    model_config = ConfigDict(extra="forbid")

    task: RecordCode
    due: date


class DecisionBody(BaseModel):
    """A decision, the tasks it gives, and those it carries over or drops."""

    model_config = ConfigDict(extra="forbid")

    code: RecordCode | None = Field(default=None, description="Left out: the next one of the year")
    text: LocalizedText
    tasks: tuple[TaskBody, ...] = ()
    carries: tuple[CarriedBody, ...] = ()
    drops: tuple[RecordCode, ...] = ()


class DoneBody(BaseModel):
    """When the task was done; left out: today."""

    model_config = ConfigDict(extra="forbid")

    done_on: date | None = None


class DecisionAnswer(DecisionTaken):
    """A decision; `status` is carried_out once every task it gave is done or dropped."""

    status: str
