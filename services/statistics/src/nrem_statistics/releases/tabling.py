"""From a compiled quarter to the tables of a release: pure, with the words for codes as they are now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from nrem_shared.contracts.base import LocalizedText
from nrem_shared.contracts.reference import Indicator
from nrem_shared.contracts.releases import (
    Combination,
    Measure,
    ReleasedDimension,
    ReleasedFigure,
    ReleasedTable,
    ReleasedValue,
)
from nrem_statistics.observations.domain import ObservationRow
from nrem_statistics.quarters.activities import ActivityFigures, FundingFigures
from nrem_statistics.quarters.domain import Quarter
from nrem_statistics.quarters.indicators import ORGANISATION, IndicatorFigures, Reference
from nrem_statistics.quarters.revisions import RevisedValue
from nrem_statistics.quarters.totals import Figure
from nrem_statistics.quarters.victims import FORM, ROUTE, STATUS, RouteFormCell, VictimFigures

#: Money is counted in whole cents, so that no amount is a fraction.
CENTS = "eur_cent"

#: Indicators worked out from activities → the figure they are.
_COUNTS = {
    "ACT_CAMPAIGN": "campaigns",
    "ACT_TRAINING": "trainings",
    "TRAIN_PARTICIPANTS": "training_participants",
    "ACT_JOINT_STARTED": "joint_projects_started",
    "ACT_JOINT_RUNNING": "joint_projects_running",
    "ACT_LEGISLATIVE": "legislative_initiatives",
    "ACT_MATERIAL": "materials",
    "ACT_EVENT": "events",
    "ACT_RESEARCH": "research",
    "ACT_REPRESENTATION": "representations",
}
_FIRST_CONTACT = "TRAIN_FIRST_CONTACT"
_FUNDING = "FUND_SPENT"


def value_of(one: Figure | RouteFormCell | RevisedValue | ObservationRow) -> ReleasedValue:
    """A figure as it is released: a number, or the kind of empty that explains most."""
    incomplete = getattr(one, "incomplete", False)
    if one.value is not None:
        return ReleasedValue(value=one.value, incomplete=incomplete)
    if isinstance(one, RevisedValue | ObservationRow):
        return ReleasedValue(value=None, empty="not_applicable" if one.empty == "not_applicable" else "unknown")
    if one.unknown:
        return ReleasedValue(value=None, empty="unknown", incomplete=incomplete)
    absent = getattr(one, "not_reported", 0)
    return ReleasedValue(
        value=None,
        empty="not_applicable" if one.not_applicable and not absent else "not_reported",
        incomplete=incomplete,
    )


def tables_of(quarter: Quarter, reference: Reference) -> tuple[ReleasedTable, ...]:
    """Every indicator of the quarter as one table; the members' own figures are not the group's and are in none."""
    tabling = _Tabling(reference)
    victims = quarter.victims
    tables = []
    if victims is not None:
        tables.append(tabling.victims(quarter.indicators[victims.indicator], victims, quarter.cells_route_form))
    combined = {victims.indicator, victims.overlap_indicator} if victims else set()
    tables += [
        tabling.observed(one) for code, one in quarter.indicators.items() if one.in_force and code not in combined
    ]
    tables += tabling.activities(quarter.activities)
    tables += tabling.funding(quarter.funding_eur)
    return tuple(tables)


class _Tabling:
    def __init__(self, reference: Reference) -> None:
        self._reference = reference

    def victims(
        self, registered: IndicatorFigures, victims: VictimFigures, cells: Iterable[RouteFormCell]
    ) -> ReleasedTable:
        """Two routes: the sum, what is on both, and the total without repetitions, also by status."""
        figures = [
            _figure("sum_of_routes", victims.sum_of_routes),
            _figure("on_both_routes", victims.on_both_routes),
            _figure("deduplicated", victims.deduplicated),
            *(_figure("deduplicated", one, {STATUS: code}) for code, one in victims.deduplicated_by_status.items()),
            *_breakdowns("reported", registered.by),
            *(
                _figure("reported", cell, {ROUTE: cell.registering_route, FORM: cell.form_of_exploitation})
                for cell in cells
            ),
        ]
        indicator = self._reference.indicators[victims.indicator]
        return self._table(indicator, "routes", figures, overlap=victims.overlap_indicator)

    def observed(self, one: IndicatorFigures) -> ReleasedTable:
        """An indicator that members report: its total where there is one, else the sum of reports, and breakdowns."""
        whole = _figure("total", one.total) if one.total is not None else _figure("reported", one.sum_of_reports)
        indicator = self._reference.indicators[one.indicator]
        combination: Combination = "sum" if one.additive else "not_additive"
        return self._table(indicator, combination, [whole, *_breakdowns("reported", one.by)])

    def activities(self, done: ActivityFigures) -> Iterator[ReleasedTable]:
        """Indicators worked out from activities; those the reference data does not hold are left out."""
        for code, name in _COUNTS.items():
            if indicator := self._reference.indicators.get(code):
                by = {"audience": done.by_audience.get(name, {})}
                figures = [_figure("total", getattr(done, name)), *_breakdowns("reported", by)]
                yield self._table(indicator, "sum", figures, "activities")
        if indicator := self._reference.indicators.get(_FIRST_CONTACT):
            figures = list(_breakdowns("reported", {"institution_kind": done.first_contact_trained}))
            yield self._table(indicator, "sum", figures, "activities")

    def funding(self, money: FundingFigures) -> Iterator[ReleasedTable]:
        """Money in whole cents, by source and by purpose."""
        indicator = self._reference.indicators.get(_FUNDING)
        if indicator is None:
            return
        cents = {
            "funding_source": {code: int(amount * 100) for code, amount in money.source.items()},
            "funding_purpose": {code: int(amount * 100) for code, amount in money.purpose.items()},
        }
        total = None if money.total is None else int(money.total * 100)
        figures = [
            ReleasedFigure(measure="total", value=total, empty="not_reported" if total is None else None),
            *(
                ReleasedFigure(measure="reported", dimensions={dimension: code}, value=amount)
                for dimension, amounts in cents.items()
                for code, amount in amounts.items()
            ),
        ]
        yield self._table(indicator, "sum", figures, "funding", unit=CENTS)

    def _table(
        self,
        indicator: Indicator,
        combination: Combination,
        figures: list[ReleasedFigure],
        source: str = "observations",
        overlap: str | None = None,
        unit: str | None = None,
    ) -> ReleasedTable:
        return ReleasedTable.model_validate(
            {
                "indicator": indicator.code,
                "title": indicator.title,
                "source": source,
                "unit": unit or indicator.unit,
                "unit_label": self._words("unit", indicator.unit),
                "combination": combination,
                "overlap_indicator": overlap,
                "why": indicator.why,
                "dimensions": tuple(self._dimensions(indicator, figures)),
                "figures": tuple(figures),
            }
        )

    def _dimensions(self, indicator: Indicator, figures: Iterable[ReleasedFigure]) -> Iterator[ReleasedDimension]:
        """Those that figures are broken down by, a derived group after the dimension it is derived from."""
        named = {name: {one.dimensions[name] for one in figures if name in one.dimensions} for name in _names(figures)}
        order = [name for base in indicator.dimensions for name in (base, f"{base}_group")]
        for name in sorted(named, key=lambda one: (order.index(one) if one in order else len(order), one)):
            code_list = indicator.list_of(name)
            known = self._reference.code_lists.get(code_list)
            yield ReleasedDimension(
                code=name,
                title=known.title if known else LocalizedText(lv=name, en=name),
                codes={code: self._words(code_list, code) for code in sorted(named[name])},
            )

    def _words(self, code_list: str, code: str) -> LocalizedText:
        known = self._reference.code_lists.get(code_list)
        labels = {one.code: one.label for one in known.codes} if known else {}
        return labels.get(code, LocalizedText(lv=code))


def _names(figures: Iterable[ReleasedFigure]) -> set[str]:
    return {name for one in figures for name in one.dimensions}


def _figure(
    measure: Measure, one: Figure | RouteFormCell, dimensions: Mapping[str, str] | None = None
) -> ReleasedFigure:
    return ReleasedFigure(measure=measure, dimensions=dict(dimensions or {}), **value_of(one).model_dump())


def _breakdowns(measure: Measure, by: Mapping[str, Mapping[str, Figure]]) -> Iterator[ReleasedFigure]:
    for dimension, figures in by.items():
        if dimension != ORGANISATION:
            for code, one in figures.items():
                yield _figure(measure, one, {dimension: code})
