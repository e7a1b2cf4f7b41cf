"""Questions and answers about submissions: who is told, which wait for an answer, and that no text is known."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from nrem_notifier.obligations.domain.discussions import notices, questions
from nrem_notifier.obligations.domain.facts import Facts, Revision
from nrem_notifier.obligations.domain.values import Recipient, Surroundings
from nrem_shared.contracts.base import Contract, LocalizedText
from nrem_shared.contracts.discussions import RemarkAnnounced, Side
from nrem_shared.contracts.submissions import (
    ReasonForReturn,
    SubmissionAccepted,
    SubmissionContent,
    SubmissionReturned,
    SubmissionSubmitted,
)
from unit.notifier.golden import MINISTRY, rules

PERIOD = "2026-Q3"
Told = tuple[str, Contract, datetime]


def day(number: int) -> datetime:
    return datetime(2026, 10, number, 9, tzinfo=UTC)


def remark(number: int, side: Side, at: datetime, thread: int | None = None, place: str = "/observations/0") -> Told:
    data = RemarkAnnounced(
        period=PERIOD, member="vp", number=number, thread=thread or number, version=1, at=place, side=side
    )
    return f"remark/{PERIOD}/vp", data, at


def submission(event: type[Contract], at: datetime, **more: Any) -> Told:
    whole: dict[str, Any] = {
        "period": PERIOD, "member": "vp", "version": 1, "accepted_version": None, "pending_version": None,
        "first_submitted_at": day(1), "late": False, "due": date(2026, 10, 15), "nothing_to_report": True,
    }  # fmt: skip
    return f"submission/{PERIOD}/vp", event(**{**whole, **more}), at


def sent(at: datetime) -> Told:
    content = SubmissionContent(nothing_to_report=True)
    return submission(SubmissionSubmitted, at, state="submitted", kind="resubmission", content=content)


def returned(at: datetime) -> Told:
    reasons = (ReasonForReturn(at="", text=LocalizedText(lv="Kāpēc?")),)
    return submission(SubmissionReturned, at, state="returned", reasons=reasons)


def accepted(at: datetime) -> Told:
    return submission(SubmissionAccepted, at, state="accepted")


def facts(*told: Told) -> Facts:
    counts: dict[str, int] = {}
    revisions = []
    for subject, data, at in told:
        counts[subject] = counts.get(subject, 0) + 1
        revisions.append(Revision(subject, counts[subject], at, data))
    return Facts.of(revisions)


def asked_by(*told: Told) -> list[str]:
    return [one.asked_by for one in questions(facts(*told))]


def test_the_other_side_is_told_of_each_remark_once() -> None:
    known = facts(remark(1, "coordinator", day(2)), remark(2, "member", day(3), thread=1))
    around = Surroundings(rules().kinds, rules().days, {}, MINISTRY)
    told = list(notices(known, around))
    assert [(one.key, one.recipient, one.kind) for one in told] == [
        (f"REMARK/{PERIOD}/vp/1", Recipient("vp", "focal_point"), "remark"),
        (f"REMARK/{PERIOD}/vp/2", Recipient(MINISTRY, "coordinator"), "remark"),
    ]
    assert {one.link for one in told} == {
        f"/intake/periods/{PERIOD}/submissions/vp/versions/1/discussion?at=/observations/0"
    }


def test_an_event_that_holds_no_text_cannot_tell_one() -> None:
    assert not {"text", "by", "item"} & set(RemarkAnnounced.model_fields)


def test_a_question_waits_until_its_thread_is_answered() -> None:
    question = remark(1, "coordinator", day(2))
    assert asked_by(question) == ["coordinator"]
    assert asked_by(question, remark(2, "member", day(3), thread=1)) == ["member"]
    other = remark(2, "member", day(3), place="/challenges/0")
    assert asked_by(question, other) == ["coordinator", "member"]  # elsewhere something else was asked


def test_acting_on_the_submission_answers_too() -> None:
    to_member, to_ministry = remark(1, "coordinator", day(2)), remark(1, "member", day(2))
    assert asked_by(to_member, sent(day(3))) == []
    assert asked_by(to_member, returned(day(3))) == ["coordinator"]
    assert asked_by(to_ministry, returned(day(3))) == []
    assert asked_by(to_ministry, sent(day(3))) == ["member"]
    assert asked_by(to_member, accepted(day(3))) == asked_by(to_ministry, accepted(day(3))) == []
    assert asked_by(accepted(day(1)), to_member) == ["coordinator"]  # asked afterwards
