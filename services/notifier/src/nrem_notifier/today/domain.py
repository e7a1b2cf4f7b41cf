"""What needs somebody today, from the obligations and the facts they follow from. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from nrem_notifier.obligations.domain.discussions import Question, questions
from nrem_notifier.obligations.domain.facts import Facts
from nrem_notifier.obligations.domain.signatures import CODE as SIGNATURE
from nrem_notifier.obligations.domain.values import Obligation, Recipient
from nrem_shared.contracts.base import LocalizedText
from nrem_shared.contracts.meetings import MeetingStream
from nrem_shared.contracts.periods import PeriodOpened
from nrem_shared.contracts.submissions import (
    ExtensionAsked,
    ExtensionRefused,
    ExtensionStream,
    SubmissionExtended,
    SubmissionStream,
)

#: What is due within so many days is shown by itself; what comes later is counted.
AHEAD_DAYS = 30
#: Reports that are not in yet are named to the coordinator so many days before they are due.
REPORTS_AHEAD_DAYS = 14
#: Kinds that have a place of their own; all others stand together.
REPORT, RETURNED, REVIEW, MEETING, AMENDMENTS, TASK = (
    "QUARTER", "RESUBMIT", "REVIEW", "MEETING", "AMENDMENTS", "TASK",
)  # fmt: skip
_OWN_PLACE = frozenset({REPORT, RETURNED, REVIEW, MEETING, AMENDMENTS, TASK})


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting to come."""

    code: str
    about: str
    starts_at: datetime
    place: LocalizedText | None
    mode: str
    invited: int

    @property
    def link(self) -> str:
        """Its page."""
        return f"/plan/meetings/{self.code}"


@dataclass(frozen=True, slots=True)
class MoreTime:
    """What became of a member's time for a period: `state` is asked, given or refused; `until` the day meant."""

    period: str
    member: str
    state: str
    until: date
    reason: LocalizedText

    @property
    def link(self) -> str:
        """The page of the submission."""
        return f"/intake/periods/{self.period}/submissions/{self.member}"


@dataclass(frozen=True, slots=True)
class MemberDay:
    """What needs a member. Every list is in the order of due dates; `later` = what comes after
    `AHEAD_DAYS`, or does not begin before."""

    returned: tuple[Obligation, ...]
    reports: tuple[Obligation, ...]
    amendments: tuple[Obligation, ...]
    tasks: tuple[Obligation, ...]
    others: tuple[Obligation, ...]
    meetings: tuple[Meeting, ...]
    questions: tuple[Question, ...]
    more_time: tuple[MoreTime, ...]
    later: tuple[Obligation, ...]
    signatures: tuple[Obligation, ...] = ()

    @property
    def nothing(self) -> bool:
        """Whether nothing has to be done."""
        own = (self.signatures, self.returned, self.reports, self.questions, self.amendments, self.tasks, self.others)
        return not any(own)


def _to_sign(obligations: Sequence[Obligation], member: str, now: datetime) -> tuple[Obligation, ...]:
    officer = Recipient(member, "authorised_officer")
    return tuple(one for one in obligations if one.code == SIGNATURE and one.owner == officer and one.owed_at(now))


@dataclass(frozen=True, slots=True)
class Late:
    """Who reported late for the period that was due last."""

    period: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CoordinatorDay:
    """What needs the coordinator. `own` = what the ministry's coordinator and secretariat owe beside reviews."""

    asked: tuple[MoreTime, ...]
    questions: tuple[Question, ...]
    review: tuple[Obligation, ...]
    missing: tuple[Obligation, ...]
    returned: tuple[Obligation, ...]
    expected: tuple[Obligation, ...]
    late: Late | None
    tasks: tuple[Obligation, ...]
    own: tuple[Obligation, ...]
    meeting: Meeting | None


def member_day(
    obligations: Sequence[Obligation], facts: Facts, member: str, now: datetime, today: date, *, signs: bool = False
) -> MemberDay:
    """What needs the people of a member at `now`, on the day `today` in Riga; `signs` = the authorised officer, too."""
    mine = [one for one in obligations if one.owner == Recipient(member, "focal_point") and one.owed_at(now)]
    near = [one for one in mine if one.opened <= today and one.due <= today + timedelta(days=AHEAD_DAYS)]
    kept = [one for one in near if one.code != MEETING and not (one.code == AMENDMENTS and one.due < today)]
    standing = {one.key for one in mine if one.code == REPORT}
    return MemberDay(
        returned=_of(kept, RETURNED),
        reports=_of(kept, REPORT),
        amendments=_of(kept, AMENDMENTS),
        tasks=_of(kept, TASK),
        others=tuple(one for one in kept if one.code not in _OWN_PLACE),
        questions=tuple(one for one in questions(facts) if one.member == member and one.asked_by == "coordinator"),
        meetings=tuple(one for one, invited in _meetings(facts, now) if member in invited),
        more_time=tuple(
            one for one in more_time(facts) if one.member == member and f"{REPORT}/{one.period}/{member}" in standing
        ),
        later=tuple(one for one in mine if one.code != MEETING and one not in near),
        signatures=_to_sign(obligations, member, now) if signs else (),
    )


def coordinator_day(
    obligations: Sequence[Obligation], facts: Facts, ministry: str, now: datetime, today: date
) -> CoordinatorDay:
    """What needs the coordinator at `now`, on the day `today` in Riga."""
    owed = [one for one in obligations if one.owed_at(now)]
    reports = _of(owed, REPORT)
    soon = today + timedelta(days=REPORTS_AHEAD_DAYS)
    standing = {one.key for one in reports}
    offices = (Recipient(ministry, "coordinator"), Recipient(ministry, "secretariat"))
    until = today + timedelta(days=AHEAD_DAYS)
    return CoordinatorDay(
        asked=tuple(
            one
            for one in more_time(facts)
            if one.state == "asked" and f"{REPORT}/{one.period}/{one.member}" in standing
        ),
        questions=tuple(one for one in questions(facts) if one.asked_by == "member"),
        review=_of(owed, REVIEW),
        missing=tuple(one for one in reports if one.due < today),
        returned=_of(owed, RETURNED),
        expected=tuple(one for one in reports if today <= one.due <= soon),
        late=late(facts, today),
        tasks=tuple(one for one in _of(owed, TASK) if one.due <= until),
        own=tuple(one for one in owed if one.owner in offices and one.code not in _OWN_PLACE and one.due <= until),
        meeting=next((one for one, _ in _meetings(facts, now)), None),
    )


def _of(obligations: Iterable[Obligation], code: str) -> tuple[Obligation, ...]:
    return tuple(one for one in obligations if one.code == code)


def more_time(facts: Facts) -> list[MoreTime]:
    """How every extension stands that was ever asked for or given."""
    found = []
    for subject, revisions in facts.of_kind("extension"):
        newest = revisions[-1].data
        if isinstance(newest, ExtensionStream):
            _, period, member = subject.split("/", 2)
            state, until, reason = _standing(newest)
            found.append(MoreTime(period, member, state, until, reason))
    return found


def _standing(newest: ExtensionStream) -> tuple[str, date, LocalizedText]:
    match newest:
        case ExtensionAsked():
            return "asked", newest.until, newest.reason
        case ExtensionRefused():
            return "refused", newest.until, newest.reason
        case SubmissionExtended():
            return "given", newest.due, newest.reason
    raise TypeError(type(newest).__name__)


def late(facts: Facts, today: date) -> Late | None:
    """Who reported late for the period that was due last; null before the first."""
    opened = (facts.newest(subject, PeriodOpened) for subject, _ in facts.of_kind("period"))
    over = [one for one in opened if one is not None and one.due < today]
    if not over:
        return None
    newest = max(over, key=lambda one: one.due)
    streams = {member: facts.newest(f"submission/{newest.code}/{member}", SubmissionStream) for member in newest.owes}
    return Late(newest.code, tuple(member for member, stream in streams.items() if stream is not None and stream.late))


def _meetings(facts: Facts, now: datetime) -> list[tuple[Meeting, tuple[str, ...]]]:
    """(meeting, who is invited) of all that are called and not over, the next one first."""
    newest = (facts.newest(subject, MeetingStream) for subject, _ in facts.of_kind("meeting"))
    coming = [one for one in newest if one is not None and one.state == "scheduled" and one.starts_at > now]
    return [
        (
            Meeting(one.code, one.about, one.starts_at, one.place, one.mode, len(one.invited)),
            one.invited,
        )
        for one in sorted(coming, key=lambda one: one.starts_at)
    ]
