"""What statistics and the notifier tell plan-tracker in a test: releases of the demonstration's quarters, outcomes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from nrem_shared.contracts.releases import FiguresReleased
from nrem_shared.contracts.reminders import DeliveryRecorded
from nrem_shared.runtime.projection.events import Event
from nrem_statistics.quarters.domain import compile_quarter
from nrem_statistics.releases.domain import Inputs, draft, released
from unit.statistics.demonstration import THRESHOLD, quarter_rows, reference

HEAD = "cd" * 32


def release_events(*released_at: tuple[str, str]) -> list[Event]:
    """One release for each (period, instant), in that order, as statistics would make them."""
    events: list[Event] = []
    newest: dict[str, FiguresReleased] = {}
    for position, (period, instant) in enumerate(released_at, 1):
        at = datetime.fromisoformat(instant)
        quarter = compile_quarter(quarter_rows(period, at), at, THRESHOLD)
        document = released(draft(quarter, reference(), Inputs()), newest.get(period), position - 1, HEAD)
        newest[period] = document
        events.append(_event("nrem.figures.released.v1", f"release/{period}", document.version, position, at, document))
    return events


def delivery_event(
    mail: str, meeting: str, institution: str, outcome: str = "sent", *, at: str, told: str = "INVITATION", **more: Any
) -> Event:
    """What became of a mail about a meeting; `told` is INVITATION, or MOVED for its new time."""
    settled_at = datetime.fromisoformat(at)
    kind = "MEETING" if told == "MOVED" else told
    step = {
        "obligation": f"{kind}/{meeting}/{institution}",
        "code": kind,
        "step": told,
        "planned": settled_at.date(),
        "outcome": "sent",
        "fallback": more.get("fallback", False),
    }
    data = DeliveryRecorded.model_validate(
        {
            "mail": mail,
            "kind": "moved" if told == "MOVED" else "invitation",
            "contact": f"{institution}-focal-point",
            "member": institution,
            "role": "focal_point",
            "outcome": outcome,
            "cause": more.get("cause", ""),
            "attempts": 1,
            "planned_at": settled_at,
            "settled_at": settled_at,
            "delay_seconds": 0,
            "told": [step],
        }
    )
    return _event("nrem.delivery.recorded.v1", f"mail/{mail}", 1, 1, settled_at, data)


def _event(name: str, subject: str, revision: int, position: int, at: datetime, data: Any) -> Event:
    return Event(
        id=f"{subject}@{revision}",
        type=name,
        source="/test",
        subject=subject,
        revision=revision,
        position=position,
        prev=position - 1,
        recorded_at=at,
        actor="test",
        correlation_id="test",
        data=data,
    )
