"""Time is an argument, and a day is a day in Riga."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from nrem_shared.runtime.clock import DEMONSTRATION_START, DemonstrationClock, SystemClock, end_of_day, local_date


@pytest.mark.parametrize(
    ("day", "end"),
    [
        (date(2026, 1, 15), datetime(2026, 1, 15, 21, 59, 59, 999999, UTC)),
        (date(2026, 7, 15), datetime(2026, 7, 15, 20, 59, 59, 999999, UTC)),
        (date(2026, 3, 29), datetime(2026, 3, 29, 20, 59, 59, 999999, UTC)),
        (date(2026, 10, 25), datetime(2026, 10, 25, 21, 59, 59, 999999, UTC)),
    ],
    ids=["winter", "summer", "clocks-go-forward", "clocks-go-back"],
)
def test_a_day_ends_at_midnight_in_riga(day: date, end: datetime) -> None:
    assert end_of_day(day) == end
    assert local_date(end) == day


def test_the_demonstration_clock_moves_forward_only() -> None:
    clock = DemonstrationClock(DEMONSTRATION_START)
    later = datetime(2026, 2, 1, tzinfo=UTC)
    clock.advance(later)
    clock.advance(DEMONSTRATION_START)
    assert clock.now() == later


def test_the_system_clock_is_aware_and_in_utc() -> None:
    assert SystemClock().now().tzinfo is UTC
