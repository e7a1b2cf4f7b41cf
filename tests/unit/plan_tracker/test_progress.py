"""Progress as known on an instant equals what the demonstration quarters expect."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_catalogue import QUARTERS, load, plan
from nrem_plan_tracker.plans.domain import first_day, last_day, plan_of
from nrem_plan_tracker.progress.answers import progress_answer
from nrem_plan_tracker.progress.domain import assessments_of, final_counts, progress_of, reached
from nrem_plan_tracker.progress.reading import PlanProgressKnown
from nrem_plan_tracker.submissions.domain import Entry
from nrem_shared.contracts.plans import PlanAdopted, PlanIndicator
from nrem_shared.contracts.submissions import PlanProgress
from unit.plan_tracker.reports import entries, in_force


def expected(quarter: str) -> dict[str, Any]:
    found: dict[str, Any] = load(f"demo/submissions-{quarter}.yaml")["expected"]["plan_tracker"]
    return found


@pytest.mark.parametrize("quarter", QUARTERS)
def test_every_expected_leaf(quarter: str) -> None:
    wanted = expected(quarter)
    known_on = datetime.fromisoformat(wanted["known_on"])
    said = entries("plan_progress", in_force(known_on, quarter))
    results = progress_of(plan().results, assessments_of(said), [], [])
    answer = progress_answer(quarter, known_on, PlanProgressKnown(plan(), results, tuple(said)), True)
    document = answer.model_dump(mode="json")
    assert {name: document[name] for name in wanted} == wanted
    assert list(document["self_assessments"]) == list(wanted["self_assessments"])


def test_the_closed_plan_has_22_4_5() -> None:
    closed = PlanAdopted.model_validate(load("plans/2021-2023.yaml")["plan"])
    assert len(closed.results) == 31
    assert list(final_counts(closed.results).items()) == [
        ("completed", 22), ("partially_completed", 4), ("not_completed", 5),
    ]  # fmt: skip
    assert closed.illustrative


def test_the_plan_in_force_has_4_12_23() -> None:
    directions = plan().directions
    counts = (len(directions), sum(len(d.measures) for d in directions), len(plan().results))
    assert counts == (4, 12, 23)


def test_the_plan_of_a_quarter() -> None:
    closed = PlanAdopted.model_validate(load("plans/2021-2023.yaml")["plan"])
    both = [plan(), closed]
    assert plan_of(both, "2026-Q3") == plan()
    assert plan_of(both, "2022-Q1") == closed
    assert plan_of(both, "2024-Q2") is None
    assert (first_day("2026-Q4").isoformat(), last_day("2026-Q4").isoformat()) == ("2026-10-01", "2026-12-31")


def test_a_measure_against_its_target() -> None:
    thirty = PlanIndicator(code="x", text={"lv": "x"}, target=30)
    assert [reached(thirty, value) for value in (29, 30, True, False)] == [False, True, True, False]
    assert reached(PlanIndicator(code="x", text={"lv": "x"}, unit="yes_no"), 4) is None


STATUSES = ("not_started", "in_progress", "completed")
REPORTS = st.lists(st.tuples(st.sampled_from(QUARTERS), st.sampled_from("abc"), st.sampled_from(STATUSES)), max_size=12)


@given(REPORTS)
def test_the_latest_of_each_member_counts_and_members_are_never_averaged(reports: list[tuple[str, str, str]]) -> None:
    in_order = sorted(reports, key=lambda one: one[0])
    said = [
        Entry(
            period,
            member,
            1,
            "plan_progress",
            "1.1",
            PlanProgress(result="1.1", status=status, text={"lv": "x"}).model_dump(mode="json"),
        )
        for period, member, status in in_order
    ]
    one = progress_of(plan().results, assessments_of(said), [], [])[0]
    model = {member: status for _, member, status in in_order}
    assert {member: each.status for member, each in one.assessments.items()} == model
    different = set(model.values())
    assert one.self_status == (None if not different else different.pop() if len(different) == 1 else "disputed")
