"""What needs somebody today: what is shown to whom, and what is left out."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from nrem_notifier.obligations.domain.everything import obligations_of
from nrem_notifier.obligations.domain.facts import Facts, Revision
from nrem_notifier.obligations.domain.values import Obligation, Surroundings
from nrem_notifier.today.domain import CoordinatorDay, MemberDay, coordinator_day, late, member_day
from nrem_shared.contracts.base import Contract, LocalizedText
from nrem_shared.contracts.meetings import MeetingScheduled, TaskAssigned
from nrem_shared.contracts.periods import PeriodOpened
from nrem_shared.contracts.submissions import (
    ExtensionAsked,
    ExtensionRefused,
    ReasonForReturn,
    SubmissionContent,
    SubmissionExtended,
    SubmissionReturned,
    SubmissionSubmitted,
)
from nrem_shared.runtime.clock import local_date
from unit.notifier.golden import MINISTRY, rules

DUE = date(2026, 10, 15)
OPENED = datetime(2026, 7, 1, 5, tzinfo=UTC)
TEXT = LocalizedText(lv="Nosaukums", en="Title")
WHY = LocalizedText(lv="Dati vēlāk", en="Data later")
PERIOD = "2026-Q3"

Told = tuple[str, Contract, datetime]


def day(number: int, month: int = 10) -> datetime:
    return datetime(2026, month, number, 9, tzinfo=UTC)


def quarter(*members: str) -> Told:
    return f"period/{PERIOD}", PeriodOpened(code=PERIOD, due=DUE, group="g", owes=members), OPENED


def stream(member: str, at: datetime, **more: Any) -> dict[str, Any]:
    return {
        "period": PERIOD, "member": member, "version": 1, "accepted_version": None, "first_submitted_at": at,
        "late": local_date(at) > DUE, "due": DUE, "nothing_to_report": True, **more,
    }  # fmt: skip


def submitted(member: str, at: datetime) -> Told:
    fact = SubmissionSubmitted(
        **stream(member, at, state="submitted", pending_version=1),
        kind="first",
        content=SubmissionContent(nothing_to_report=True),
    )
    return f"submission/{PERIOD}/{member}", fact, at


def returned(member: str, sent: datetime, at: datetime) -> Told:
    fact = SubmissionReturned(
        **{**stream(member, sent, state="returned", pending_version=None), "due": date(2026, 10, 23)},
        reasons=(ReasonForReturn(at="", text=TEXT),),
    )
    return f"submission/{PERIOD}/{member}", fact, at


def meeting(starts_at: datetime, *invited: str) -> Told:
    fact = MeetingScheduled(code="M-2026-Q3", about=PERIOD, state="scheduled", starts_at=starts_at, invited=invited)
    return "meeting/M-2026-Q3", fact, day(1)


def task(owner: str, due: date) -> Told:
    fact = TaskAssigned(
        code="T-1", meeting="M-1", decision="D-1", owner=owner, text=TEXT, assigned_on=date(2026, 9, 1), due=due,
        first_due=due, state="open",
    )  # fmt: skip
    return "task/T-1", fact, day(1, 9)


def extension(member: str, fact: str, until: date, at: datetime) -> Told:
    whole: dict[str, Any] = {"period": PERIOD, "member": member, "reason": WHY}
    data: Contract = {
        "asked": lambda: ExtensionAsked(**whole, due=DUE, until=until),
        "given": lambda: SubmissionExtended(**whole, due=until, due_before=DUE),
        "refused": lambda: ExtensionRefused(**whole, due=DUE, until=until),
    }[fact]()
    return f"extension/{PERIOD}/{member}", data, at


def known(*told: Told) -> tuple[tuple[Obligation, ...], Facts]:
    counts: dict[str, int] = {}
    revisions = []
    for subject, data, at in told:
        counts[subject] = counts.get(subject, 0) + 1
        revisions.append(Revision(subject, counts[subject], at, data))
    facts = Facts.of(revisions)
    around = Surroundings(rules().kinds, rules().days, facts.institutions, MINISTRY)
    return obligations_of(facts, around, date(2026, 10, 12)), facts


def member_at(now: datetime, member: str, *told: Told) -> MemberDay:
    return member_day(*known(*told), member, now, local_date(now))


def coordinator_at(now: datetime, *told: Told) -> CoordinatorDay:
    return coordinator_day(*known(*told), MINISTRY, now, local_date(now))


def keys(obligations: tuple[Obligation, ...]) -> list[str]:
    return [one.key for one in obligations]


def test_a_member_sees_what_it_owes_and_nobody_elses() -> None:
    told = (quarter("em", "lm"), task("lm", date(2026, 10, 20)), meeting(day(28), "em"))
    em = member_at(day(12), "em", *told)
    assert keys(em.reports) == [f"QUARTER/{PERIOD}/em"]
    assert (em.tasks, [one.code for one in em.meetings], em.nothing) == ((), ["M-2026-Q3"], False)
    lm = member_at(day(12), "lm", *told)
    assert keys(lm.tasks) == ["TASK/T-1"]
    assert lm.meetings == ()


def test_what_is_far_away_is_counted_only() -> None:
    far = member_at(day(1, 8), "em", quarter("em"))
    assert (far.reports, keys(far.later), far.nothing) == ((), [f"QUARTER/{PERIOD}/em"], True)


def test_what_was_returned_takes_the_place_of_the_report() -> None:
    told = (quarter("em"), submitted("em", day(10)), returned("em", day(10), day(16)))
    mine = member_at(day(17), "em", *told)
    assert keys(mine.returned) == [f"RESUBMIT/{PERIOD}/em/1"]
    assert mine.reports == ()
    theirs = coordinator_at(day(17), *told)
    assert keys(theirs.returned) == [f"RESUBMIT/{PERIOD}/em/1"]
    assert (theirs.review, theirs.missing) == ((), ())


def test_the_coordinator_sees_what_waits_is_missing_and_came_late() -> None:
    told = (quarter("em", "lm", "km"), submitted("em", day(10)), submitted("lm", day(20)), meeting(day(28), "em", "km"))
    before = coordinator_at(day(12), *told[:2])
    assert (keys(before.expected), before.missing) == ([f"QUARTER/{PERIOD}/km", f"QUARTER/{PERIOD}/lm"], ())
    after = coordinator_at(day(21), *told)
    assert keys(after.review) == [f"REVIEW/{PERIOD}/em/1", f"REVIEW/{PERIOD}/lm/1"]
    assert keys(after.missing) == [f"QUARTER/{PERIOD}/km"]
    assert after.late is not None
    assert after.late.members == ("lm",)
    assert after.meeting is not None
    assert (after.meeting.code, after.meeting.invited) == ("M-2026-Q3", 2)
    assert coordinator_at(day(29), *told).meeting is None


def test_a_request_for_time_waits_until_it_is_decided_or_the_report_is_there() -> None:
    asked = extension("em", "asked", date(2026, 10, 22), day(12))
    waiting = coordinator_at(day(13), quarter("em"), asked).asked
    assert [(one.member, one.until, one.reason) for one in waiting] == [("em", date(2026, 10, 22), WHY)]
    assert coordinator_at(day(14), quarter("em"), asked, submitted("em", day(13))).asked == ()
    refused = (quarter("em"), asked, extension("em", "refused", date(2026, 10, 22), day(13)))
    assert coordinator_at(day(14), *refused).asked == ()
    assert [one.state for one in member_at(day(14), "em", *refused).more_time] == ["refused"]


def test_an_extension_moves_what_is_owed() -> None:
    given = extension("em", "given", date(2026, 10, 22), day(12))
    told = (quarter("em", "lm"), given)
    obligations, _ = known(*told)
    em = next(one for one in obligations if one.key == f"QUARTER/{PERIOD}/em")
    assert (em.due, [(move.at, move.due) for move in em.moves]) == (
        date(2026, 10, 22),
        [(day(12), date(2026, 10, 22))],
    )
    assert keys(coordinator_at(day(16), *told).missing) == [f"QUARTER/{PERIOD}/lm"]
    assert keys(coordinator_at(day(23), *told).missing) == [f"QUARTER/{PERIOD}/lm", f"QUARTER/{PERIOD}/em"]


def test_nobody_is_late_before_anything_was_due() -> None:
    _, facts = known(quarter("em"))
    assert late(facts, DUE) is None
    assert late(facts, DUE + timedelta(days=1)) is not None
