"""Progress as the HTTP interface answers it; fields are only added."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from nrem_plan_tracker.progress.domain import ResultProgress, counts_by_status
from nrem_plan_tracker.progress.reading import PlanProgressKnown
from nrem_shared.contracts.base import LocalizedText
from nrem_shared.contracts.plans import DissentRecorded, VerdictGiven
from nrem_shared.contracts.submissions import Evidence
from nrem_shared.runtime.clock import RIGA


class Answer(BaseModel):
    """Immutable."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class MeasureAnswer(Answer):
    """What one member measured; `reached` null where the indicator has no target to compare with."""

    member: str
    period: str
    to_date: bool | float
    reached: bool | None


class IndicatorAnswer(Answer):
    """An indicator, its target, and what was measured: side by side, never added."""

    code: str
    text: LocalizedText
    target: float | None
    unit: str | None
    measured: list[MeasureAnswer]


class AssessmentAnswer(Answer):
    """A member's latest self-assessment."""

    member: str
    period: str
    status: str
    delayed: bool
    on_behalf_of: str | None
    text: LocalizedText
    evidence: list[Evidence]
    submissions: list[str] = Field(description="The accepted versions that spoke of the result")


class ResultAnswer(Answer):
    """A result: `status` is what is shown first, `self_status` what the members say."""

    result: str
    title: LocalizedText
    status: str | None
    self_status: str | None
    disputed: bool
    final_assessment: str | None
    indicators: list[IndicatorAnswer]
    self_assessments: list[AssessmentAnswer]
    verdicts: list[VerdictGiven] = Field(description="Newest first")
    dissents: list[DissentRecorded]


class ProgressAnswer(Answer):
    """The plan at the end of a quarter's reports, as known on an instant."""

    period: str
    plan: str
    known_on: datetime
    self_assessments: dict[str, dict[str, str]] = Field(description="Result → member → latest self-assessment")
    counts_by_status: dict[str, int] = Field(description="By what members say; `disputed` where they differ")
    completed_without_evidence: int
    unreported_results: list[str]
    illustrative: bool
    results: list[ResultAnswer]


def progress_answer(period: str, known_on: datetime, known: PlanProgressKnown, illustrative: bool) -> ProgressAnswer:
    """The answer about one period."""
    reported = [one for one in known.results if one.assessments]
    return ProgressAnswer(
        period=period,
        plan=known.plan.code,
        known_on=known_on.astimezone(RIGA),
        self_assessments={
            one.result.code: {member: said.status for member, said in one.assessments.items()} for one in reported
        },
        counts_by_status=counts_by_status(known.results),
        completed_without_evidence=known.completed_without_evidence,
        unreported_results=[one.result.code for one in known.results if not one.assessments],
        illustrative=illustrative,
        results=[result_answer(one) for one in known.results],
    )


def result_answer(one: ResultProgress) -> ResultAnswer:
    """The answer about one result."""
    return ResultAnswer(
        result=one.result.code,
        title=one.result.title,
        status=one.status,
        self_status=one.self_status,
        disputed=one.disputed,
        final_assessment=one.result.final_assessment,
        indicators=[
            IndicatorAnswer(
                code=each.code,
                text=each.text,
                target=each.target,
                unit=each.unit,
                measured=[
                    MeasureAnswer(member=m.member, period=m.period, to_date=m.to_date, reached=m.reached)
                    for m in one.measures(each)
                ],
            )
            for each in one.result.indicators
        ],
        self_assessments=[
            AssessmentAnswer(
                member=said.member,
                period=said.period,
                status=said.status,
                delayed=said.progress.delayed,
                on_behalf_of=said.progress.on_behalf_of,
                text=said.progress.text,
                evidence=list(said.evidence),
                submissions=list(said.references),
            )
            for said in one.assessments.values()
        ],
        verdicts=list(one.verdicts),
        dissents=list(one.dissents),
    )
