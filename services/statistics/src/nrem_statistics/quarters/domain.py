"""One quarter compiled from what is held: pure, so that the same rows give the same figures at any time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal

from pydantic import Field

from nrem_statistics.answer import Answer
from nrem_statistics.completeness.domain import Completeness, Streams, completeness
from nrem_statistics.observations.domain import ObservationRow, VersionRows
from nrem_statistics.quarters.activities import (
    ActivityFigures,
    ChallengeFigures,
    FundingFigures,
    activity_figures,
    challenge_figures,
    funding_figures,
)
from nrem_statistics.quarters.indicators import IndicatorFigures, Reference, Reporting, indicator_figures
from nrem_statistics.quarters.reports import Reports, reports_of
from nrem_statistics.quarters.revisions import RevisedFigure, revisions
from nrem_statistics.quarters.victims import (
    RouteFormCell,
    VictimFigures,
    find_overlap,
    route_form_cells,
    victim_figures,
)

Scope = Literal["group", "member"]


class ReleaseMark(Answer):
    """The newest release of a quarter by the instant asked about."""

    version: int
    released_at: datetime
    current: bool = Field(description="The versions counted here are the very ones that were released")


class Quarter(Answer):
    """Every figure of one quarter as known on an instant, of the whole group or of one member.

    Only versions accepted by `known_on` count. Nothing is suppressed here: these are the ministry's and the member's
    own views. Figures are `provisional` until a release freezes them, and again once other versions count.
    """

    period: str
    due: date
    known_on: datetime = Field(description="The figures are those known at this instant")
    scope: Scope
    member: str | None = Field(description="Whose figures these are; null = the whole group's")
    provisional: bool = Field(description="Not released: figures may still change")
    illustrative: bool = Field(description="Demonstration data: no figure here is real")
    small_cell_threshold: int = Field(description="Cells above zero and below this are marked small")
    submissions: Completeness
    victims: VictimFigures | None = Field(description="null while the reference data has not arrived")
    cells_route_form: tuple[RouteFormCell, ...]
    indicators: dict[str, IndicatorFigures] = Field(description="Every reported indicator by its code")
    activities: ActivityFigures
    funding_eur: FundingFigures
    challenges: ChallengeFigures
    explicit_zeros: int = Field(description="Observations with the number 0")
    empties: dict[str, int] = Field(description="Observations without a number, by kind of empty")
    unknown_indicators: tuple[str, ...] = Field(
        description="Reported, but not in the reference data held here: their figures are in no total"
    )
    revised_figures: tuple[RevisedFigure, ...] = Field(description="What changed since it was first accepted")
    release: ReleaseMark | None = Field(default=None, description="null = the quarter has not been released")

    def marked(self, mark: ReleaseMark | None) -> Quarter:
        """The same with its release; provisional unless that release says what is shown."""
        return self.model_copy(update={"release": mark, "provisional": mark is None or not mark.current})


@dataclass(frozen=True, slots=True)
class QuarterRows:
    """What is held about one period. `in_force` are the rows that count, `history` all accepted of revised streams."""

    period: str
    due: date
    illustrative: bool
    streams: Streams
    in_force: VersionRows
    history: tuple[ObservationRow, ...]
    reference: Reference

    def of(self, member: str) -> QuarterRows:
        """The same, restricted to what one member reported."""
        rows = self.in_force
        return replace(
            self,
            streams=self.streams.of(member),
            in_force=VersionRows(
                observations=tuple(row for row in rows.observations if row.member == member),
                activities=tuple(row for row in rows.activities if row.member == member),
                funding=tuple(row for row in rows.funding if row.member == member),
                challenges=tuple(row for row in rows.challenges if row.member == member),
            ),
            history=tuple(row for row in self.history if row.member == member),
        )


def end_of_period(period: str) -> date:
    """The last day of a quarter such as `2026-Q3`."""
    year, quarter = int(period[:4]), int(period[-1])
    return date(year + quarter // 4, quarter % 4 * 3 + 1, 1) - timedelta(days=1)


def compile_quarter(rows: QuarterRows, known_on: datetime, threshold: int, member: str | None = None) -> Quarter:
    """All figures of one quarter; with `member` that member's own, in the same shape."""
    held = rows.of(member) if member else rows
    state = completeness(held.streams, known_on)
    in_force = frozenset(one.member for one in state.members if one.version_in_force is not None)
    reporting = Reporting(end_of_period(rows.period), frozenset(held.streams.owes), in_force)
    reports = reports_of(held.in_force.observations)
    figures = _indicators(held.reference, reports, reporting)
    overlap = find_overlap(held.reference.indicators)
    registered = reports.get(overlap.registered.code, Reports()) if overlap else Reports()
    observations, absent = held.in_force.observations, len(reporting.owes - in_force)
    empties = Counter(row.empty or "unknown" for row in observations if row.value is None)
    return Quarter(
        period=rows.period,
        due=rows.due,
        known_on=known_on,
        scope="member" if member else "group",
        member=member,
        provisional=True,
        illustrative=rows.illustrative or any(version.illustrative for version in held.streams.versions),
        small_cell_threshold=threshold,
        submissions=state,
        victims=victim_figures(figures[overlap.registered.code], figures[overlap.on_both.code]) if overlap else None,
        cells_route_form=route_form_cells(registered, threshold),
        indicators=figures,
        activities=activity_figures(held.in_force.activities, bool(in_force), absent),
        funding_eur=funding_figures(held.in_force.funding),
        challenges=challenge_figures(held.in_force.challenges, bool(in_force), absent),
        explicit_zeros=sum(row.value == 0 for row in observations),
        empties=dict(sorted(empties.items())),
        unknown_indicators=tuple(sorted(reports.keys() - figures.keys())),
        revised_figures=revisions(held.streams.versions, held.streams.decisions, held.history, known_on),
    )


def _indicators(
    reference: Reference, reports: Mapping[str, Reports], reporting: Reporting
) -> dict[str, IndicatorFigures]:
    return {
        indicator.code: indicator_figures(indicator, reports.get(indicator.code, Reports()), reference, reporting)
        for indicator in reference.reported()
    }
