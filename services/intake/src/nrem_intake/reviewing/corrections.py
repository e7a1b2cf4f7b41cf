"""Every figure that was corrected: old, new, reason, who, when, and what was decided."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, Field

from nrem_intake.periods import store as periods_store
from nrem_intake.reviewing import store
from nrem_intake.reviewing.domain.partly import key_of, reasons_of
from nrem_intake.reviewing.places import names, root_of, submission_at
from nrem_intake.submissions.domain.content_view import changes_of
from nrem_intake.submissions.domain.labels import both
from nrem_shared.contracts.base import LocalizedText
from nrem_shared.contracts.submissions import CorrectedFigure, Observation, ReasonForReturn
from nrem_shared.runtime.requests import runtime_of
from nrem_shared.web.application import set_clock
from nrem_shared.web.rendering import language_of, page, translator_of

if TYPE_CHECKING:
    import asyncpg

    from nrem_intake.submissions.domain.content_view import Change
    from nrem_intake.submissions.domain.labels import Labels, Text

router = APIRouter(include_in_schema=False, dependencies=[Depends(set_clock)])
api = APIRouter(tags=["submissions"])

PeriodAsked = Annotated[str | None, Query(pattern=r"^(\d{4}-Q[1-4])?$", description="A quarter")]
YearAsked = Annotated[str | None, Query(pattern=r"^(\d{4})?$", description="A year")]


class CorrectedFigureShown(BaseModel):
    """One corrected figure, and what became of the version that it belongs to (`submitted` = waits)."""

    period: str
    member: str
    version: int
    figure: CorrectedFigure
    state: str
    submitted_at: datetime
    submitted_by: str | None
    decided_at: datetime | None
    decided_by: str | None
    entered_by: str | None = Field(default=None, description="Who entered it for the member, and why: `on_behalf`")
    on_behalf: LocalizedText | None = None
    decided_by_enterer: bool = Field(default=False, description="Whether the same person entered it and decided on it")
    returned_because: list[ReasonForReturn]
    illustrative: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One corrected figure as the page shows it."""

    period: str
    member: str
    name: Text
    version: int
    href: str
    change: Change
    state: str
    submitted_at: datetime
    submitted_by: str | None
    decided_at: datetime | None
    decided_by: str | None
    entered_by: str | None
    on_behalf: Text | None
    decided_by_enterer: bool
    returned: tuple[Text, ...]
    illustrative: bool


@api.get("/api/corrections", summary="Corrected figures")
async def list_corrections(
    request: Request, period: PeriodAsked = None, year: YearAsked = None
) -> list[CorrectedFigureShown]:
    """Of a quarter, of a year, or all; newest first."""
    async with runtime_of(request).pool.acquire() as conn:
        found = await store.corrections(conn, period or None, year or None)
    return [
        CorrectedFigureShown(
            **{
                name: row[name]
                for name in CorrectedFigureShown.model_fields
                if name not in ("figure", "returned_because", "decided_by_enterer")
            },
            decided_by_enterer=_same(row),
            figure=figure,
            returned_because=list(reasons),
        )
        for row in found
        for figure, reasons in _outcomes(row)
    ]


@router.get("/corrections")
async def corrections(request: Request, period: PeriodAsked = None, year: YearAsked = None) -> HTMLResponse:
    """As a page, narrowed by the address."""
    rows, periods = await _rows(request, period, year)
    return page(
        request,
        "intake/corrections.html",
        title="corrections.title",
        rows=rows,
        periods=periods,
        years=sorted({code[:4] for code in periods}, reverse=True),
        period=period or "",
        year=year or "",
        current=f"{root_of(request)}/",
        root=root_of(request),
    )


@router.get("/corrections/download")
async def download(request: Request, period: PeriodAsked = None, year: YearAsked = None) -> Response:
    """As CSV (RFC 4180, UTF-8 with its mark, so that spreadsheets read it)."""
    rows, _ = await _rows(request, period, year)
    name = f"corrections-{period or year or 'all'}.csv"
    headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "private, no-store"}
    return Response("\ufeff" + _csv(request, rows), media_type="text/csv; charset=utf-8", headers=headers)


async def _rows(request: Request, period: str | None, year: str | None) -> tuple[list[Row], list[str]]:
    async with runtime_of(request).pool.acquire() as conn:
        found = await store.corrections(conn, period or None, year or None)
        periods = [row["code"] for row in await periods_store.periods(conn)]
        labels = await names(request, conn)
    return ([row for each in found for row in _of(request, each, labels)] if labels else []), periods


def _of(request: Request, row: asyncpg.Record, labels: Labels) -> list[Row]:
    outcomes = _outcomes(row)
    shared: dict[str, Any] = {
        name: row[name]
        for name in ("period", "member", "version", "state", "submitted_at", "submitted_by", "decided_at",
                     "decided_by", "entered_by", "illustrative")
    }  # fmt: skip
    why = row["on_behalf"]
    href = f"{submission_at(request, row['period'], row['member'])}?version={row['version']}"
    changes = changes_of([figure for figure, _ in outcomes], labels)
    return [
        Row(
            **shared,
            name=labels.member(row["member"]),
            href=href,
            change=change,
            on_behalf=both(LocalizedText.model_validate(why)) if why else None,
            decided_by_enterer=_same(row),
            returned=tuple(both(reason.text) for reason in reasons),
        )
        for change, (_, reasons) in zip(changes, outcomes, strict=True)
    ]


def _same(row: asyncpg.Record) -> bool:
    """Whether who entered it on the member's behalf decided on it too; taking back is no decision."""
    if row["entered_by"] is None or row["state"] not in ("accepted", "returned"):
        return False
    return bool(row["submitted_by"] == row["decided_by"])


def _outcomes(row: asyncpg.Record) -> list[tuple[CorrectedFigure, tuple[ReasonForReturn, ...]]]:
    """(figure, why it was returned): figures approved on their own stand with the version that they became."""
    figures = [CorrectedFigure.model_validate(figure) for figure in row["corrected_figures"]]
    approved = {key_of(CorrectedFigure.model_validate(figure)) for figure in row["approved"] or ()}
    reasons = [ReasonForReturn.model_validate(reason) for reason in row["reasons"] or ()]
    rows = [Observation.model_validate(one) for one in row["observations"] or ()]
    return [
        (figure, reasons_of(place, figure, rows, reasons))
        for place, figure in enumerate(figures)
        if key_of(figure) not in approved
    ]


_COLUMNS = ("period", "member", "version", "figure", "old", "new", "reason", "state", "submitted_at", "submitted_by",
            "decided_at", "decided_by", "returned", "illustrative", "entered_by", "on_behalf",
            "decided_by_enterer")  # fmt: skip


def _csv(request: Request, rows: list[Row]) -> str:
    translate, language = translator_of(request), "lv" if language_of(request) == "lv" else "en"

    def said(text: Text | int | str | None) -> str:
        if text is None or isinstance(text, int):
            return "" if text is None else str(text)
        return _harmless(text if isinstance(text, str) else text[language])

    written = io.StringIO()
    table = csv.writer(written)
    table.writerow([translate(f"corrections.{name}") for name in _COLUMNS])
    for row in rows:
        change = row.change
        figure = "; ".join(said(part) for part in (change.label, *change.details))
        table.writerow([
            row.period, row.member, row.version, figure, said(change.old), said(change.new), said(change.reason),
            translate(f"status.submission.{row.state}"), row.submitted_at.isoformat(), said(row.submitted_by),
            row.decided_at.isoformat() if row.decided_at else "", said(row.decided_by),
            " / ".join(said(reason) for reason in row.returned),
            translate("mark.illustrative") if row.illustrative else "",
            said(row.entered_by), said(row.on_behalf),
            translate("report.decided_by_enterer") if row.decided_by_enterer else "",
        ])  # fmt: skip
    return written.getvalue()


def _harmless(text: str) -> str:
    """A text that a spreadsheet does not take for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
