"""Meetings of the working group and what comes of them: minutes, decisions, tasks. Topic `nrem.meetings`.

Streams: `meeting/<code>`, `minutes/<meeting>`, `decision/<code>`, `task/<code>`. Every event carries the whole state
of its stream after it, so that a reader needs the newest event of a stream only.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from nrem_shared.contracts.base import Contract, InstitutionCode, LocalizedText, PeriodCode

#: Code of a meeting, decision, task or amendment: `M-2026-Q3`, `D-2026-05`, `T-2026-05`, `A-2026-01`.
RecordCode = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Za-z0-9._-]{0,39}$")]

MeetingMode = Literal["in_person", "online", "hybrid"]
AgendaKind = Literal["STANDING", "OVERDUE_TASK", "MISSING_REPORT", "CHALLENGE", "VERDICT", "MINUTES"]


class AgendaItem(Contract):
    """One item of an agenda, numbered from 1, with a link to what it is about."""

    item: Annotated[int, Field(ge=1, le=200)]
    kind: AgendaKind
    text: LocalizedText
    result: str | None = None
    challenge: str | None = None
    member: InstitutionCode | None = None
    task: RecordCode | None = None


class Attendance(Contract):
    """An institution that took part, by the roles of those present; no personal names."""

    institution: InstitutionCode
    roles: tuple[str, ...] = Field(min_length=1)
    mode: Literal["in_person", "online"] = "in_person"


class MeetingStream(Contract):
    """A meeting as it stands. `invited` = who is to attend; `sequence` counts changes for calendars (RFC 5546)."""

    code: RecordCode
    about: PeriodCode
    state: Literal["scheduled", "held", "cancelled"]
    starts_at: datetime
    minutes_long: int = Field(default=120, ge=15, le=600, description="Planned length, in minutes")
    mode: MeetingMode = "hybrid"
    place: LocalizedText | None = None
    sequence: int = Field(default=0, ge=0)
    invited: tuple[InstitutionCode, ...] = ()
    agenda: tuple[AgendaItem, ...] = ()
    illustrative: bool = False


class MeetingScheduled(MeetingStream):
    """The working group was called together."""


class MeetingMoved(MeetingStream):
    """The meeting takes place at another time; `sequence` went up by one."""

    moved_from: datetime
    reason: LocalizedText | None = None


class MeetingAgendaSet(MeetingStream):
    """The agenda was set anew; neither time nor place changed."""


class MeetingCancelled(MeetingStream):
    """The meeting does not take place."""

    reason: LocalizedText | None = None


class MeetingHeld(MeetingStream):
    """The meeting took place. `minutes_due` = the draft minutes are to be circulated by that day."""

    attendance: tuple[Attendance, ...]
    excused: tuple[InstitutionCode, ...] = ()
    minutes_due: date


class Amendment(Contract):
    """A change that a member asks for in draft minutes, and what became of it."""

    code: RecordCode
    institution: InstitutionCode
    agenda_item: int | None = None
    text: LocalizedText
    proposed_at: datetime
    outcome: Literal["open", "accepted", "rejected"] = "open"
    reason: LocalizedText | None = None
    decided_at: datetime | None = None


class UsedSubmission(Contract):
    """An accepted version that the minutes rest on."""

    member: InstitutionCode
    version: int
    nothing_to_report: bool = False


class MinutesBasis(Contract):
    """What had been accepted when the meeting began; later acceptances and corrections never change it."""

    period: PeriodCode
    known_at: datetime
    used: tuple[UsedSubmission, ...]
    not_used: tuple[InstitutionCode, ...]


class ReportedItem(Contract):
    """One thing an institution reported, in its own words."""

    kind: str
    code: str
    text: LocalizedText
    day: date | None = None


class InstitutionReport(Contract):
    """What one institution reported for the period: activities, future plans, challenges."""

    member: InstitutionCode
    nothing_to_report: bool = False
    items: tuple[ReportedItem, ...] = ()


class MinutedDecision(Contract):
    """A decision as the minutes record it."""

    code: RecordCode
    text: LocalizedText
    tasks: tuple[RecordCode, ...] = ()


class MinutedTask(Contract):
    """A task as it stood when the minutes were circulated."""

    code: RecordCode
    owner: InstitutionCode
    due: date
    text: LocalizedText
    state: Literal["open", "done", "dropped"]


class MinutedVerdict(Contract):
    """A verdict, the self-assessments beside it (member → status) and the dissents (member → words)."""

    plan: str
    result: str
    verdict: str
    text: LocalizedText
    evidence: str | None = None
    self_assessments: dict[str, str] = Field(default_factory=dict)
    dissents: dict[str, LocalizedText] = Field(default_factory=dict)


class MinutesDocument(Contract):
    """The minutes: assembled once, when they are circulated."""

    basis: MinutesBasis
    attendance: tuple[Attendance, ...]
    excused: tuple[InstitutionCode, ...]
    agenda: tuple[AgendaItem, ...]
    reports: tuple[InstitutionReport, ...]
    decisions: tuple[MinutedDecision, ...]
    tasks: tuple[MinutedTask, ...]
    verdicts: tuple[MinutedVerdict, ...]
    status_counts: dict[str, int]


class MinutesStream(Contract):
    """Minutes as they stand. Amendments may be proposed to the end of `amendments_due` by those `invited`."""

    meeting: RecordCode
    about: PeriodCode
    state: Literal["circulated", "approved"]
    circulated_at: datetime
    amendments_due: date
    invited: tuple[InstitutionCode, ...] = ()
    amendments: tuple[Amendment, ...] = ()
    illustrative: bool = False


class MinutesCirculated(MinutesStream):
    """The draft went to everybody who was invited."""

    document: MinutesDocument


class AmendmentProposed(MinutesStream):
    """A member asked for a change: the last one of `amendments`."""

    amendment: RecordCode


class AmendmentDecided(MinutesStream):
    """A proposed change was accepted or rejected, with the reason."""

    amendment: RecordCode


class MinutesApproved(MinutesStream):
    """Frozen. `journal_head` = hash (hexadecimal) of the last fact journalled before, at `journal_position`."""

    document: MinutesDocument
    approved_at: datetime
    journal_position: int
    journal_head: str


class DecisionTaken(Contract):
    """The working group decided. `tasks` are those the decision gives, carries over or drops."""

    code: RecordCode
    meeting: RecordCode
    text: LocalizedText
    tasks: tuple[RecordCode, ...] = ()
    taken_at: datetime
    illustrative: bool = False


class TaskStream(Contract):
    """A task as it stands; `due` is the day in force, `first_due` the one it was given with."""

    code: RecordCode
    meeting: RecordCode
    decision: RecordCode
    owner: InstitutionCode
    text: LocalizedText
    assigned_on: date
    due: date
    first_due: date
    state: Literal["open", "done", "dropped"]
    illustrative: bool = False


class TaskAssigned(TaskStream):
    """A decision gave somebody work to do."""


class TaskCarriedOver(TaskStream):
    """A later decision moved the task's due date."""

    carried_by: RecordCode


class TaskDone(TaskStream):
    """The task was reported done."""

    done_on: date


class TaskDropped(TaskStream):
    """A later decision dropped the task."""

    dropped_by: RecordCode
