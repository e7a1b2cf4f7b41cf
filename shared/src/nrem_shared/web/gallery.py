"""Every component in every state, in both languages: to look at, and for the accessibility tests."""

from datetime import UTC, date, datetime
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from nrem_shared.web.chart_specs import ChartWords, Observation, bar_chart, line_chart
from nrem_shared.web.charts import ChartRenderer
from nrem_shared.web.figures import Cell, Column, EmptyKind, FigureTable, Row
from nrem_shared.web.forms import FieldError
from nrem_shared.web.rendering import language_of, page, problem_page, translator_of

STATES: Final = {
    "submission": ("draft", "submitted", "returned", "accepted", "withdrawn"),
    "completeness": (
        "not_due", "due", "missing", "late", "extended", "received", "returned", "accepted", "corrected",
        "nothing_to_report", "not_understood",
    ),
    "plan_result": (
        "not_started", "in_progress", "completed", "partially_completed", "not_completed", "cancelled", "disputed",
    ),
    "meeting": ("proposed", "scheduled", "held", "minutes_circulated", "approved", "cancelled"),
    "task": ("open", "overdue", "done", "dropped"),
    "delivery": ("planned", "waiting", "sent", "failed", "stopped"),
    "release": ("provisional", "released", "refused"),
}  # fmt: skip

ERRORS: Final = (
    FieldError("participants", "gallery.error_participants", {"entered": "divdesmit"}),
    FieldError("reason", "gallery.error_reason"),
    FieldError("workbook", "gallery.error_workbook"),
)


def gallery_router(charts: ChartRenderer) -> APIRouter:
    """Routes ``/``, ``/errors``, ``/charts`` and ``/problem/{status}`` below the prefix the application gives it."""
    router = APIRouter(include_in_schema=False)

    @router.get("/", response_class=HTMLResponse)
    async def components(request: Request) -> HTMLResponse:
        """Every component without mistakes."""
        return _gallery(request, errors=())

    @router.get("/errors", response_class=HTMLResponse)
    async def components_with_errors(request: Request) -> HTMLResponse:
        """The same page as it answers a form with mistakes."""
        return _gallery(request, errors=ERRORS)

    @router.get("/charts", response_class=HTMLResponse)
    async def components_charts(request: Request) -> HTMLResponse:
        """Charts, each with its table; a page of their own, for drawings weigh most."""
        return await _charts(request, charts)

    @router.get("/problem/{status}", response_class=HTMLResponse)
    async def problem(request: Request, status: int) -> HTMLResponse:
        """The page of an error."""
        return problem_page(request, status, trace="7f3a-02c9")

    return router


def _gallery(request: Request, errors: tuple[FieldError, ...]) -> HTMLResponse:
    return page(
        request,
        "nrem/gallery.html",
        title="gallery.title",
        errors=errors,
        provisional=True,
        stale=True,
        states=STATES,
        table=TABLE,
        day=date(2026, 10, 12),
        moment=datetime(2026, 10, 12, 6, 5, tzinfo=UTC),
    )


async def _charts(request: Request, charts: ChartRenderer) -> HTMLResponse:
    _, language = translator_of(request), language_of(request)
    words = ChartWords(_("chart.count"), _("chart.final"), _("chart.provisional"), _("chart.break"))
    trend = await charts.chart(
        line_chart(YEARS, words, breaks=("2024",)),
        title=_("gallery.trend_title"),
        description=_("gallery.trend_description"),
        language=language,
    )
    routes = await charts.chart(
        bar_chart([Observation(each.period, each.value, _(each.series), each.provisional) for each in QUARTERS], words),
        title=_("gallery.bars_title"),
        description=_("gallery.bars_description"),
        language=language,
    )
    return page(
        request,
        "nrem/gallery_charts.html",
        title="gallery.section_figures",
        trend=trend,
        trend_table=TREND_TABLE,
        routes=routes,
        routes_table=ROUTES_TABLE,
    )


YEARS: Final = (
    Observation("2019", 26), Observation("2020", 42), Observation("2021", 24), Observation("2022", 40),
    Observation("2023", 47), Observation("2024", 38, low=32, high=46), Observation("2025", 51, low=44, high=60),
    Observation("2026", 33, provisional=True, low=25, high=44),
)  # fmt: skip

QUARTERS: Final = tuple(
    Observation(period, value, series, provisional=period == "2026-Q3")
    for series, values in (("gallery.route_proceedings", (6, 9, 12)), ("gallery.route_commissions", (8, 7, 10)))
    for period, value in zip(("2026-Q1", "2026-Q2", "2026-Q3"), values, strict=True)
)

TABLE: Final = FigureTable(
    identifier="by-form",
    caption={"lv": "Identificētie upuri pēc ekspluatācijas veida", "en": "Identified victims by form of exploitation"},
    corner={"lv": "Ekspluatācijas veids", "en": "Form of exploitation"},
    about={
        "lv": "Reģistrēšanas ceļš: kriminālprocesi. Skaitļi pa pārskata periodiem.",
        "en": "Registering route: criminal proceedings. Counts by reporting period.",
    },
    columns=tuple(Column(text) for text in ("2025-Q3", "2025-Q4", "2026-Q1", "2026-Q2", "2026-Q3")),
    rows=(
        Row(
            {"lv": "Piespiedu darbs", "en": "Forced labour"},
            (Cell(1204), Cell(18), Cell(9, revised=True), Cell(12), Cell(14, provisional=True)),
        ),
        Row(
            {"lv": "Seksuāla ekspluatācija", "en": "Sexual exploitation"},
            (Cell(3, small=True), Cell(0), Cell(empty=EmptyKind.SUPPRESSED), Cell(6), Cell(0, provisional=True)),
        ),
        Row(
            {"lv": "Fiktīva laulība", "en": "Sham marriage"},
            (Cell(7), Cell(empty=EmptyKind.UNKNOWN), Cell(empty=EmptyKind.NOT_APPLICABLE),
             Cell(empty=EmptyKind.NOT_REPORTED), Cell(empty=EmptyKind.NOTHING_TO_REPORT)),
        ),
    ),
    totals=(
        Row(
            {"lv": "Kopā", "en": "Total"},
            (Cell(1214), Cell(18, partial=True), Cell(empty=EmptyKind.SUPPRESSED), Cell(18, partial=True),
             Cell(14, provisional=True)),
        ),
    ),
    provisional=True,
    illustrative=True,
)  # fmt: skip

TREND_TABLE: Final = FigureTable(
    identifier="trend",
    caption={"lv": "Upuri pa gadiem", "en": "Victims by year"},
    corner={"lv": "Gads", "en": "Year"},
    columns=(
        Column({"lv": "Skaits", "en": "Count"}),
        Column({"lv": "No", "en": "From"}),
        Column({"lv": "Līdz", "en": "To"}),
    ),
    rows=tuple(
        Row(
            each.period,
            (
                Cell(int(each.value or 0), provisional=each.provisional),
                *(
                    Cell(int(bound)) if bound is not None else Cell(empty=EmptyKind.NOT_APPLICABLE)
                    for bound in (each.low, each.high)
                ),
            ),
        )
        for each in YEARS
    ),
    illustrative=True,
)

ROUTES_TABLE: Final = FigureTable(
    identifier="routes",
    caption={"lv": "Upuri pa ceturkšņiem un ceļiem", "en": "Victims by quarter and route"},
    corner={"lv": "Ceļš", "en": "Route"},
    columns=tuple(Column(text) for text in ("2026-Q1", "2026-Q2", "2026-Q3")),
    rows=(
        Row({"lv": "Kriminālprocesi", "en": "Criminal proceedings"}, (Cell(6), Cell(9), Cell(12, provisional=True))),
        Row(
            {"lv": "Speciālistu komisijas", "en": "Specialist commissions"},
            (Cell(8), Cell(7), Cell(10, provisional=True)),
        ),
    ),
    illustrative=True,
)
