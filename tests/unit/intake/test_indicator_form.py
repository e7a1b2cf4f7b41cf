"""The form of an indicator and the proposal of the next quarter: pure rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from data_catalogue import codelists, indicators, institutions, load
from nrem_intake.administration.domain.indicator_form import blank, choices, filled, indicator, sent, wrong_with
from nrem_intake.periods.proposing import due_of, following, proposed
from nrem_shared.contracts.reference import Indicator
from nrem_shared.runtime.working_days import WorkingDays

pytestmark = pytest.mark.unit

KNOWN = choices(indicators(), codelists(), [one.code for one in institutions()])
CALENDAR = WorkingDays.from_data(load("working_days.yaml"))


@pytest.mark.parametrize("item", indicators(), ids=lambda item: item.code)
def test_every_indicator_of_the_data_goes_through_its_form_unchanged(item: Indicator) -> None:
    assert wrong_with(filled(item), KNOWN) == ()
    assert indicator(filled(item), KNOWN, item) == item


def test_every_mistake_is_found_at_once() -> None:
    found = {(each.field, each.code) for each in wrong_with(blank(), KNOWN)}
    assert found == {
        *((name, "missing") for name in ("code", "title_lv", "title_en")),
        *((name, "choose") for name in ("unit", "measure", "quarters_to_year", "across_reporters", "reporters")),
    }


@pytest.mark.parametrize("code", ["vict", "1VICT", "VICT NEW", "V" * 41, "VĀRDS", "_X"])
def test_a_code_is_capital_letters_digits_and_underscores(code: str) -> None:
    form = filled(indicators()[0])
    wrong = wrong_with(replace(form, values={**form.values, "code": code}), KNOWN)
    assert [(each.field, each.code) for each in wrong] == [("code", "indicator_code")]


def test_divisions_and_reporters_keep_their_order_and_new_ones_follow() -> None:
    item = next(each for each in indicators() if each.code == "VICT_REFERRED")
    form = filled(item)
    kept = item.reported_by[::-1]
    changed = indicator(sent({**form.values}, ["citizenship", *item.dimensions[::-1]], ["pmlp", *kept]), KNOWN, item)
    assert changed.dimensions == (*item.dimensions, "citizenship")
    assert changed.reported_by[: len(item.reported_by)] == item.reported_by
    assert "pmlp" in changed.reported_by


def test_due_dates_are_those_that_the_standing_rule_gives() -> None:
    (rule,) = [each for each in load("deadlines.yaml")["deadlines"] if each["code"] == "QUARTER"]
    assert (rule["rule"]["days"], rule["rule"]["unit"], rule["rule"]["roll"]) == (15, "calendar", "next_working_day")
    for each in rule["calendar"]:
        assert due_of(each["period"], CALENDAR).isoformat() == each["due"]
    period = "2026-Q4"
    for due in rule["next"]:
        assert due_of(period, CALENDAR).isoformat() == due, period
        period = following(period)


def test_the_quarter_after_the_newest_is_proposed_else_the_present_one() -> None:
    today = date(2026, 11, 22)
    assert proposed(["2026-Q3", "2026-Q4", "2026-Q1"], today, CALENDAR).code == "2027-Q1"
    first = proposed([], today, CALENDAR)
    assert (first.code, first.year, first.quarter, first.due) == ("2026-Q4", "2026", "4", date(2027, 1, 15))
