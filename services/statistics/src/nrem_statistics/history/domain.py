"""Yearly figures: those from before the platform as they were printed, and the current years counted here.

A figure that belongs to several years together is never split over them, and the current years never continue the
line of the old ones: what is counted changed (see the series' breaks).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pydantic import Field

from nrem_shared.contracts.history import HistoryRecorded, RangeFigure, SeriesBreak, YearFigure
from nrem_shared.runtime.personal_data import Allowed, find_all
from nrem_shared.runtime.redactions.brought_back import brought_back
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


#: Years that a series may speak of.
FIRST_YEAR, LAST_YEAR = 1900, 2100
_SERIES = re.compile(r"[a-z][a-z0-9-]{0,39}\Z")


@dataclass(frozen=True, slots=True)
class Mistake:
    """Something in a series that cannot be: where (JSON pointer) and what (code, with values for its words)."""

    pointer: str
    code: str
    values: Mapping[str, object] = field(default_factory=dict)


def mistakes(history: HistoryRecorded) -> list[Mistake]:
    """Everything that makes a series contradict itself, or that could not be kept."""
    years = [figure.year for figure in history.figures]
    found = [] if _SERIES.match(history.series) else [Mistake("/series", "malformed_code")]
    if "\\u0000" in history.model_dump_json():
        found.append(Mistake("", "control_character"))
    for place, figure in enumerate(history.figures):
        found += _year_mistakes(f"/figures/{place}/year", figure.year)
        if figure.year in years[:place]:
            found.append(Mistake(f"/figures/{place}/year", "duplicate_year"))
        if (figure.value or 0) < 0:
            found.append(Mistake(f"/figures/{place}/value", "negative"))
    for place, one in enumerate(history.ranges):
        found += _order_mistakes(f"/ranges/{place}/last_year", one.first_year, one.last_year)
    for place, gap in enumerate(history.breaks):
        found += _order_mistakes(f"/breaks/{place}/before", gap.after, gap.before)
    return found


def personal_mistakes(history: HistoryRecorded, allowed: Allowed) -> list[Mistake]:
    """Personal data in any text of a series: a note, a source, a formula."""
    return [
        Mistake(pointer, f"personal_data_{one.kind}", {"position": one.start + 1})
        for pointer, text in _texts(history.model_dump(mode="json"))
        for one in find_all(text, allowed)
    ]


def redaction_mistakes(history: HistoryRecorded, kept: Sequence[Any]) -> list[Mistake]:
    """Texts that were taken out of the series and that it would bring back; `kept` are its revisions, in order."""
    return [
        Mistake(one.pointer, "redacted_text", {"row": one.row or history.series})
        for one in brought_back(history.model_dump(mode="json"), kept)
    ]


def _texts(value: object, at: str = "") -> Iterator[tuple[str, str]]:
    """(JSON pointer, text) of every text and every name in a document."""
    if isinstance(value, dict):
        for name, each in value.items():
            yield at, str(name)
            yield from _texts(each, f"{at}/{str(name).replace('~', '~0').replace('/', '~1')}")
    elif isinstance(value, list):
        for place, each in enumerate(value):
            yield from _texts(each, f"{at}/{place}")
    elif isinstance(value, str):
        yield at, value


def _year_mistakes(pointer: str, year: int) -> list[Mistake]:
    return [] if FIRST_YEAR <= year <= LAST_YEAR else [Mistake(pointer, "year_out_of_range")]


def _order_mistakes(pointer: str, first: int, last: int) -> list[Mistake]:
    reversed_years = [Mistake(pointer, "range_reversed")] if last <= first else []
    return reversed_years + _year_mistakes(pointer, max(first, last, key=lambda year: abs(year - FIRST_YEAR)))


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
