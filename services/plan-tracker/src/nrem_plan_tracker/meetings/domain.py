"""A meeting's life: scheduled, moved, cancelled, held. Pure; time is an argument; what is refused raises Refused."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from nrem_plan_tracker.refusals import Refusal, conflict, invalid
from nrem_shared.contracts.base import LocalizedText
from nrem_shared.contracts.meetings import AgendaItem, Attendance, MeetingMode, MeetingStream
from nrem_shared.runtime.clock import local_date
from nrem_shared.runtime.working_days import WorkingDays

#: Working days after a meeting by which its draft minutes are to be circulated.
DAYS_FOR_MINUTES = 10


class Meeting(MeetingStream):
    """A meeting with everything known about it; the events carry parts of it."""

    attendance: tuple[Attendance, ...] = ()
    excused: tuple[str, ...] = ()
    minutes_due: date | None = None
    reason: LocalizedText | None = None

    @property
    def absent(self) -> tuple[str, ...]:
        """Invited, neither there nor excused."""
        present = {one.institution for one in self.attendance}
        return tuple(code for code in self.invited if code not in present and code not in self.excused)


@dataclass(frozen=True, slots=True)
class KnownMeeting:
    """A meeting and its stream's revision."""

    revision: int
    meeting: Meeting


@dataclass(frozen=True, slots=True)
class Referable:
    """What an agenda may refer to."""

    institutions: Collection[str]
    results: Collection[str]
    challenges: Collection[str]
    tasks: Collection[str]


def check_time(starts_at: datetime, now: datetime) -> Iterator[Refusal]:
    """A meeting is called for a time still to come."""
    if starts_at <= now:
        yield Refusal("/starts_at", "in_the_past")


def check_agenda(agenda: Sequence[AgendaItem], known: Referable) -> Iterator[Refusal]:
    """Numbers from 1 without gaps, and links that lead somewhere."""
    for n, item in enumerate(agenda):
        at = f"/agenda/{n}"
        if item.item != n + 1:
            yield Refusal(f"{at}/item", "not_in_order", {"expected": n + 1})
        for name, value, codes in (
            ("result", item.result, known.results),
            ("challenge", item.challenge, known.challenges),
            ("member", item.member, known.institutions),
            ("task", item.task, known.tasks),
        ):
            if value is not None and value not in codes:
                yield Refusal(f"{at}/{name}", "dangling_reference", {"named": value})


def moved(
    meeting: Meeting, starts_at: datetime, now: datetime, mode: MeetingMode | None, place: LocalizedText | None
) -> Meeting:
    """At another time (or place), with the next sequence number. Raises Refused."""
    only_scheduled(meeting)
    invalid(check_time(starts_at, now))
    return meeting.model_copy(
        update={
            "starts_at": starts_at,
            "mode": mode or meeting.mode,
            "place": place or meeting.place,
            "sequence": meeting.sequence + 1,
        }
    )


def cancelled(meeting: Meeting, reason: LocalizedText | None) -> Meeting:
    """Called off. Raises Refused."""
    only_scheduled(meeting)
    return meeting.model_copy(update={"state": "cancelled", "sequence": meeting.sequence + 1, "reason": reason})


def with_agenda(meeting: Meeting, agenda: Sequence[AgendaItem], known: Referable) -> Meeting:
    """With another agenda. Raises Refused."""
    only_scheduled(meeting)
    invalid(check_agenda(agenda, known))
    return meeting.model_copy(update={"agenda": tuple(agenda)})


def held(
    meeting: Meeting,
    attendance: Sequence[Attendance],
    excused: Sequence[str],
    now: datetime,
    institutions: Collection[str],
    days: WorkingDays,
) -> Meeting:
    """Held, with who was there; its minutes are due in ten working days. Raises Refused."""
    may_be_held(meeting, now)
    invalid(_attendance(attendance, excused, institutions))
    return meeting.model_copy(
        update={
            "state": "held",
            "attendance": tuple(attendance),
            "excused": tuple(excused),
            "minutes_due": days.add(local_date(meeting.starts_at), DAYS_FOR_MINUTES),
        }
    )


def _attendance(
    attendance: Sequence[Attendance], excused: Sequence[str], institutions: Collection[str]
) -> Iterator[Refusal]:
    seen: set[str] = set()
    if not attendance:
        yield Refusal("/attendance", "nobody_there")
    named = [(f"/attendance/{n}/institution", one.institution) for n, one in enumerate(attendance)]
    named += [(f"/excused/{n}", code) for n, code in enumerate(excused)]
    for at, code in named:
        if code not in institutions:
            yield Refusal(at, "unknown_institution", {"named": code})
        elif code in seen:
            yield Refusal(at, "stands_twice", {"named": code})
        seen.add(code)


def may_be_held(meeting: Meeting, now: datetime) -> None:
    """Raise Refused where attendance cannot be recorded: not scheduled any more, or not begun."""
    only_scheduled(meeting)
    if now < meeting.starts_at:
        raise conflict("not_begun", named=meeting.code)


def only_scheduled(meeting: Meeting) -> None:
    """Raise Refused where the meeting was held or cancelled: it is not changed any more."""
    if meeting.state != "scheduled":
        raise conflict(f"meeting_{meeting.state}", named=meeting.code)


def next_code(prefix: str, year: int, taken: Iterable[str]) -> str:
    """The next free code of a year: `T-2026-07`."""
    start = f"{prefix}-{year}-"
    numbers = [int(code[len(start) :]) for code in taken if code.startswith(start) and code[len(start) :].isdigit()]
    return f"{start}{max(numbers, default=0) + 1:02d}"
