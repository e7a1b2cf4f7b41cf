"""Working days and planned instants, from the files of `data/`."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from nrem_embedded.calendar import PlatformCalendar
from nrem_embedded.project_data import data_folder


@pytest.fixture(scope="module")
def calendar() -> PlatformCalendar:
    return PlatformCalendar.from_folder(data_folder())


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2026, 10, 12), True),  # a Monday
        (date(2026, 10, 11), False),  # a Sunday
        (date(2026, 1, 1), False),  # a holiday
        (date(2026, 1, 2), False),  # moved …
        (date(2026, 1, 17), True),  # … to this Saturday
        (date(2026, 6, 22), False),
        (date(2026, 6, 27), True),
        (date(2026, 11, 18), False),
    ],
)
def test_working_days(calendar: PlatformCalendar, day: date, worked: bool) -> None:
    assert (day in calendar.days) is worked


def test_planned_work_runs_at_eight_in_riga_in_summer_and_winter(calendar: PlatformCalendar) -> None:
    assert calendar.at(date(2026, 7, 1)) == datetime(2026, 7, 1, 5, tzinfo=UTC)
    assert calendar.at(date(2026, 12, 1)) == datetime(2026, 12, 1, 6, tzinfo=UTC)


def test_planned_instants_lie_after_the_beginning_and_up_to_the_end(calendar: PlatformCalendar) -> None:
    friday, monday = calendar.at(date(2026, 10, 9)), calendar.at(date(2026, 10, 12))
    assert list(calendar.planned(friday, monday)) == [monday]
    assert list(calendar.planned(monday, monday)) == []
    year = list(calendar.planned(datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)))
    assert len(year) == 250  # 261 weekdays, 11 holidays on them; moved days are worked on Saturdays
    assert year == sorted(year)


def test_quarters_open_on_their_first_day(calendar: PlatformCalendar) -> None:
    assert calendar.opening("2026-Q3") == datetime(2026, 7, 1, 5, tzinfo=UTC)
    assert calendar.opening("2027-Q1") == datetime(2027, 1, 1, 6, tzinfo=UTC)
    assert calendar.due["2026-Q3"] == date(2026, 10, 15)
