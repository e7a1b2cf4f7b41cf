"""National plans. Stream `plan/<code>`; each change carries the whole plan."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from nrem_shared.contracts.base import Contract, InstitutionCode, LocalizedText


class PlanIndicator(Contract):
    """What shows that a result is reached; `yes_no` indicators have no number."""

    code: str
    text: LocalizedText
    target: float | None = None
    unit: str | None = None
    responsible: tuple[InstitutionCode, ...] = ()
    co_responsible: tuple[InstitutionCode, ...] = ()


class PlanResult(Contract):
    """One result of a measure, with the bodies that answer for it and its due dates."""

    code: str
    title: LocalizedText
    indicators: tuple[PlanIndicator, ...] = ()
    responsible: tuple[InstitutionCode, ...] = ()
    co_responsible: tuple[InstitutionCode, ...] = ()
    deadlines: tuple[date, ...] = ()
    final_assessment: str | None = None

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

    @property
    def results(self) -> tuple[PlanResult, ...]:
        """All results in the order of the plan."""
        return tuple(r for d in self.directions for m in d.measures for r in m.results)
