"""Challenges keep their code, future plans refer to theirs: one line per code, over all quarters. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from nrem_plan_tracker.submissions.domain import Entry
from nrem_shared.contracts.base import LocalizedText


@dataclass(frozen=True, slots=True)
class ChallengeCourse:
    """A challenge from its first report to its last; `ended` where the last one says so."""

    code: str
    member: str
    text: LocalizedText
    first: str
    last: str
    ended: bool


@dataclass(frozen=True, slots=True)
class FuturePlanCourse:
    """A plan as announced and what became of it: `outcome` null = not said yet; `open_since` = its quarter has ended
    without an outcome."""

    code: str
    member: str
    text: LocalizedText
    announced: str
    planned_for: str | None
    outcome: str | None
    said_in: str | None

    def open_since(self, period: str) -> bool:
        """Whether the quarter it was planned for lies before `period` and nothing was said."""
        undecided = self.outcome in (None, "postponed")
        return undecided and self.planned_for is not None and self.planned_for < period


def challenges_of(entries: Iterable[Entry]) -> tuple[ChallengeCourse, ...]:
    """By member and code. Entries of versions in force, in the order of their periods."""
    found: dict[tuple[str, str], ChallengeCourse] = {}
    for entry in entries:
        key = (entry.member, entry.code)
        found[key] = ChallengeCourse(
            code=entry.code,
            member=entry.member,
            text=LocalizedText.model_validate(entry.item["text"]),
            first=found[key].first if key in found else entry.period,
            last=entry.period,
            ended=entry.item["state"] == "ended",
        )
    return tuple(found[key] for key in sorted(found))


def future_plans_of(entries: Iterable[Entry]) -> tuple[FuturePlanCourse, ...]:
    """By member and code; an outcome for a plan that nobody announced is passed over."""
    found: dict[tuple[str, str], FuturePlanCourse] = {}
    for entry in entries:
        key, item = (entry.member, entry.code), entry.item
        before = found.get(key)
        if item.get("text"):
            text, announced = LocalizedText.model_validate(item["text"]), before.announced if before else entry.period
        elif before:
            text, announced = before.text, before.announced
        else:
            continue
        outcome = item.get("outcome")
        found[key] = FuturePlanCourse(
            code=entry.code,
            member=entry.member,
            text=text,
            announced=announced,
            planned_for=item.get("planned_for") or (before.planned_for if before else None),
            outcome=outcome,
            said_in=entry.period if outcome else None,
        )
    return tuple(found[key] for key in sorted(found))
