"""Readiness knows who was given more time."""

from __future__ import annotations

from datetime import UTC, date, datetime

from nrem_plan_tracker.meetings.agenda import Due
from nrem_plan_tracker.meetings.domain import Meeting
from nrem_plan_tracker.readiness.domain import readiness_of

HELD = date(2026, 10, 28)


def test_a_report_is_missing_from_the_day_after_its_own_due_date() -> None:
    due = Due(
        on=HELD, owes=("em", "vp"), standings={}, tasks=(), challenges=(), results=(), reports_due=date(2026, 10, 15),
        extended={"vp": date(2026, 10, 22)},
    )  # fmt: skip
    meeting = Meeting.model_construct(code="M-2026-Q3", starts_at=datetime(2026, 10, 28, 8, tzinfo=UTC))

    def states(day: int) -> list[str]:
        found = readiness_of(meeting, due, (), (), date(2026, 10, day), HELD)
        return [one.state for one in found.reports]

    assert states(15) == ["due", "due"]
    assert states(16) == ["missing", "due"]
    assert states(22) == ["missing", "due"]
    assert states(23) == ["missing", "missing"]
