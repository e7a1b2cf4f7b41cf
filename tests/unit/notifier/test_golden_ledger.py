"""The reminder ledger does exactly what the worked cases say."""

from __future__ import annotations

import pytest

from nrem_notifier.ledger.domain import StepKey, decide
from nrem_notifier.ledger.preview import preview
from nrem_shared.runtime.clock import local_date
from unit.notifier.golden import Case, Row, cases, row_of, rules

CASES = list(cases())


def replay(case: Case) -> list[Row]:
    """Every row the ledger gets while the case happens."""
    told: set[StepKey] = set()
    rows = []
    for now in case.instants():
        for decision in decide(case.obligations(now), told, rules(), now):
            assert decision.step.key not in told
            told.add(decision.step.key)
            rows.append(row_of(decision, local_date(now)))
    return rows


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_worked_case_holds_exactly(case: Case) -> None:
    rows = replay(case)
    assert sorted(map(str, rows)) == sorted(map(str, case.expected))
    assert len(rows) == len(case.expected)


@pytest.mark.parametrize("case", [case for case in CASES if not case.outage], ids=lambda case: case.name)
def test_looking_more_often_changes_nothing(case: Case) -> None:
    told: set[StepKey] = set()
    rows = []
    for now in sorted(case.instants() * 3):
        for decision in decide(case.obligations(now), told, rules(), now):
            told.add(decision.step.key)
            rows.append(row_of(decision, local_date(now)))
    assert set(rows) == case.expected


def test_the_preview_is_what_will_be_sent() -> None:
    case = next(case for case in CASES if case.name == "never_reports")
    start = case.instants()[0]
    obligations = case.obligations(case.instants()[-1])
    foreseen = {
        row_of(decision, one.day)
        for one in preview(obligations, (), rules(), start, days=200)
        for decision in one.decisions
    }
    assert foreseen == case.expected
