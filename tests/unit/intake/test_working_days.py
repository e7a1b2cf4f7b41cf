"""The calendar that a return's due date is counted with is that of `data/working_days.yaml`."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_catalogue import add_working_days, is_working_day, load
from nrem_shared.runtime.working_days import WorkingDays

pytestmark = pytest.mark.unit

DAYS = st.dates(date(2025, 1, 1), date(2027, 11, 1))


def calendar() -> WorkingDays:
    return WorkingDays.from_data(load("working_days.yaml"))


@given(DAYS, st.integers(0, 15))
def test_the_calendar_counts_as_the_reference_does(day: date, days: int) -> None:
    assert calendar().is_working(day) == is_working_day(day)
    assert calendar().add(day, days) == add_working_days(day, days)


@given(DAYS, st.integers(1, 10))
def test_the_nth_working_day_is_one_and_has_n_behind_it(day: date, days: int) -> None:
    reached = calendar().add(day, days)
    between = [day + timedelta(days=n) for n in range(1, (reached - day).days + 1)]
    assert calendar().is_working(reached)
    assert sum(map(calendar().is_working, between)) == days


def test_without_reference_data_the_plain_week_counts() -> None:
    assert WorkingDays.from_code_lists([]).add(date(2026, 11, 17), 1) == date(2026, 11, 18)
    assert calendar().add(date(2026, 11, 17), 1) == date(2026, 11, 19)
