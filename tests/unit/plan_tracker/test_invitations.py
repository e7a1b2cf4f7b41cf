"""To whom an invitation was delivered, and to whom not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from nrem_plan_tracker.invitations.domain import Outcome, invitations, outcomes_of
from nrem_shared.contracts.reminders import DeliveryRecorded, Told

AT = datetime(2026, 10, 30, 8, tzinfo=UTC)


def outcome(institution: str, what: str, hours: int = 0, *, cause: str = "", fallback: bool = False) -> Outcome:
    settled = AT + timedelta(hours=hours)
    return Outcome(f"{institution}-{hours}", "M-1", institution, "invitation", what, cause, fallback, 1, settled)


def states(*outcomes: Outcome, moved_at: datetime | None = None) -> dict[str, str]:
    found = invitations(("iem", "lm", "vp"), outcomes, moved_at)
    return {one.institution: one.state for one in found}


def test_each_institution_has_its_newest_outcome_and_the_undelivered_stand_first() -> None:
    told = (
        outcome("vp", "sent"),
        outcome("lm", "sent", fallback=True),
        outcome("iem", "sent", 2),
        outcome("iem", "failed", 1, cause="refused"),
    )
    assert states(*told) == states(*reversed(told)) == {"lm": "elsewhere", "iem": "delivered", "vp": "delivered"}
    assert [one.institution for one in invitations(("iem", "lm", "vp"), told)] == ["lm", "iem", "vp"]
    assert states(outcome("vp", "withheld"), outcome("lm", "failed")) == {
        "iem": "unknown",
        "lm": "failed",
        "vp": "withheld",
    }


def test_what_named_an_earlier_time_does_not_count() -> None:
    told = (outcome("vp", "sent"), outcome("lm", "sent"), outcome("lm", "sent", 3))
    moved = states(*told, moved_at=AT + timedelta(hours=2))
    assert moved == {"iem": "unknown", "vp": "unknown", "lm": "delivered"}


def test_only_what_tells_of_a_meetings_time_is_kept() -> None:
    def told(obligation: str, step: str) -> Told:
        return Told(obligation=obligation, code="X", step=step, planned=AT.date(), outcome="sent")

    mail = DeliveryRecorded(
        mail="m", kind="digest", contact="c", member="vp", role="focal_point", outcome="sent", attempts=1,
        planned_at=AT, settled_at=AT, delay_seconds=0,
        told=(
            told("INVITATION/M-1/vp", "INVITATION"),
            told("MEETING/M-2/vp", "MOVED"),
            told("MEETING/M-3/vp", "MEETING-7"),
            told("CANCELLATION/M-4/vp", "CANCELLATION"),
            told("SUBMISSION/2026-Q3/vp", "BEFORE-7"),
            told("INVITATION", "INVITATION"),
        ),
    )  # fmt: skip
    assert [(one.meeting, one.institution) for one in outcomes_of(mail)] == [("M-1", "vp"), ("M-2", "vp")]
