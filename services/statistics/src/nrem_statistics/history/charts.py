"""The years as a chart and its table."""

from __future__ import annotations

from collections.abc import Sequence

from nrem_shared.contracts.history import YearFigure
from nrem_shared.web.chart_specs import ChartWords, Observation, line_chart
from nrem_shared.web.charts import Chart, ChartRenderer
from nrem_shared.web.figures import Cell, Column, EmptyKind, FigureTable, Row, Text
from nrem_shared.web.messages import Translator
from nrem_statistics.history.domain import CurrentYear, HistorySeries, Years
from nrem_statistics.labels import text_of
from nrem_statistics.quarters.tables import cell


async def chart_of(years: Years, series: HistorySeries, charts: ChartRenderer, words: Translator) -> Chart:
    """One line for the historical years; the current years stand apart, hollow, behind the break."""
    points = observations(years, series)
    breaks = [str(one.before) for one in series.breaks if str(one.before) in {point.period for point in points}]
    chart_words = ChartWords(
        words("chart.count"), words("chart.final"), words("chart.provisional"), words("chart.break")
    )
    known = [figure for figure in series.figures if figure.value is not None]
    described = words(
        "years.chart_description",
        first=known[0].year if known else "–",
        last=known[-1].year if known else "–",
        lowest=min((figure.value or 0 for figure in known), default=0),
        highest=max((figure.value or 0 for figure in known), default=0),
    )
    for one in years.current or ():
        described += f" {words('years.chart_current', year=one.year)}"
        described += f" {words('years.illustrative')}" if one.illustrative else ""
    return await charts.chart(
        line_chart(points, chart_words, breaks=breaks),
        title=words("years.chart"),
        description=described,
        language=words.language,
    )


def observations(years: Years, series: HistorySeries) -> list[Observation]:
    """A point per year from the first to the last; a year without a figure is a gap, never a zero."""
    old = {figure.year: figure.value for figure in series.figures}
    new = {one.year: one for one in years.current or ()}
    every = {*old, *new}
    return (
        [
            Observation(
                str(year), new[year].deduplicated.value if year in new else old.get(year), provisional=year in new
            )
            for year in range(min(every), max(every) + 1)
        ]
        if every
        else []
    )


def year_table(years: Years, series: HistorySeries, words: Translator) -> FigureTable:
    """The same figures year by year, with what is to be known about each."""
    rows = [Row(str(figure.year), (_figure(figure), _note(figure, words))) for figure in series.figures]
    rows += [Row(str(one.year), (_current(one), _about(one, words))) for one in years.current or ()]
    return FigureTable(
        identifier="years",
        caption=words("years.chart"),
        corner=words("years.year"),
        columns=(Column(words("years.victims")), Column(words("years.note"), numeric=False)),
        rows=tuple(rows),
        about=words("years.table_about"),
    )


def range_table(series: HistorySeries, words: Translator, group_label: Sequence[tuple[str, Text]]) -> FigureTable:
    """Figures of several years together, as they were printed."""
    labels = dict(group_label)
    rows: list[Row] = []
    for one in series.ranges:
        rows.append(Row(f"{one.first_year}–{one.last_year}", (Cell(one.value), one.source or "")))
        for codes in one.of_whom.values():
            rows += [
                Row(_of_whom(labels.get(code, code), words), (Cell(value), ""), level=1)
                for code, value in codes.items()
            ]
    return FigureTable(
        identifier="ranges",
        caption=words("years.ranges"),
        corner=words("years.years"),
        columns=(Column(words("years.victims")), Column(words("years.source"), numeric=False)),
        rows=tuple(rows),
        about=words("years.ranges_about"),
    )


def _figure(figure: YearFigure) -> Cell:
    return Cell(figure.value) if figure.value is not None else Cell(empty=EmptyKind.UNKNOWN)


def _current(one: CurrentYear) -> Cell:
    shown = cell(one.deduplicated)
    if shown.value is None:
        return shown
    return Cell(shown.value, partial=shown.partial, provisional=one.provisional)


def _quarters(one: CurrentYear) -> str:
    return ", ".join(part.period[-2:] for part in one.quarters if part.deduplicated.value is not None) or "–"


def _note(figure: YearFigure, words: Translator) -> Text:
    if figure.discrepancy is not None:
        note = text_of(figure.discrepancy)
        return {language: f"{figure.source}. {text}" for language, text in note.items()}
    if figure.status == "derived" and figure.formula:
        return words("years.derived", source=figure.source, formula=figure.formula)
    return figure.source


def _about(one: CurrentYear, words: Translator) -> str:
    about = words("years.to_date", quarters=_quarters(one))
    return f"{about} {words('years.illustrative')}" if one.illustrative else about


def _of_whom(label: Text, words: Translator) -> Text:
    if isinstance(label, str):
        return words("years.of_whom", group=label)
    return {language: words("years.of_whom", group=text) for language, text in label.items()}
