"""What the notifier decides: policies, the working calendar, pauses, and what became of each mail.

Topic `nrem.reminders`. Streams: `policies`, `working-calendar`, `sending`, `mail/<id>`; of no interest to others, and
sent nowhere: `note/<id>`.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from nrem_shared.contracts.base import Contract, InstitutionCode, LocalizedText

StepName = Literal["BEFORE", "ON_DAY", "OVERDUE", "ESCALATION", "MEETING"]
RecipientName = Literal["owner", "authorised_officer", "coordinator"]
MailKind = Literal[
    "digest", "returned", "moved", "receipt", "acceptance", "invitation", "cancellation", "minutes", "personal", "test",
    "remark", "accepted_in_part", "signature",
]  # fmt: skip

#: A local time of the day, to the minute.
HOURS_AND_MINUTES = re.compile(r"^([01]\d|2[0-3]):[0-5]\d(:00)?$")


def hours_and_minutes(value: Any) -> Any:
    """Refuse a text that is no local time to the minute."""
    if isinstance(value, str) and not HOURS_AND_MINUTES.match(value):
        raise ValueError("write hours and minutes: 08:00")
    return value


def _plain_date(value: Any) -> Any:
    found = value.get("date") if isinstance(value, dict) else value
    if isinstance(found, int | float):
        raise ValueError("a day is written YYYY-MM-DD")
    return found


class PolicyStep(Contract):
    """One step of a policy: so many days before or after the due date, rolled to a working day, to whom.

    BEFORE and MEETING count back from the due date, OVERDUE and ESCALATION working days after it.
    """

    step: StepName
    days: int = Field(ge=0, le=366, strict=True)
    unit: Literal["calendar", "working"] = "calendar"
    roll: Literal["none", "previous_working_day", "next_working_day"] = "none"
    to: tuple[RecipientName, ...] = Field(min_length=1)
    since: date | None = Field(default=None, description="In force from this day; set by the notifier when adopted")

    @property
    def name(self) -> str:
        """`BEFORE-30`, `ON_DAY`, `OVERDUE+1`, `ESCALATION+5`, `MEETING-7`."""
        if self.step == "ON_DAY":
            return "ON_DAY"
        sign = "-" if self.step in ("BEFORE", "MEETING") else "+"
        return f"{self.step}{sign}{self.days}"


class ReminderPolicy(Contract):
    """The steps that obligations of some kinds are reminded of by."""

    steps: tuple[PolicyStep, ...] = ()


class OnOpen(Contract):
    """A step that is taken the moment an obligation opens."""

    step: Literal["RETURNED"]
    to: tuple[RecipientName, ...] = Field(min_length=1)


class WindowRule(Contract):
    """How long something may take, where the fact itself names no date."""

    kind: str = "open"
    days: Annotated[int, Field(strict=True, ge=0, le=366)] | None = None
    unit: Literal["calendar", "working"] = "working"


class ObligationKind(Contract):
    """A kind of obligation: its title and the policy that reminds of it."""

    code: Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]{1,31}$")]
    title: LocalizedText
    policy: str = "default"
    rule: WindowRule = WindowRule()
    on_open: OnOpen | None = None


class PoliciesAdopted(Contract):
    """All policies as they are in force now. The form is that of `data/deadlines.yaml`."""

    policies: dict[str, ReminderPolicy] = Field(min_length=1)
    deadlines: tuple[ObligationKind, ...] = Field(min_length=1, description="Kinds of obligations")
    remind_from: Annotated[date, BeforeValidator(_plain_date)] = Field(
        description="Obligations due earlier are shown and never mailed"
    )
    run_at: Annotated[time, BeforeValidator(hours_and_minutes)] = Field(
        description="When digests leave, in Europe/Riga"
    )


class Holiday(Contract):
    """A public holiday, or a day off in lieu."""

    date: date
    name: LocalizedText | None = None


class MovedDay(Contract):
    """A working day that the government made a day off, and the Saturday worked instead."""

    off: date
    worked: date


class WorkingCalendarSet(Contract):
    """The calendar that working days are counted by. The form is that of `data/working_days.yaml`."""

    holidays: tuple[Holiday, ...] = ()
    moved_days: tuple[MovedDay, ...] = ()


class SendingSwitched(Contract):
    """All sending was paused or resumed by a person."""

    paused: bool
    reason: str = Field(default="", max_length=500)


class Told(Contract):
    """One step of one obligation that a mail told of; `merged` = a later step of the same mail spoke for it.

    `obligation` is its key: a kind, what it is about, and who it concerns, such as `INVITATION/M-2026-Q3/vp`.
    `fallback` = whom it concerns has no address, so that the mail went to the coordinator.
    """

    obligation: str
    code: str
    step: str
    planned: date
    outcome: Literal["sent", "merged"]
    fallback: bool = False


class DeliveryRecorded(Contract):
    """What became of a mail: the server took it, refused it for good, or it was not to be sent.

    `contact` is an id; no address is in any journal. `delay_seconds` runs from the planned moment to acceptance.
    """

    mail: str
    kind: MailKind
    contact: str
    member: InstitutionCode
    role: str
    outcome: Literal["sent", "failed", "withheld"]
    cause: str = ""
    attempts: int
    planned_at: datetime
    settled_at: datetime
    delay_seconds: float
    told: tuple[Told, ...] = ()


class ObligationNoted(Contract):
    """The coordinator noted something about an obligation, such as what was agreed by telephone.

    `obligation` is its key; `institution` who owes it; `by` who noted it, as pages show it (a role, no name).
    """

    obligation: Annotated[str, Field(min_length=1, max_length=200)]
    institution: InstitutionCode
    text: Annotated[str, Field(min_length=1, max_length=1000)]
    by: Annotated[str, Field(max_length=100)] = ""
