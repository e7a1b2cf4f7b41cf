"""What in the coordinator's queue needs attention, and in which order. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, get_args

#: How a member's report for a period stands for whoever reviews it.
#:
#: `new` waits and was never looked at; `changed` waits and is another than was looked at; `waiting` was looked at and
#: not decided; `missing` is owed and overdue; `due` is owed once the quarter has ended; `not_due` before that.
State = Literal["new", "changed", "waiting", "missing", "returned", "due", "accepted", "not_due"]

#: What the queue can be narrowed to: one state, or `attention` (nothing settled, nothing that is not due), `late`
#: (first submitted after the due date then in force), `all`.
Filter = Literal["attention", "new", "changed", "waiting", "late", "missing", "returned", "accepted", "all"]
FILTERS: tuple[Filter, ...] = get_args(Filter)

_PENDING = ("new", "changed", "waiting")
_ORDER: tuple[State, ...] = ("new", "changed", "waiting", "missing", "returned", "due", "accepted", "not_due")


@dataclass(frozen=True, slots=True)
class Standing:
    """How one member's report for one period stands, and what the reader saw of it last (`seen_…` null = nothing).

    `revision` 0 = nothing was ever submitted. `due` is the member's due date in force; `asked_until` an extension that
    waits for a decision. `last_side` said the last of `remarks` remarks.
    """

    period: str
    member: str
    due: date
    ends: date
    illustrative: bool = False
    closed: bool = False
    revision: int = 0
    version: int | None = None
    state: str | None = None
    accepted_version: int | None = None
    pending_version: int | None = None
    kind: str | None = None
    nothing_to_report: bool = False
    late: bool = False
    on_behalf: bool = False
    changed_at: datetime | None = None
    extended_until: date | None = None
    asked_until: date | None = None
    remarks: int = 0
    last_side: str | None = None
    seen_revision: int | None = None
    seen_remarks: int | None = None

    @property
    def answered(self) -> bool:
        """Whether the member said something that the reader has not read."""
        return self.last_side == "member" and self.remarks > (self.seen_remarks or 0)

    @property
    def acceptable_together(self) -> bool:
        """Whether it can be accepted unread together with others: it waits, and says nothing to report."""
        return self.pending_version is not None and self.nothing_to_report


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the queue; `overdue` in days, 0 where it is not."""

    standing: Standing
    state: State
    overdue: int


def line_of(standing: Standing, today: date) -> Line:
    """How it stands on `today`."""
    state = _state(standing, today)
    overdue = (today - standing.due).days if state in ("missing", "returned") else 0
    return Line(standing, state, max(overdue, 0))


def queue(standings: Iterable[Standing], today: date, wanted: Filter) -> tuple[Line, ...]:
    """What is wanted, most urgent first: undecided, the longest waiting first; then what is missing the longest."""
    lines = (line_of(standing, today) for standing in standings)
    return tuple(sorted((line for line in lines if _is_wanted(line, wanted)), key=_rank))


def counts(standings: Iterable[Standing], today: date) -> dict[Filter, int]:
    """How many lines each filter shows."""
    lines = [line_of(standing, today) for standing in standings]
    return {wanted: sum(1 for line in lines if _is_wanted(line, wanted)) for wanted in FILTERS}


def _state(one: Standing, today: date) -> State:
    if one.pending_version is not None:
        if one.seen_revision is None:
            return "new"
        return "changed" if one.revision > one.seen_revision else "waiting"
    if one.state == "returned":
        return "returned"
    if one.accepted_version is not None:
        return "accepted"
    if today > one.due:
        return "missing"
    return "due" if today > one.ends else "not_due"


def _is_wanted(line: Line, wanted: Filter) -> bool:
    if wanted == "all":
        return True
    if wanted == "late":
        return line.standing.late
    if wanted == "attention":
        one = line.standing
        settled = line.state in ("accepted", "due", "not_due") or (line.state == "missing" and one.closed)
        return not settled or one.answered or one.asked_until is not None
    return line.state == wanted


def _rank(line: Line) -> tuple[object, ...]:
    one = line.standing
    asks = one.answered or one.asked_until is not None
    if line.state in _PENDING:
        return (0, one.changed_at, one.period, one.member)
    return (1 if asks else 2 + _ORDER.index(line.state), -line.overdue, one.period, one.member)
