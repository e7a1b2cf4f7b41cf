"""What is missing for the next meeting. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from nrem_plan_tracker.invitations.domain import Invitation
from nrem_plan_tracker.meetings.agenda import Due, verdict_due
from nrem_plan_tracker.meetings.domain import Meeting
from nrem_plan_tracker.progress.domain import ResultProgress
from nrem_plan_tracker.tasks.domain import Task

#: Calendar days before a meeting at which everything should be there.
DAYS_AHEAD = 7


@dataclass(frozen=True, slots=True)
class Report:
    """Where a member's report for the meeting's period stands: accepted, submitted, returned, withdrawn, missing,
    or due (none is there yet, and its due date has not passed)."""

    member: str
    state: str
    due: date | None
    late: bool

    @property
    def ready(self) -> bool:
        """Whether the meeting can use it."""
        return self.state == "accepted"


@dataclass(frozen=True, slots=True)
class Readiness:
    """The next meeting and what it still lacks. `check_on` = the day to look at it."""

    meeting: Meeting
    check_on: date
    days_left: int
    reports: tuple[Report, ...]
    overdue: tuple[Task, ...]
    verdicts: tuple[ResultProgress, ...]
    invitations: tuple[Invitation, ...] = ()

    @property
    def undelivered(self) -> tuple[Invitation, ...]:
        """Invitations of which it is known that the institution does not have them."""
        return tuple(one for one in self.invitations if one.state in ("elsewhere", "failed", "withheld"))

    @property
    def missing(self) -> tuple[Report, ...]:
        """Reports that cannot be used yet."""
        return tuple(one for one in self.reports if not one.ready)

    @property
    def ready(self) -> bool:
        """Whether nothing is missing."""
        return not self.missing and not self.overdue and not self.undelivered


def readiness_of(
    meeting: Meeting,
    due: Due,
    tasks: Sequence[Task],
    invited: tuple[Invitation, ...],
    today: date,
    held_on: date,
) -> Readiness:
    """As it stands today; `held_on` is the day of the meeting in Riga."""
    return Readiness(
        meeting=meeting,
        check_on=held_on - timedelta(days=DAYS_AHEAD),
        days_left=(held_on - today).days,
        reports=tuple(_report(member, due, today) for member in due.owes),
        overdue=tuple(one for one in tasks if one.overdue(today)),
        verdicts=tuple(one for one in due.results if verdict_due(one, held_on)),
        invitations=invited,
    )


def _report(member: str, due: Due, today: date) -> Report:
    standing = due.standings.get(member)
    if standing is None:
        until = due.extended.get(member, due.reports_due)
        waits = until is not None and today <= until
        return Report(member, "due" if waits else "missing", until, False)
    state = "accepted" if standing.accepted_version is not None else standing.state
    return Report(member, state, standing.due, standing.late)
