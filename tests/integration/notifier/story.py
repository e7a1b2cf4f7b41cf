"""The worked cases told as facts: what the other services would have journalled, and when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from integration.notifier.stage import Stage
from nrem_shared.contracts.base import Contract, LocalizedText
from nrem_shared.contracts.meetings import MeetingHeld, MeetingMoved, MeetingScheduled, TaskAssigned
from nrem_shared.contracts.periods import PeriodOpened
from nrem_shared.contracts.plans import DeadlineOwner, LegalDeadlineMet, LegalDeadlineSet
from nrem_shared.contracts.submissions import SubmissionContent, SubmissionReturned, SubmissionSubmitted
from nrem_shared.runtime.clock import RIGA
from unit.notifier.golden import Case

Told = tuple[datetime, str, Contract]
TITLE = LocalizedText(lv="Nosaukums", en="Title")
#: The quarter of the tests that tell facts one by one.
PERIOD, DUE = "2026-Q3", date(2026, 10, 15)


def story(case: Case) -> list[Told]:
    """(when, stream, fact) in the order of time."""
    return sorted((told for fact in case.facts for told in _facts(fact, case)), key=lambda told: (told[0], told[1]))


def keys(case: Case) -> dict[str, str]:
    """Obligation of the case → its key."""
    found = {}
    for fact in case.facts:
        code, member = fact["obligation"], fact["member"]
        about = fact.get("period")
        found[code] = {
            "QUARTER": f"QUARTER/{about}/{member}",
            "REVIEW": f"REVIEW/{about}/{member}/1",
            "RESUBMIT": f"RESUBMIT/{about}/{member}/1",
            "MEETING": f"MEETING/M-{about}/{member}",
            "TASK": f"TASK/{fact.get('task')}",
            "ART19A_LATEST": f"ART19A_LATEST/{fact['due']}",
        }[code]
    return found


def _facts(fact: dict[str, Any], case: Case) -> Iterator[Told]:
    code, member, opened, due = fact["obligation"], fact["member"], _at(fact["opened"]), date.fromisoformat(fact["due"])
    met = datetime.fromisoformat(fact["met"]).astimezone(UTC) if "met" in fact else None
    period = fact.get("period", "2026-Q4")
    if code == "QUARTER":
        yield opened, f"period/{period}", PeriodOpened(code=period, due=due, group="working_group_2025", owes=(member,))
        if met:
            yield met, f"submission/{period}/{member}", submitted(period, member, due, 1, met)
    elif code == "RESUBMIT":
        review = next((one for one in case.facts if one["obligation"] == "REVIEW"), None)
        returned_at = datetime.fromisoformat(review["met"]) if review else _at(fact["opened"])
        if review is None:
            first = opened - timedelta(hours=3)
            yield first, f"submission/{period}/{member}", submitted(period, member, due, 1, first)
        yield returned_at.astimezone(UTC), f"submission/{period}/{member}", returned(period, member, due, 1)
        if met:
            yield met, f"submission/{period}/{member}", submitted(period, member, due, 2, met)
    elif code == "MEETING":
        yield from _meeting(fact, member, opened, due, met, period)
    elif code == "TASK":
        task = TaskAssigned(
            code=fact["task"], meeting="M-2026-Q2", decision="D-2026-04", owner=member, text=TITLE,
            assigned_on=opened.astimezone(RIGA).date(), due=due, first_due=due, state="open",
        )  # fmt: skip
        yield opened, f"task/{fact['task']}", task
    elif code == "ART19A_LATEST":
        whole = {"code": code, "title": TITLE, "kind": "legal", "owner": DeadlineOwner(institution="iem"),
                 "rule": {"kind": "yearly", "month": 12, "day": 31}}  # fmt: skip
        yield opened, f"legal-deadline/{code}", LegalDeadlineSet(**whole, next=(due,))
        if met:
            delivered = LegalDeadlineMet(**whole, met=(due,), due=due, met_on=met.date())
            yield met, f"legal-deadline/{code}", delivered


def _meeting(
    fact: dict[str, Any], member: str, opened: datetime, due: date, met: datetime | None, period: str
) -> Iterator[Told]:
    stream = f"meeting/M-{period}"
    starts = datetime.combine(due, time(10), RIGA)
    whole: dict[str, Any] = {"code": f"M-{period}", "about": period, "invited": (member,)}
    yield opened, stream, MeetingScheduled(**whole, state="scheduled", starts_at=starts)
    if "moved" in fact:
        to = datetime.combine(date.fromisoformat(fact["moved"]["due"]), time(10), RIGA)
        moved_at = datetime.fromisoformat(fact["moved"]["at"]).astimezone(UTC)
        yield moved_at, stream, MeetingMoved(**whole, state="scheduled", starts_at=to, sequence=1, moved_from=starts)
        starts = to
    if met:
        drafted = starts.date() + timedelta(14)
        held = MeetingHeld(
            **whole,
            state="held",
            starts_at=starts,
            sequence=1,
            attendance=(),
            minutes_due=drafted,
        )
        yield met, stream, held


def submitted(period: str, member: str, due: date, version: int, at: datetime) -> SubmissionSubmitted:
    return SubmissionSubmitted(
        period=period, member=member, version=version, state="submitted", accepted_version=None,
        pending_version=version, first_submitted_at=at, late=False, due=due, nothing_to_report=True,
        kind="first" if version == 1 else "resubmission", content=SubmissionContent(nothing_to_report=True),
    )  # fmt: skip


def returned(period: str, member: str, due: date, version: int) -> SubmissionReturned:
    return SubmissionReturned(
        period=period, member=member, version=version, state="returned", accepted_version=None, pending_version=None,
        first_submitted_at=datetime(2026, 1, 1, tzinfo=UTC), late=False, due=due, nothing_to_report=True, reasons=(),
    )  # fmt: skip


def _at(day: str) -> datetime:
    """In the middle of the day: after the hour digests leave."""
    return datetime.combine(date.fromisoformat(day), time(12), RIGA).astimezone(UTC)


def at(day: str, hour: int = 8, minute: int = 0) -> datetime:
    return datetime.combine(date.fromisoformat(day), time(hour, minute), RIGA).astimezone(UTC)


async def opened(stage: Stage, *members: str) -> None:
    """A quarter that these members owe a submission for."""
    fact = PeriodOpened(code=PERIOD, due=DUE, group="working_group_2025", owes=members, illustrative=True)
    await stage.tell(f"period/{PERIOD}", fact, at("2026-07-01"))
