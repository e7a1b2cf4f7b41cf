"""Where each result stands, as known on an instant: self-assessments, measures, verdict, dissents. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from nrem_plan_tracker.submissions.domain import Entry
from nrem_shared.contracts.plans import DissentRecorded, PlanIndicator, PlanResult, VerdictGiven
from nrem_shared.contracts.submissions import Evidence, Measured, PlanProgress

#: Members differ about a result: it is shown so, never averaged.
DISPUTED = "disputed"

#: The scale as it is read: how far a result came, what was given up, what is not agreed.
_SCALE = (
    "completed", "partially_completed", "in_progress", "not_started", "not_completed", "cancelled", DISPUTED,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Assessment:
    """A member's latest self-assessment of a result; `references` are all its versions that spoke of the result."""

    member: str
    period: str
    status: str
    progress: PlanProgress
    references: tuple[str, ...]

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """What the member points to."""
        return self.progress.evidence

    @property
    def measured(self) -> tuple[Measured, ...]:
        """Where the indicators stand, by this member."""
        return self.progress.measured


@dataclass(frozen=True, slots=True)
class Measure:
    """What one member measured of an indicator; `reached` compares it with the target, null where there is none."""

    member: str
    period: str
    to_date: bool | float
    reached: bool | None


@dataclass(frozen=True, slots=True)
class ResultProgress:
    """A result and everything said about it. `verdicts` newest first; `dissents` in alphabetical order."""

    result: PlanResult
    assessments: Mapping[str, Assessment]
    verdicts: tuple[VerdictGiven, ...]
    dissents: tuple[DissentRecorded, ...]

    @property
    def self_status(self) -> str | None:
        """What the members say: their common status, `disputed` where they differ, null where nobody reported."""
        said = {one.status for one in self.assessments.values()}
        return None if not said else said.pop() if len(said) == 1 else DISPUTED

    @property
    def verdict(self) -> VerdictGiven | None:
        """The verdict in force."""
        return self.verdicts[0] if self.verdicts else None

    @property
    def status(self) -> str | None:
        """What is shown first: the final assessment of a closed plan, else the verdict, else what the members say."""
        if self.result.final_assessment is not None:
            return self.result.final_assessment
        return self.verdict.verdict if self.verdict else self.self_status

    @property
    def disputed(self) -> bool:
        """Whether members differ, or somebody dissents from the verdict."""
        return self.self_status == DISPUTED or bool(self.dissents)

    def overdue(self, today: date) -> bool:
        """Whether the last of its due dates has passed while it is not finished."""
        finished = {"completed", "cancelled"}
        return bool(self.result.deadlines) and max(self.result.deadlines) < today and self.status not in finished

    def measures(self, indicator: PlanIndicator) -> tuple[Measure, ...]:
        """What each member measured of an indicator; several are shown side by side, never added."""
        return tuple(
            Measure(one.member, one.period, each.to_date, reached(indicator, each.to_date))
            for one in self.assessments.values()
            for each in one.measured
            if each.indicator == indicator.code
        )


def reached(indicator: PlanIndicator, to_date: bool | float) -> bool | None:
    """Whether a measure reaches the target; a yes is one, no target and a number is neither."""
    if isinstance(to_date, bool):
        return to_date
    return None if indicator.target is None else to_date >= indicator.target


def assessments_of(entries: Iterable[Entry]) -> dict[str, dict[str, Assessment]]:
    """Result → member → latest self-assessment. Entries of versions in force, in the order of their periods."""
    latest: dict[str, dict[str, Assessment]] = {}
    for entry in entries:
        progress = PlanProgress.model_validate(entry.item)
        members = latest.setdefault(progress.result, {})
        before = members.get(entry.member)
        earlier = before.references if before else ()
        references = earlier if entry.reference in earlier else (*earlier, entry.reference)
        members[entry.member] = Assessment(entry.member, entry.period, progress.status, progress, references)
    return {result: dict(sorted(members.items())) for result, members in latest.items()}


def completed_without_evidence(entries: Iterable[Entry]) -> int:
    """How many entries say `completed` and point to nothing."""
    return sum(entry.item["status"] == "completed" and not entry.item.get("evidence") for entry in entries)


def progress_of(
    results: Sequence[PlanResult],
    assessments: Mapping[str, Mapping[str, Assessment]],
    verdicts: Sequence[VerdictGiven],
    dissents: Sequence[DissentRecorded],
) -> tuple[ResultProgress, ...]:
    """Each result in the plan's order. `verdicts` and `dissents` oldest first; the newest dissent counts."""
    return tuple(
        ResultProgress(
            result,
            assessments.get(result.code, {}),
            tuple(one for one in reversed(verdicts) if one.result == result.code),
            tuple({one.institution: one for one in dissents if one.result == result.code}.values()),
        )
        for result in results
    )


def counts_by_status(progress: Iterable[ResultProgress]) -> dict[str, int]:
    """Status → number of results, by what the members say; unreported ones are in none."""
    counted = Counter(one.self_status for one in progress if one.self_status is not None)
    return _in_order(counted)


def final_counts(results: Iterable[PlanResult]) -> dict[str, int]:
    """Final assessment → number of results of a closed plan."""
    return _in_order(Counter(one.final_assessment for one in results if one.final_assessment is not None))


def _in_order(counted: Counter[str]) -> dict[str, int]:
    """By the scale; what it does not know stands at the end."""
    known = {status: place for place, status in enumerate(_SCALE)}
    return dict(sorted(counted.items(), key=lambda item: (known.get(item[0], len(known)), item[0])))
