"""Quarters brought in from before go-live are known and shown; nobody is ever mailed about them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from nrem_notifier.ledger.domain import decide, decide_notices, remindable
from nrem_notifier.obligations.domain.everything import notices_of, obligations_of
from nrem_notifier.obligations.domain.facts import Facts, Revision
from nrem_notifier.obligations.domain.values import Surroundings
from nrem_shared.contracts.periods import PeriodOpened
from nrem_shared.contracts.submissions import SubmissionAccepted, SubmissionContent, SubmissionSubmitted
from unit.notifier.golden import MINISTRY, rules

#: The morning on which the ministry brings two quarters in; a working day on which digests go out.
NOW = datetime(2026, 5, 5, 7, tzinfo=UTC)
QUARTERS = {"2025-Q3": date(2025, 10, 15), "2025-Q4": date(2026, 1, 15)}


def brought_in() -> Facts:
    """Two institutions owed both quarters; one of them is known to have reported."""
    revisions = []
    for period, due in QUARTERS.items():
        opened = PeriodOpened(code=period, due=due, group="g", owes=("km", "vp"))
        stream: dict[str, Any] = {
            "period": period, "member": "vp", "version": 1, "first_submitted_at": NOW, "late": False, "due": due,
            "nothing_to_report": True,
        }  # fmt: skip
        content = SubmissionContent(nothing_to_report=True)
        sent = SubmissionSubmitted(
            **stream, state="submitted", accepted_version=None, pending_version=1, kind="first", content=content,
            imported=True,
        )  # fmt: skip
        accepted = SubmissionAccepted(**stream, state="accepted", accepted_version=1, pending_version=None)
        subject = f"submission/{period}/vp"
        revisions += [Revision(f"period/{period}", 1, NOW, opened), Revision(subject, 1, NOW, sent)]
        revisions.append(Revision(subject, 2, NOW, accepted))
    return Facts.of(revisions)


def test_nobody_is_mailed_about_what_was_due_before_go_live() -> None:
    facts = brought_in()
    around = Surroundings(rules().kinds, rules().days, facts.institutions, MINISTRY)
    go_live = rules().adopted.remind_from
    assert max(QUARTERS.values()) < go_live < NOW.date()

    owed = [one for one in obligations_of(facts, around, NOW.date()) if one.code == "QUARTER"]
    assert {one.key: one.met_at is None for one in owed} == {
        "QUARTER/2025-Q3/km": True,
        "QUARTER/2025-Q3/vp": False,
        "QUARTER/2025-Q4/km": True,
        "QUARTER/2025-Q4/vp": False,
    }, "they are shown"
    assert not any(remindable(one, rules()) for one in owed)
    assert decide(owed, (), rules(), NOW) == []

    said = list(notices_of(facts, around))
    assert len(said) == 4, "a receipt and an acceptance for each"
    assert decide_notices(said, (), rules(), NOW, timedelta(days=3)) == ([], [])
