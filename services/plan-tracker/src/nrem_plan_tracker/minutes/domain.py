"""The life of minutes: circulated, amended, approved. Pure; what is refused raises Refused."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from nrem_plan_tracker.meetings.domain import Meeting
from nrem_plan_tracker.refusals import Refusal, Refused, conflict, invalid, unknown
from nrem_shared.contracts.base import LocalizedText
from nrem_shared.contracts.meetings import Amendment, MinutesDocument, MinutesStream
from nrem_shared.runtime.clock import local_date
from nrem_shared.runtime.working_days import WorkingDays

#: Working days that members have to propose amendments.
DAYS_FOR_AMENDMENTS = 5

Outcome = Literal["accepted", "rejected"]


class Minutes(MinutesStream):
    """Minutes with their text and, once approved, the journal's head they were frozen with."""

    document: MinutesDocument
    approved_at: datetime | None = None
    journal_position: int | None = None
    journal_head: str | None = None

    @property
    def open_amendments(self) -> tuple[Amendment, ...]:
        """Those that wait for a decision."""
        return tuple(one for one in self.amendments if one.outcome == "open")

    @property
    def accepted_amendments(self) -> tuple[Amendment, ...]:
        """Those that became part of the minutes."""
        return tuple(one for one in self.amendments if one.outcome == "accepted")


def circulated(meeting: Meeting, document: MinutesDocument, now: datetime, days: WorkingDays) -> Minutes:
    """The draft, open to amendments for five working days. Raises Refused."""
    if meeting.state != "held":
        raise conflict("not_held" if meeting.state == "scheduled" else "meeting_cancelled", named=meeting.code)
    return Minutes(
        meeting=meeting.code,
        about=meeting.about,
        state="circulated",
        circulated_at=now,
        amendments_due=days.add(local_date(now), DAYS_FOR_AMENDMENTS),
        invited=meeting.invited,
        illustrative=meeting.illustrative,
        document=document,
    )


def proposed(
    minutes: Minutes, code: str, institution: str, text: LocalizedText, agenda_item: int | None, now: datetime
) -> Minutes:
    """With one more amendment. Raises Refused."""
    _not_approved(minutes)
    if institution not in minutes.invited:
        raise unknown("not_yours")
    takes_amendments(minutes, now)
    if any(one.code == code for one in minutes.amendments):
        raise conflict("code_taken", named=code)
    if agenda_item is not None and agenda_item not in {one.item for one in minutes.document.agenda}:
        raise Refused("invalid", [Refusal("/agenda_item", "no_such_item", {"named": agenda_item})])
    amendment = Amendment(code=code, institution=institution, agenda_item=agenda_item, text=text, proposed_at=now)
    return minutes.model_copy(update={"amendments": (*minutes.amendments, amendment)})


def takes_amendments(minutes: Minutes, now: datetime) -> None:
    """Raise Refused where nobody can ask for a change any more: approved, or the days for it are over."""
    _not_approved(minutes)
    if local_date(now) > minutes.amendments_due:
        raise conflict("amendments_closed", due=minutes.amendments_due.isoformat())


def undecided(minutes: Minutes, code: str) -> Amendment:
    """An amendment that waits for its decision. Raises Refused."""
    _not_approved(minutes)
    found = next((one for one in minutes.amendments if one.code == code), None)
    if found is None:
        raise unknown("no_such_amendment", named=code[:40])
    if found.outcome != "open":
        raise conflict("amendment_decided", named=code)
    return found


def decided(minutes: Minutes, code: str, outcome: Outcome, reason: LocalizedText | None, now: datetime) -> Minutes:
    """With an amendment accepted or rejected. Raises Refused; a rejection needs its reason."""
    found = undecided(minutes, code)
    invalid([Refusal("/reason", "reason_missing")] if reason is None else [])
    after = found.model_copy(update={"outcome": outcome, "reason": reason, "decided_at": now})
    return minutes.model_copy(
        update={"amendments": tuple(after if one.code == code else one for one in minutes.amendments)}
    )


def approved(minutes: Minutes, now: datetime, position: int, head: str) -> Minutes:
    """Frozen, once everybody could speak and every amendment is decided. Raises Refused."""
    _not_approved(minutes)
    if minutes.open_amendments:
        raise conflict("amendments_open", named=", ".join(one.code for one in minutes.open_amendments))
    if not may_be_approved(minutes, local_date(now)):
        raise conflict("amendments_running", due=minutes.amendments_due.isoformat())
    return minutes.model_copy(
        update={"state": "approved", "approved_at": now, "journal_position": position, "journal_head": head}
    )


def may_be_approved(minutes: Minutes, today: date) -> bool:
    """Whether the time for amendments has passed: silence is consent."""
    return today > minutes.amendments_due


def _not_approved(minutes: Minutes) -> None:
    if minutes.state == "approved":
        raise conflict("minutes_approved", named=minutes.meeting)
