"""Historical series: yearly figures from before the platform. Stream `history/<series>`."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from nrem_shared.contracts.base import Contract, LocalizedText


class YearFigure(Contract):
    """One year's printed or derived figure; null = not known, never zero."""

    year: int
    value: int | None
    status: str
    source: str
    breakdown: dict[str, int] | None = None
    formula: str | None = None
    discrepancy: LocalizedText | None = None
    alternative: int | None = None


class RangeFigure(Contract):
    """A figure that belongs to several years together and is never split over them."""

    first_year: int
    last_year: int
    value: int
    of_whom: dict[str, dict[str, int]] = Field(default_factory=dict)
    status: str
    source: str | None = None


class SeriesBreak(Contract):
    """Between these years the definition changed: a chart draws no line across."""

    after: int
    before: int
    counts_before: Literal["identified"]
    counts_after: Literal["identified_and_presumed"]
    text: LocalizedText


class HistoryRecorded(Contract):
    """The historical series as it is known now; each change carries the whole of it."""

    series: str
    figures: tuple[YearFigure, ...]
    ranges: tuple[RangeFigure, ...]
    breaks: tuple[SeriesBreak, ...]
