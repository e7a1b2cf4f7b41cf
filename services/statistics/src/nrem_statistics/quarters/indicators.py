"""Totals of each reported indicator, with a breakdown by every dimension, derived group and member."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from pydantic import Field

from nrem_shared.contracts.base import LocalizedText
from nrem_shared.contracts.reference import CodeList, Indicator
from nrem_statistics.answer import Answer
from nrem_statistics.quarters.reports import Cell, Reports
from nrem_statistics.quarters.totals import Figure, merge, merge_by

#: The breakdown by the member that reported.
ORGANISATION = "organisation"


class IndicatorFigures(Answer):
    """One indicator in one quarter.

    `sum_of_reports` adds up what the members reported. It is a `total` only where the indicator may be added up
    across reporters, or one member alone reported; else `total` is null and `why` says why.
    """

    indicator: str
    title: LocalizedText
    unit: str
    measure: str = Field(description="flow: adds up over quarters; stock: the last quarter counts")
    in_force: bool = Field(description="The indicator may be used for this period (`valid_from`)")
    additive: bool = Field(description="Figures of several reporters may be added up")
    why: LocalizedText | None = None
    total: Figure | None
    sum_of_reports: Figure
    by: dict[str, dict[str, Figure]] = Field(
        description="Dimension → code → figure; also derived groups and `organisation` (the reporting member)"
    )
    not_reported_by: tuple[str, ...] = Field(description="Members that report this and have no version in force")


@dataclass(frozen=True, slots=True)
class Reference:
    """Reference data as known on the instant asked about."""

    indicators: Mapping[str, Indicator]
    code_lists: Mapping[str, CodeList]
    _groups: dict[str, Mapping[str, str] | None] = field(default_factory=dict, repr=False, compare=False)

    def reported(self) -> tuple[Indicator, ...]:
        """Indicators that members report as observations, not those derived from their activities."""
        return tuple(one for _, one in sorted(self.indicators.items()) if not one.derived_from)

    def groups_of(self, code_list: str) -> Mapping[str, str] | None:
        """Code → group, for a list with a group column and a list of groups (`citizenship` → `citizenship_group`)."""
        if code_list not in self._groups:
            self._groups[code_list] = self._read_groups(code_list)
        return self._groups[code_list]

    def _read_groups(self, code_list: str) -> Mapping[str, str] | None:
        if f"{code_list}_group" not in self.code_lists or code_list not in self.code_lists:
            return None
        return {
            entry.code: str(entry.attributes["group"])
            for entry in self.code_lists[code_list].codes
            if entry.attributes.get("group")
        }


@dataclass(frozen=True, slots=True)
class Reporting:
    """Whose figures are added up: who owes a submission, and who has a version in force."""

    period_end: date
    owes: frozenset[str]
    in_force: frozenset[str]

    def not_reported_by(self, indicator: Indicator) -> tuple[str, ...]:
        """Reporters of the indicator that owe a submission and have no version in force."""
        if not self.valid(indicator):
            return ()
        reporters = self.owes if indicator.reported_by == "all" else self.owes & frozenset(indicator.reported_by)
        return tuple(sorted(reporters - self.in_force))

    def valid(self, indicator: Indicator) -> bool:
        """Whether the indicator may be used: the period ends on or after its `valid_from`."""
        return indicator.valid_from is None or indicator.valid_from <= self.period_end


def indicator_figures(
    indicator: Indicator, reports: Reports, reference: Reference, reporting: Reporting
) -> IndicatorFigures:
    """Compile one indicator from what the versions in force report of it."""
    missing = reporting.not_reported_by(indicator)
    total = merge(reports.by_member.values()).figure(len(missing))
    additive = indicator.across_reporters == "sum"
    alone = sum(tally.numbers > 0 for tally in reports.by_member.values()) <= 1
    return IndicatorFigures(
        indicator=indicator.code,
        title=indicator.title,
        unit=indicator.unit,
        measure=indicator.measure,
        in_force=reporting.valid(indicator),
        additive=additive,
        why=indicator.why,
        total=total if additive or alone else None,
        sum_of_reports=total,
        by=_breakdowns(indicator, reports, reference),
        not_reported_by=missing,
    )


def _breakdowns(indicator: Indicator, reports: Reports, reference: Reference) -> dict[str, dict[str, Figure]]:
    cells = tuple(reports.cells)
    by = {name: merge_by((cell.dimensions.get(name), cell.tally) for cell in cells) for name in indicator.dimensions}
    for name in indicator.dimensions:
        groups = reference.groups_of(indicator.list_of(name))
        if groups is not None and _all_mapped(cells, name, groups):
            by[f"{name}_group"] = merge_by((groups.get(cell.dimensions[name]), cell.tally) for cell in cells)
    by[ORGANISATION] = merge_by(reports.by_member.items())
    return by


def _all_mapped(cells: Iterable[Cell], dimension: str, groups: Mapping[str, str]) -> bool:
    """A breakdown that leaves cells out would not add up to its total, so there is none then."""
    return all(cell.dimensions.get(dimension) in groups for cell in cells)
