"""To whom the invitation to a meeting was delivered, and to whom not. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from nrem_shared.contracts.reminders import DeliveryRecorded, Told

#: `delivered`; `elsewhere`: to the coordinator, since the institution has no address; `failed`: refused for good;
#: `withheld`: not to be sent; `unknown`: no outcome is known, so it waits, or sending is paused.
InvitationState = Literal["delivered", "elsewhere", "failed", "withheld", "unknown"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one mail that told an institution when a meeting is."""

    mail: str
    meeting: str
    institution: str
    kind: str
    outcome: str
    cause: str
    fallback: bool
    attempts: int
    settled_at: datetime


@dataclass(frozen=True, slots=True)
class Invitation:
    """Where the invitation of one institution stands; `at` = when that was settled."""

    institution: str
    state: InvitationState
    at: datetime | None = None
    cause: str = ""
    attempts: int = 0

    @property
    def delivered(self) -> bool:
        """Whether the institution itself has it."""
        return self.state == "delivered"


def outcomes_of(mail: DeliveryRecorded) -> Iterator[Outcome]:
    """What a mail tells of invitations: those of a meeting that was called, and its new time where it was moved."""
    for told in mail.told:
        place = _meeting_of(told)
        if place is not None:
            meeting, institution = place
            yield Outcome(
                mail.mail, meeting, institution, mail.kind, mail.outcome, mail.cause, told.fallback, mail.attempts,
                mail.settled_at,
            )  # fmt: skip


def _meeting_of(told: Told) -> tuple[str, str] | None:
    """(meeting, institution) of a step that names a meeting's time; keys are `INVITATION/<meeting>/<institution>`."""
    kind, _, rest = told.obligation.partition("/")
    meeting, _, institution = rest.partition("/")
    concerns = kind == "INVITATION" or (kind == "MEETING" and told.step == "MOVED")
    return (meeting, institution) if concerns and meeting and institution else None


def invitations(
    invited: Sequence[str], outcomes: Iterable[Outcome], moved_at: datetime | None = None
) -> tuple[Invitation, ...]:
    """One for each institution invited, by the newest outcome; those not delivered first.

    What was settled before the meeting was moved (`moved_at`) named another time, so it does not count.
    """
    newest: dict[str, Outcome] = {}
    for one in sorted(outcomes, key=lambda each: (each.settled_at, each.mail)):
        if moved_at is None or one.settled_at >= moved_at:
            newest[one.institution] = one
    found = [_invitation(code, newest.get(code)) for code in invited]
    return tuple(sorted(found, key=lambda one: (one.delivered, one.institution)))


def _invitation(institution: str, outcome: Outcome | None) -> Invitation:
    if outcome is None:
        return Invitation(institution, "unknown")
    states: dict[str, InvitationState] = {"sent": "delivered", "failed": "failed", "withheld": "withheld"}
    state = states[outcome.outcome]
    if state == "delivered" and outcome.fallback:
        state = "elsewhere"
    return Invitation(institution, state, outcome.settled_at, outcome.cause, outcome.attempts)
