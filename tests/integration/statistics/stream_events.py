"""Events of intake as the statistics service receives them, made from contents or from the demonstration files."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from data_catalogue import QUARTERS, codelists, indicators
from nrem_shared.contracts.base import Contract
from nrem_shared.contracts.periods import PeriodOpened
from nrem_shared.contracts.reference import CodeList, Indicator, ReferenceChanged
from nrem_shared.contracts.submissions import (
    CorrectedFigure,
    SubmissionAccepted,
    SubmissionContent,
    SubmissionReturned,
    SubmissionSubmitted,
    SubmissionWithdrawn,
)
from nrem_shared.runtime.clock import DEMONSTRATION_START
from nrem_shared.runtime.projection.events import Event
from unit.statistics.demonstration import Version, owes, submissions_file, versions

TYPES = {
    SubmissionSubmitted: "nrem.submission.submitted.v1",
    SubmissionAccepted: "nrem.submission.accepted.v1",
    SubmissionReturned: "nrem.submission.returned.v1",
    SubmissionWithdrawn: "nrem.submission.withdrawn.v1",
    PeriodOpened: "nrem.period.opened.v1",
    ReferenceChanged: "nrem.reference.changed.v1",
}
DECISIONS = {"accepted": SubmissionAccepted, "returned": SubmissionReturned, "withdrawn": SubmissionWithdrawn}


def event(subject: str, revision: int, recorded_at: datetime, data: Contract, position: int = 1) -> Event:
    return Event(
        id=f"{subject}@{revision}",
        type=TYPES[type(data)],
        source="/intake",
        subject=subject,
        revision=revision,
        position=position,
        prev=0,
        recorded_at=recorded_at,
        actor="test",
        correlation_id="test",
        data=data,
    )


class Stream:
    """One submission stream that is told step by step; each step gives the event it makes."""

    def __init__(self, period: str, member: str, due: date = date(2026, 4, 15)) -> None:
        self.period, self.member, self.due = period, member, due
        self.version, self.revision = 0, 0
        self.accepted: int | None = None
        self.pending: int | None = None
        self.first: datetime | None = None
        self.nothing = False

    def submit(
        self, at: datetime, content: SubmissionContent, corrected: tuple[CorrectedFigure, ...] = (), late: bool = False
    ) -> Event:
        self.version += 1
        self.pending, self.first = self.version, self.first or at
        self.nothing = content.nothing_to_report
        kind = "first" if self.version == 1 else "correction" if self.accepted else "resubmission"
        return self._event(
            at,
            SubmissionSubmitted(
                **self._state("submitted", late), kind=kind, content=content, corrected_figures=corrected
            ),
        )

    def decide(self, at: datetime, outcome: str, late: bool = False) -> Event:
        self.pending = None
        if outcome == "accepted":
            self.accepted = self.version
        reasons = {"reasons": ()} if outcome == "returned" else {}
        return self._event(at, DECISIONS[outcome](**self._state(outcome, late), **reasons))

    def _state(self, state: str, late: bool) -> dict[str, Any]:
        return {
            "period": self.period,
            "member": self.member,
            "version": self.version,
            "state": state,
            "accepted_version": self.accepted,
            "pending_version": self.pending,
            "first_submitted_at": self.first,
            "late": late,
            "due": self.due,
            "nothing_to_report": self.nothing,
            "illustrative": True,
        }

    def _event(self, at: datetime, data: Contract) -> Event:
        self.revision += 1
        return event(f"submission/{self.period}/{self.member}", self.revision, at, data)


def demonstration_events() -> list[Event]:
    """All submissions of the three demonstration quarters, in the order of their times."""
    events = [one for period in QUARTERS for one in _of_period(period)]
    return sorted(events, key=lambda one: (one.recorded_at, one.subject, one.revision))


def _of_period(period: str) -> list[Event]:
    streams: dict[str, Stream] = {}
    late: dict[str, bool] = {}
    events: list[Event] = []
    for version in versions(period):
        member = version.row.member
        late.setdefault(member, version.row.late)
        due = date.fromisoformat(submissions_file(period)["due"])
        stream = streams.setdefault(member, Stream(period, member, due))
        events += _of_version(stream, version, late[member])
    return events


def _of_version(stream: Stream, version: Version, late: bool) -> list[Event]:
    events = [stream.submit(version.row.submitted_at, version.content, version.row.corrected_figures, late)]
    if version.decided_at is not None and version.outcome is not None:
        events.append(stream.decide(version.decided_at, version.outcome, late))
    return events


def period_events() -> list[Event]:
    """The openings of the demonstration quarters."""
    return [
        event(
            f"period/{period}",
            1,
            DEMONSTRATION_START,
            PeriodOpened(
                code=period,
                due=date.fromisoformat(submissions_file(period)["due"]),
                group="working_group_2025",
                owes=owes(),
                illustrative=True,
            ),
        )
        for period in QUARTERS
    ]


def reference_events() -> list[Event]:
    """Code lists and indicators."""
    items: tuple[CodeList | Indicator, ...] = (*codelists(), *indicators())
    return [
        event(f"reference/{item.kind}/{item.code}", 1, DEMONSTRATION_START, ReferenceChanged(item=item), place)
        for place, item in enumerate(items, 1)
    ]
