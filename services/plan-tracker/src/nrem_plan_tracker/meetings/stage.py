"""How a meeting's state is shown: its own, and once minutes exist theirs."""

from __future__ import annotations

from nrem_plan_tracker.meetings.domain import Meeting
from nrem_plan_tracker.minutes.domain import Minutes


def stage_of(meeting: Meeting, minutes: Minutes | None) -> str:
    """scheduled, held, minutes_circulated, approved or cancelled."""
    if minutes is None:
        return meeting.state
    return "approved" if minutes.state == "approved" else "minutes_circulated"
