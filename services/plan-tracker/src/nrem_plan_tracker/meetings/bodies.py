"""What is sent to call, move, cancel and hold a meeting."""

from __future__ import annotations

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from nrem_shared.contracts.base import InstitutionCode, LocalizedText, PeriodCode
from nrem_shared.contracts.meetings import AgendaItem, Attendance, MeetingMode, RecordCode


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ScheduleBody(_Body):
    """A meeting to call. Without an agenda it gets the proposed one; everybody in the working group is invited."""

    code: RecordCode | None = Field(default=None, description="Left out: M-<period>")
    about: PeriodCode
    starts_at: AwareDatetime
    minutes_long: int = Field(default=120, ge=15, le=600)
    mode: MeetingMode = "hybrid"
    place: LocalizedText | None = None
    agenda: tuple[AgendaItem, ...] | None = None


class MoveBody(_Body):
    """Another time, and where it changes another mode or place."""

    starts_at: AwareDatetime
    mode: MeetingMode | None = None
    place: LocalizedText | None = None
    reason: LocalizedText | None = None


class AgendaBody(_Body):
    """The whole agenda, numbered from 1."""

    agenda: tuple[AgendaItem, ...] = Field(min_length=1, max_length=100)


class CancelBody(_Body):
    """Why the meeting does not take place."""

    reason: LocalizedText | None = None


class HoldBody(_Body):
    """Who was there, by roles, and who was excused."""

    attendance: tuple[Attendance, ...]
    excused: tuple[InstitutionCode, ...] = ()
