"""What a member had accepted for earlier quarters, as far as the form of the next one goes by it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import median

from nrem_shared.contracts.submissions import (
    Activity,
    Challenge,
    FuturePlan,
    Observation,
    PlanProgress,
    SubmissionContent,
    dimension_key,
)

JOINT_PROJECT = "JOINT_PROJECT"

#: So many earlier numbers make a history; a figure is unusual from so many times the usual one, and so much off it.
LEAST_HISTORY, MOST_HISTORY = 2, 8
_TIMES, _OFF = 3, 5

Figure = tuple[str, str]


@dataclass(frozen=True)
class History:
    """Accepted contents, oldest first: (period, content)."""

    quarters: Sequence[tuple[str, SubmissionContent]] = ()

    @cached_property
    def last(self) -> SubmissionContent:
        """The last accepted one; empty where there is none."""
        return self.quarters[-1][1] if self.quarters else SubmissionContent()

    @property
    def last_period(self) -> str:
        """The quarter of the last accepted one; empty where there is none."""
        return self.quarters[-1][0] if self.quarters else ""

    @cached_property
    def plans(self) -> Mapping[str, FuturePlan]:
        """Announced plans that nobody said the end of; with the text and quarter last named."""
        found: dict[str, FuturePlan] = {}
        for _, content in self.quarters:
            for plan in content.future_plans:
                if plan.outcome in (None, "postponed"):
                    known = found.get(plan.code)
                    text = plan.text or (known.text if known else None)
                    found[plan.code] = plan.model_copy(update={"text": text, "outcome": None})
                else:
                    found.pop(plan.code, None)
        return found

    @cached_property
    def challenges(self) -> Mapping[str, Challenge]:
        """Those that did not end."""
        found: dict[str, Challenge] = {}
        for _, content in self.quarters:
            for challenge in content.challenges:
                found[challenge.code] = challenge
        return {code: challenge for code, challenge in found.items() if challenge.state == "open"}

    @cached_property
    def projects(self) -> Mapping[str, Activity]:
        """Project → the last report of it, of joint projects that did not end."""
        found: dict[str, Activity] = {}
        for _, content in self.quarters:
            for activity in content.activities:
                if activity.type == JOINT_PROJECT and activity.project_code:
                    found[activity.project_code] = activity
        return {code: activity for code, activity in found.items() if activity.project_phase != "ended"}

    @cached_property
    def progress(self) -> Mapping[tuple[str, str | None], PlanProgress]:
        """(result, on behalf of) → the last self-assessment."""
        return {
            (item.result, item.on_behalf_of): item for _, content in self.quarters for item in content.plan_progress
        }

    @cached_property
    def codes(self) -> frozenset[str]:
        """Codes of plans and challenges that were ever used: none is given twice."""
        plans = {item.code for _, content in self.quarters for item in content.future_plans}
        return frozenset(plans | {item.code for _, content in self.quarters for item in content.challenges})

    @cached_property
    def figures(self) -> Mapping[Figure, tuple[int, ...]]:
        """The numbers reported for a figure, oldest first; quarters without a number are left out."""
        found: dict[Figure, list[int]] = {}
        for _, content in self.quarters:
            for item in content.observations:
                if item.value is not None:
                    found.setdefault(figure_of(item), []).append(item.value)
        return {figure: tuple(numbers[-MOST_HISTORY:]) for figure, numbers in found.items()}

    @cached_property
    def last_figures(self) -> Mapping[Figure, Observation]:
        """Those of the last accepted quarter."""
        return {figure_of(item): item for item in self.last.observations}

    def unusual(self, figure: Figure, value: int) -> int | None:
        """The usual number (the median), where `value` is far from it; null where it is not, or nobody can say."""
        numbers = self.figures.get(figure, ())
        if len(numbers) < LEAST_HISTORY:
            return None
        usual = round(median(numbers))
        far = value > _TIMES * usual or value * _TIMES < usual
        return usual if far and abs(value - usual) >= _OFF else None


def figure_of(item: Observation) -> Figure:
    """Indicator and dimension key."""
    return (item.indicator, dimension_key(item.dimensions))
