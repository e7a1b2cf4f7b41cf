"""Registered victims: two routes that overlap, added up only after the overlap is taken off.

Which indicators these are is read from the indicators' own data: one that must not be added up across reporters, and
one that counts a part of it (`part_of` the same member's) in the same dimensions but for the route.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from pydantic import Field

from nrem_shared.contracts.base import LocalizedText
from nrem_shared.contracts.reference import Indicator
from nrem_statistics.answer import Answer
from nrem_statistics.quarters.indicators import ORGANISATION, IndicatorFigures
from nrem_statistics.quarters.reports import Reports
from nrem_statistics.quarters.totals import Figure, deduct, merge_by

ROUTE = "registering_route"
STATUS = "victim_status"
FORM = "form_of_exploitation"
NO_OVERLAP = Figure(value=0, incomplete=False)


class Overlap(NamedTuple):
    """An indicator counted by several routes, and the one that counts what is on both of them."""

    registered: Indicator
    on_both: Indicator


class RouteFormCell(Answer):
    """One cell of the table route × form of exploitation."""

    registering_route: str
    form_of_exploitation: str
    value: int | None
    small: bool = Field(description="Above zero and below the threshold for small cells: may point at a person")
    unknown: int = 0
    not_applicable: int = 0


class VictimFigures(Answer):
    """Victims registered for the first time in the quarter; breakdowns other than `deduplicated*` add both routes."""

    indicator: str
    overlap_indicator: str
    why: LocalizedText | None
    by_route: dict[str, Figure]
    sum_of_routes: Figure = Field(description="Registrations on both routes; a person on both is in it twice")
    on_both_routes: Figure = Field(description="Persons also registered on the other route")
    deduplicated: Figure = Field(description="sum_of_routes − on_both_routes; null where no overlap was reported")
    deduplicated_by_status: dict[str, Figure]
    by_status: dict[str, Figure]
    by_form: dict[str, Figure]
    by_sex: dict[str, Figure]
    by_age_group: dict[str, Figure]
    by_citizenship_group: dict[str, Figure]
    by_organisation: dict[str, Figure]


def find_overlap(indicators: Mapping[str, Indicator]) -> Overlap | None:
    """The indicator of registered victims and that of its overlap; null while the reference data lacks them."""
    for _, part in sorted(indicators.items()):
        whole = indicators.get(part.part_of.indicator or "") if part.part_of and part.part_of.same_member else None
        if whole is None or whole.across_reporters == "sum":
            continue
        if ROUTE in whole.dimensions and set(part.dimensions) == set(whole.dimensions) - {ROUTE}:
            return Overlap(whole, part)
    return None


def victim_figures(registered: IndicatorFigures, on_both: IndicatorFigures) -> VictimFigures:
    """Combine the figures of both indicators as their rules say."""
    return VictimFigures(
        indicator=registered.indicator,
        overlap_indicator=on_both.indicator,
        why=registered.why,
        by_route=registered.by.get(ROUTE, {}),
        sum_of_routes=registered.sum_of_reports,
        on_both_routes=on_both.sum_of_reports,
        deduplicated=deduct(registered.sum_of_reports, on_both.sum_of_reports),
        deduplicated_by_status=_deduplicated_by_status(registered, on_both),
        by_status=registered.by.get(STATUS, {}),
        by_form=registered.by.get(FORM, {}),
        by_sex=registered.by.get("sex", {}),
        by_age_group=registered.by.get("age_group", {}),
        by_citizenship_group=registered.by.get("citizenship_group", {}),
        by_organisation=registered.by.get(ORGANISATION, {}),
    )


def _deduplicated_by_status(registered: IndicatorFigures, on_both: IndicatorFigures) -> dict[str, Figure]:
    """A status that the reported overlap does not name has none; without any number no status can be told."""
    overlap = on_both.by.get(STATUS, {})
    otherwise = NO_OVERLAP if on_both.sum_of_reports.value is not None else on_both.sum_of_reports
    return {
        status: deduct(figure, overlap.get(status, otherwise))
        for status, figure in registered.by.get(STATUS, {}).items()
    }


def route_form_cells(reports: Reports, threshold: int) -> tuple[RouteFormCell, ...]:
    """The table route × form; `small` marks 0 < value < `threshold`."""
    cells = merge_by(
        ((one.dimensions.get(ROUTE, ""), one.dimensions.get(FORM, "")), one.tally) for one in reports.cells
    )
    return tuple(
        RouteFormCell(
            registering_route=route,
            form_of_exploitation=form,
            value=figure.value,
            small=figure.value is not None and 0 < figure.value < threshold,
            unknown=figure.unknown,
            not_applicable=figure.not_applicable,
        )
        for (route, form), figure in cells.items()
    )
