"""National plans, their verdicts, and what binds beside them. Topic `nrem.plans`.

Streams: `plan/<code>`, `verdict/<plan>/<result>`, `dissent/<plan>/<result>/<institution>`, `recommendation/<code>`,
`legal-deadline/<code>`. Each change carries the whole state.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from nrem_shared.contracts.base import Contract, InstitutionCode, LocalizedText


def _listed(value: object) -> object:
    """None is an empty list; a list is a tuple, which a strict reader asks for once this has looked at it."""
    return () if value is None else tuple(value) if isinstance(value, list) else value


#: A list that a document may leave empty by writing null.
Codes = Annotated[tuple[str, ...], BeforeValidator(_listed)]


class PlanIndicator(Contract):
    """What shows that a result is reached; `yes_no` indicators have no number."""

    code: str
    text: LocalizedText
    target: float | None = None
    unit: str | None = None
    target_derived: bool = False
    responsible: tuple[InstitutionCode, ...] = ()
    co_responsible: tuple[InstitutionCode, ...] = ()


class PlanFunding(Contract):
    """Where the money for a result comes from; a null amount is one that the plan does not name."""

    kind: str
    amount_eur: float | None = None
    note: str | None = None


class PlanResult(Contract):
    """One result of a measure, with the bodies that answer for it and its due dates."""

    code: str
    title: LocalizedText
    indicators: tuple[PlanIndicator, ...] = ()
    responsible: tuple[InstitutionCode, ...] = ()
    co_responsible: tuple[InstitutionCode, ...] = ()
    deadlines: tuple[date, ...] = ()
    final_assessment: str | None = None
    official_code: str | None = None
    responsible_printed: str | None = None
    funding: PlanFunding | None = None
    same_duty_as: str | None = Field(default=None, description="A legal deadline or a result that is the same duty")
    continues_in: Codes = Field(default=(), description="Results of a later plan that carry this one on")
    note: str | None = None
    illustrative: bool = False

    @property
    def bodies(self) -> frozenset[str]:
        """Everybody who is responsible or co-responsible for the result or one of its indicators."""
        parts: tuple[PlanResult | PlanIndicator, ...] = (self, *self.indicators)
        return frozenset(body for part in parts for body in (*part.responsible, *part.co_responsible))


class PlanMeasure(Contract):
    """A measure and its results."""

    code: str
    title: LocalizedText
    results: tuple[PlanResult, ...]


class PlanDirection(Contract):
    """A direction of action and its measures."""

    code: str
    title: LocalizedText
    measures: tuple[PlanMeasure, ...]


class PlanAdopted(Contract):
    """A plan as adopted or last amended."""

    code: str
    title: LocalizedText
    order: LocalizedText | None = None
    adopted: date
    valid_from: date
    valid_to: date
    status: Literal["in_force", "closed"]
    directions: tuple[PlanDirection, ...] = Field(min_length=1)
    illustrative: bool = False
    owner: InstitutionCode | None = None
    evaluation_to_cabinet: date | None = None
    report_noted_by_cabinet: date | None = None
    annual_overview: str | None = Field(default=None, description="Month and day, such as `07-30`")
    policy_indicator: dict[str, Any] | None = None
    funding_total_eur: dict[str, float] = Field(default_factory=dict)
    totals: dict[str, int] = Field(default_factory=dict, description="What the adopted text itself counts")

    @property
    def results(self) -> tuple[PlanResult, ...]:
        """All results in the order of the plan."""
        return tuple(r for d in self.directions for m in d.measures for r in m.results)


class PlanAmended(PlanAdopted):
    """The plan was amended: the whole of it as it reads now."""


ResultStatus = Literal["not_started", "in_progress", "completed", "partially_completed", "not_completed", "cancelled"]


class VerdictEvidence(Contract):
    """What a verdict rests on: an accepted submission (`2026-Q3/vp/1`) and the document it names."""

    submission: str
    ref: str | None = None


class VerdictGiven(Contract):
    """The coordinator's verdict on a result; stands beside the self-assessments and replaces none of them."""

    plan: str
    result: str
    verdict: ResultStatus
    text: LocalizedText
    evidence: VerdictEvidence | None = None
    meeting: str | None = None
    given_at: datetime
    illustrative: bool = False


class DissentRecorded(Contract):
    """A member's or an organisation's differing opinion on a verdict."""

    plan: str
    result: str
    institution: InstitutionCode
    text: LocalizedText
    meeting: str | None = None
    recorded_on: datetime
    illustrative: bool = False


class ResultLink(Contract):
    """A result of a plan that something is linked to."""

    plan: str
    result: str


class RecommendationRecorded(Contract):
    """A recommendation to the state, with the results that answer it. `deadline` = a response is due."""

    code: str
    block: str
    block_title: LocalizedText
    title: LocalizedText
    status: Literal["open", "answered", "closed"] = "open"
    verb: str | None = None
    reference: str | None = None
    paragraph: str | None = None
    verified: str | None = None
    links: tuple[ResultLink, ...] = ()
    links_are: str | None = None
    deadline: date | None = None
    text_source: str | None = None
    response: LocalizedText | None = None


class DeadlineOwner(Contract):
    """Who owes: one institution, or each of a kind; by the role that is written to."""

    institution: InstitutionCode | None = None
    each: str | None = None
    role: str = "coordinator"


class LegalDeadlineSet(Contract):
    """A deadline that law or a standing order sets. `next` = its due dates still to come; `met` = those delivered."""

    code: str
    title: LocalizedText
    kind: Literal["legal", "information"]
    owner: DeadlineOwner | None = None
    rule: dict[str, Any] = Field(default_factory=dict)
    next: tuple[date, ...] = ()
    met: tuple[date, ...] = ()
    policy: str = "default"
    source: str | None = None
    note: str | None = None
    plan_results: tuple[str, ...] = ()
    same_duty_as: tuple[str, ...] = ()


class LegalDeadlineMet(LegalDeadlineSet):
    """What was owed by `due` was delivered on `met_on`."""

    due: date
    met_on: date
