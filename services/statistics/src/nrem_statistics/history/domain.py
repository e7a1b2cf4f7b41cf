"""Yearly figures: those from before the platform as they were printed, and the current years counted here.

A figure that belongs to several years together is never split over them, and the current years never continue the
line of the old ones: what is counted changed (see the series' breaks).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import Field

from nrem_shared.contracts.history import HistoryRecorded, RangeFigure, SeriesBreak, YearFigure
from nrem_statistics.answer import Answer
from nrem_statistics.quarters.domain import Quarter
from nrem_statistics.quarters.totals import Figure


class HistorySaved(Answer):
    """The answer to recording a series; `revision` counts its changes."""

    series: str
    revision: int
    recorded_at: datetime


class HistorySeries(Answer):
    """One historical series as it is known now."""

    series: str
    revision: int
    recorded_at: datetime
    figures: tuple[YearFigure, ...]
    ranges: tuple[RangeFigure, ...] = Field(description="Figures of several years together; never per year")
    breaks: tuple[SeriesBreak, ...]


class QuarterOfYear(Answer):
    """The part of one quarter in its year; `deduplicated.value` null = not to be told yet."""

    period: str
    deduplicated: Figure


class CurrentYear(Answer):
    """Victims of a year to date: the deduplicated totals of its quarters that have one."""

    year: int
    deduplicated: Figure
    quarters: tuple[QuarterOfYear, ...]
    provisional: bool = True
    illustrative: bool


class Years(Answer):
    """Yearly figures. `current` is for the coordinator: null for everybody else, its figures are not released."""

    history: tuple[HistorySeries, ...]
    current: tuple[CurrentYear, ...] | None


@dataclass(frozen=True, slots=True)
class Mistake:
    """Something in a series that cannot be: where (JSON pointer) and what (code)."""

    pointer: str
    code: str


def mistakes(history: HistoryRecorded) -> list[Mistake]:
    """Everything that makes a series contradict itself."""
    years = [figure.year for figure in history.figures]
    found = [
        Mistake(f"/figures/{place}/year", "duplicate_year") for place, year in enumerate(years) if year in years[:place]
    ]
    found += [
        Mistake(f"/figures/{place}/value", "negative")
        for place, figure in enumerate(history.figures)
        if (figure.value or 0) < 0
    ]
    found += [
        Mistake(f"/ranges/{place}/last_year", "range_reversed")
        for place, one in enumerate(history.ranges)
        if one.last_year <= one.first_year
    ]
    found += [
        Mistake(f"/breaks/{place}/before", "range_reversed")
        for place, one in enumerate(history.breaks)
        if one.before <= one.after
    ]
    return found


def current_years(quarters: Iterable[Quarter]) -> tuple[CurrentYear, ...]:
    """The years of these quarters, each added up from its quarters that have a deduplicated total."""
    by_year: dict[int, list[Quarter]] = {}
    for quarter in sorted(quarters, key=lambda one: one.period):
        by_year.setdefault(int(quarter.period[:4]), []).append(quarter)
    return tuple(_year(year, by_year[year]) for year in sorted(by_year))


def _year(year: int, quarters: Sequence[Quarter]) -> CurrentYear:
    parts = [QuarterOfYear(period=one.period, deduplicated=one.victims.deduplicated) for one in quarters if one.victims]
    figures = [part.deduplicated for part in parts]
    numbers = [figure.value for figure in figures if figure.value is not None]
    to_date = Figure(
        value=sum(numbers) if numbers else None,
        incomplete=len(numbers) < len(figures) or any(figure.incomplete for figure in figures),
        unknown=sum(figure.unknown for figure in figures),
        not_applicable=sum(figure.not_applicable for figure in figures),
        not_reported=sum(figure.not_reported for figure in figures),
    )
    return CurrentYear(
        year=year,
        deduplicated=to_date,
        quarters=tuple(parts),
        illustrative=any(one.illustrative for one in quarters),
    )
