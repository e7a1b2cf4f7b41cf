"""Observations added up once into few cells, which every breakdown is then made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from nrem_statistics.observations.domain import ObservationRow
from nrem_statistics.quarters.totals import Tally


class Cell(NamedTuple):
    """What all members reported under the same dimensions."""

    dimensions: Mapping[str, str]
    tally: Tally


@dataclass(frozen=True, slots=True)
class Reports:
    """All observations of one indicator: by dimensions, and by the member that reported."""

    _by_dimensions: dict[int, Cell] = field(default_factory=dict)
    by_member: dict[str, Tally] = field(default_factory=dict)

    @property
    def cells(self) -> Iterable[Cell]:
        """Every cell; two may have equal dimensions."""
        return self._by_dimensions.values()

    def count(self, row: ObservationRow) -> None:
        """Add one observation. Rows that were read share one mapping for equal dimensions: told apart by identity."""
        cell = self._by_dimensions.get(id(row.dimensions))
        if cell is None:
            cell = self._by_dimensions[id(row.dimensions)] = Cell(row.dimensions, Tally())
        cell.tally.count(row)
        member = self.by_member.get(row.member)
        if member is None:
            member = self.by_member[row.member] = Tally()
        member.count(row)


def reports_of(observations: Iterable[ObservationRow]) -> dict[str, Reports]:
    """Indicator → what was reported of it."""
    reports: dict[str, Reports] = {}
    for row in observations:
        found = reports.get(row.indicator)
        if found is None:
            found = reports[row.indicator] = Reports()
        found.count(row)
    return reports
