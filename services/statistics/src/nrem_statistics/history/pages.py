"""The page of the years: chart, table, figures of several years together, the break of the series."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from nrem_shared.runtime.requests import runtime_of
from nrem_shared.web.application import set_clock
from nrem_shared.web.figures import Text
from nrem_shared.web.rendering import page, translator_of
from nrem_statistics.history.api import years_for
from nrem_statistics.history.charts import chart_of, range_table, year_table
from nrem_statistics.history.domain import HistorySeries, Years
from nrem_statistics.labels import text_of
from nrem_statistics.parts import charts_of
from nrem_statistics.quarters.reading import read_reference

router = APIRouter(include_in_schema=False, dependencies=[Depends(set_clock)])


@router.get("/years", response_class=HTMLResponse)
async def years_page(request: Request) -> HTMLResponse:
    """Victims by year."""
    years = await years_for(request)
    labels = await _code_labels(request)
    shown = [await _series(request, years, series, labels) for series in years.history]
    return page(
        request,
        "statistics/years.html",
        title="years.title",
        years=years,
        shown=shown,
        root=request.scope.get("root_path", ""),
    )


async def _series(
    request: Request, years: Years, series: HistorySeries, labels: list[tuple[str, Text]]
) -> dict[str, object]:
    words = translator_of(request)
    return {
        "chart": await chart_of(years, series, charts_of(request), words),
        "table": year_table(years, series, words),
        "ranges": range_table(series, words, labels) if series.ranges else None,
        "breaks": [{"after": one.after, "before": one.before, "text": text_of(one.text)} for one in series.breaks],
    }


async def _code_labels(request: Request) -> list[tuple[str, Text]]:
    """Labels of the codes that parts of a range are told by."""
    runtime = runtime_of(request)
    async with runtime.pool.acquire() as conn:
        reference = await read_reference(conn, runtime.clock.now())
    return [
        (entry.code, text_of(entry.label))
        for name in ("sex", "citizenship_group")
        if name in reference.code_lists
        for entry in reference.code_lists[name].codes
    ]
