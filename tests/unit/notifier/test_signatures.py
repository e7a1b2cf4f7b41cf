"""What waits for the authorised officer's signature: told at once, owed until it is settled in whichever way."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from nrem_notifier.obligations.domain.everything import notices_of
from nrem_notifier.obligations.domain.facts import Facts, Revision
from nrem_notifier.obligations.domain.values import Recipient, Surroundings
from nrem_notifier.today.domain import member_day
from nrem_shared.contracts.base import Contract
from nrem_shared.contracts.submissions import (
    SignatureAwaited,
    SignatureSettled,
    SubmissionContent,
    SubmissionSubmitted,
)
from unit.notifier.golden import MINISTRY, rules
from unit.notifier.test_obligations import NOW, worked_out

OFFICER = Recipient("vp", "authorised_officer")
STREAM = "signature/2026-Q3/vp"
KEY = "SIGNATURE/2026-Q3/vp/1"
LATER = NOW + timedelta(hours=3)


def handed_over(kind: str = "report") -> dict[str, Any]:
    return {"period": "2026-Q3", "member": "vp", "kind": kind, "due": date(2026, 10, 15), "prepared_by": "VP/member"}


def told(*facts: tuple[str, Contract, datetime]) -> list[tuple[str, str, Recipient]]:
    known = Facts.of([Revision(subject, place, at, data) for place, (subject, data, at) in enumerate(facts, start=1)])
    around = Surroundings(rules().kinds, rules().days, known.institutions, MINISTRY)
    return [(one.kind, one.key, one.recipient) for one in notices_of(known, around) if one.kind == "signature"]


@pytest.mark.parametrize(("kind", "page"), [("report", "check"), ("correction", "correction")])
def test_what_was_handed_over_is_owed_by_the_officer_and_told_at_once(kind: str, page: str) -> None:
    awaited = (STREAM, SignatureAwaited(**handed_over(kind)), NOW)
    found = worked_out(awaited)[KEY]
    assert (found.owner, found.due, found.met_at) == (OFFICER, date(2026, 10, 15), None)
    assert found.link == f"/intake/periods/2026-Q3/submissions/vp/report/{page}"
    assert told(awaited) == [("signature", KEY, OFFICER)]


@pytest.mark.parametrize("outcome", ["signed", "sent_back", "taken_back", "lapsed"])
def test_it_is_met_in_whichever_way_it_was_settled(outcome: Any) -> None:
    awaited = (STREAM, SignatureAwaited(**handed_over()), NOW)
    settled = (STREAM, SignatureSettled(**handed_over(), outcome=outcome), LATER)
    assert worked_out(awaited, settled)[KEY].met_at == LATER
    assert told(awaited, settled) == [], "nobody is asked for a signature that is not waited for any more"


def test_every_time_it_is_handed_over_it_is_owed_anew() -> None:
    awaited = (STREAM, SignatureAwaited(**handed_over()), NOW)
    back = (STREAM, SignatureSettled(**handed_over(), outcome="sent_back"), LATER)
    again = (STREAM, SignatureAwaited(**handed_over()), LATER + timedelta(hours=1))
    found = worked_out(awaited, back, again)
    assert {key: one.met_at for key, one in found.items()} == {KEY: LATER, "SIGNATURE/2026-Q3/vp/3": None}


def test_a_version_that_came_in_another_way_ends_the_wait() -> None:
    awaited = (STREAM, SignatureAwaited(**handed_over()), NOW)
    state = {
        "period": "2026-Q3", "member": "vp", "version": 1, "state": "submitted", "accepted_version": None,
        "pending_version": 1, "first_submitted_at": LATER, "late": False, "due": date(2026, 10, 15),
        "nothing_to_report": True,
    }  # fmt: skip
    sent = SubmissionSubmitted(**state, kind="first", content=SubmissionContent(nothing_to_report=True))
    assert worked_out(awaited, ("submission/2026-Q3/vp", sent, LATER))[KEY].met_at == LATER


def test_the_home_page_shows_it_to_the_officer_alone() -> None:
    found = list(worked_out((STREAM, SignatureAwaited(**handed_over()), NOW)).values())
    today = datetime(2026, 10, 12, 9, tzinfo=UTC)
    officer = member_day(found, Facts(), "vp", today, today.date(), signs=True)
    assert [one.key for one in officer.signatures] == [KEY]
    assert not officer.nothing
    assert member_day(found, Facts(), "vp", today, today.date()).signatures == ()
    assert member_day(found, Facts(), "km", today, today.date(), signs=True).signatures == ()
