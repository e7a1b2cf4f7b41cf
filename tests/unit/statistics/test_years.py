"""The years: ranges stay whole, the line breaks, the current year is a sum of quarters."""

from __future__ import annotations

from datetime import UTC, datetime

from nrem_shared.contracts.history import HistoryRecorded, RangeFigure, YearFigure
from nrem_statistics.history.charts import observations
from nrem_statistics.history.domain import HistorySeries, Mistake, Years, current_years, mistakes
from unit.statistics.demonstration import compiled

SERIES = HistorySeries(
    series="victims",
    revision=1,
    recorded_at=datetime(2026, 1, 1, tzinfo=UTC),
    figures=(
        YearFigure(year=2022, value=26, status="verified", source="printed"),
        YearFigure(year=2024, value=38, status="derived", source="printed"),
    ),
    ranges=(RangeFigure(first_year=2021, last_year=2023, value=111, status="verified"),),
    breaks=(),
)


def test_a_year_without_a_figure_is_a_gap_and_a_range_is_no_point() -> None:
    points = observations(Years(history=(SERIES,), current=None), SERIES)
    assert [(point.period, point.value) for point in points] == [("2022", 26), ("2023", None), ("2024", 38)]


def test_the_current_year_stands_apart() -> None:
    current = current_years([compiled("2026-Q1", "2026-05-01T12:00:00+03:00")])
    points = observations(Years(history=(SERIES,), current=current), SERIES)
    assert [(point.period, point.value, point.provisional) for point in points][2:] == [
        ("2024", 38, False),
        ("2025", None, False),
        ("2026", 15, True),
    ]


def test_a_quarter_without_a_total_is_not_counted_as_zero() -> None:
    empty, full = compiled("2026-Q3", "2026-09-01T12:00:00+03:00"), compiled("2026-Q1", "2026-05-01T12:00:00+03:00")
    (year,) = current_years([empty, full])
    assert (year.deduplicated.value, year.deduplicated.incomplete) == (15, True)
    assert [(one.period, one.deduplicated.value) for one in year.quarters] == [("2026-Q1", 15), ("2026-Q3", None)]
    (none,) = current_years([empty])
    assert none.deduplicated.value is None


def test_everything_that_contradicts_itself_is_named() -> None:
    figure = SERIES.figures[0]
    history = HistoryRecorded(
        series="Victims\0",
        figures=(figure, figure, figure.model_copy(update={"year": 20230, "value": -1})),
        ranges=(RangeFigure(first_year=2023, last_year=2021, value=1, status="printed"),),
        breaks=(),
    )
    assert mistakes(history) == [
        Mistake("/series", "malformed_code"),
        Mistake("", "control_character"),
        Mistake("/figures/1/year", "duplicate_year"),
        Mistake("/figures/2/year", "year_out_of_range"),
        Mistake("/figures/2/value", "negative"),
        Mistake("/ranges/0/last_year", "range_reversed"),
    ]
