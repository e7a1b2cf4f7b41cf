"""Challenges and future plans of the demonstration, over the quarters."""

from __future__ import annotations

from datetime import datetime

from nrem_plan_tracker.outlook.domain import challenges_of, future_plans_of
from unit.plan_tracker.reports import entries, in_force

END = datetime.fromisoformat("2026-11-22T12:00:00+02:00")


def test_a_challenge_keeps_its_code_and_ends() -> None:
    found = {one.code: one for one in challenges_of(entries("challenges", in_force(END, "2026-Q4")))}
    ended = found["CH-vdi-1"]
    assert (ended.first, ended.last, ended.ended) == ("2026-Q1", "2026-Q3", True)
    assert not found["CH-lm-1"].ended
    assert len(found) == 11


def test_what_became_of_future_plans() -> None:
    found = {one.code: one for one in future_plans_of(entries("future_plans", in_force(END, "2026-Q4")))}
    told = {
        code: (found[code].outcome, found[code].said_in, found[code].planned_for) for code in ("FP-am-1", "FP-lm-1")
    }
    assert told == {"FP-am-1": ("realised", "2026-Q3", "2026-Q3"), "FP-lm-1": ("dropped", "2026-Q3", "2026-Q3")}
    assert found["FP-tsb-2"].outcome is None
    assert found["FP-tsb-2"].open_since("2026-Q4")
    assert not found["FP-am-2"].open_since("2026-Q4")
