"""JSON routes of workbooks, for programs: what a filled-in one says, and one for earlier quarters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from nrem_intake.spreadsheets.domain.building import history_book
from nrem_intake.spreadsheets.domain.choices import EVERYBODY
from nrem_intake.spreadsheets.domain.reading import Fault, read
from nrem_intake.spreadsheets.domain.stamp import NotOurs, check_for, stamp_in
from nrem_intake.spreadsheets.looking import explained_here
from nrem_intake.spreadsheets.pages import LARGEST_WORKBOOK, MEDIA_TYPE
from nrem_intake.spreadsheets.preparing import offer_everybody, offer_to
from nrem_intake.spreadsheets.taking import refusals_of, take
from nrem_intake.spreadsheets.workshop import workshop_of
from nrem_intake.submissions.authorship import not_found, own_or_404
from nrem_intake.submissions.bodies import bounded
from nrem_intake.submissions.catalogues import catalogues_of, load_reference
from nrem_intake.submissions.domain.refusals import Refusal
from nrem_intake.submissions.streams import load_streams
from nrem_shared.runtime.clock import local_date
from nrem_shared.runtime.problems import Problem, problems
from nrem_shared.runtime.requests import runtime_of
from nrem_shared.web.rendering import translator_of

if TYPE_CHECKING:
    from nrem_intake.spreadsheets.domain.raw import RawSheet
    from nrem_intake.submissions.catalogues import InForce

router = APIRouter(tags=["workbooks"], route_class=bounded(LARGEST_WORKBOOK))

_BODY = {"content": {MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}}, "required": True}
_FILE: dict[int | str, dict[str, Any]] = {200: {"content": {MEDIA_TYPE: {}}, "description": "The workbook"}}


class CellError(BaseModel):
    """One thing wrong: the cell (`Statistika!F12`), the place in the content, what it is and what to do."""

    cell: str
    pointer: str
    code: str
    detail: str
    hint: str = ""


class WorkbookSays(BaseModel):
    """What a workbook says; `content` may be submitted where there are no `errors`. `cells` maps pointers to cells."""

    period: str = Field(examples=["2026-Q3"])
    member: str = Field(examples=["vp"])
    content: dict[str, Any]
    cells: dict[str, str]
    errors: list[CellError]
    left_alone: int = Field(description="Prepared rows that were not filled in: not reported")


class HistorySays(BaseModel):
    """What a workbook of earlier quarters says, submission by submission; not yet compared with any list in force."""

    submissions: list[WorkbookSays]


@router.post(
    "/api/workbooks",
    summary="What a filled-in workbook says (nothing is kept)",
    responses=problems(400, 401, 403, 404, 413),
    openapi_extra={"requestBody": _BODY},
)
async def read_workbook(request: Request) -> WorkbookSays:
    """Period and institution are those it was made for. Submit `content` as usual where there are no errors."""
    sheets = await _sheets(request)
    try:
        stamp = stamp_in(sheets)
    except NotOurs as error:
        raise _refused(request, error) from error
    own_or_404(request, stamp.member)
    runtime = runtime_of(request)
    async with runtime.pool.acquire() as conn:
        known = (await load_streams(conn, catalogues_of(runtime), [(stamp.period, stamp.member)])).get(
            (stamp.period, stamp.member)
        )
    if known is None or not known.owed:
        raise not_found(request)
    try:
        taken = take(sheets, stamp, offer_to(known.in_force, stamp.member, translator_of(request)))
    except NotOurs as error:
        raise _refused(request, error) from error
    faults = await refusals_of(runtime, taken, stamp.period, stamp.member)
    return WorkbookSays(
        period=stamp.period,
        member=stamp.member,
        content=taken.report.document,
        cells={pointer: str(cell) for pointer, cell in taken.report.cells.items()},
        errors=[_error(request, fault) for fault in faults],
        left_alone=taken.left_alone,
    )


@router.get(
    "/api/workbooks/history",
    summary="An empty workbook for earlier quarters of all institutions",
    responses={**problems(401, 403), **_FILE},
    response_class=Response,
)
async def history_workbook(request: Request) -> Response:
    """Each row says of which quarter and institution it is."""
    offer = offer_everybody(await _in_force(request), translator_of(request))
    raw = await workshop_of(runtime_of(request)).write(history_book(offer, translator_of(request)))
    headers = {"content-disposition": 'attachment; filename="nrem-history.xlsx"', "cache-control": "private, no-store"}
    return Response(raw, media_type=MEDIA_TYPE, headers=headers)


@router.post(
    "/api/workbooks/history",
    summary="What a workbook of earlier quarters says (nothing is kept)",
    responses=problems(400, 401, 403, 413),
    openapi_extra={"requestBody": _BODY},
)
async def read_history(request: Request) -> HistorySays:
    """Import what it says by `POST /api/imports`."""
    sheets = await _sheets(request)
    try:
        check_for(stamp_in(sheets), EVERYBODY, EVERYBODY)
        reading = read(sheets, offer_everybody(await _in_force(request), translator_of(request)), same_lists=False)
    except NotOurs as error:
        raise _refused(request, error) from error
    return HistorySays(
        submissions=[
            WorkbookSays(
                period=whose[0],
                member=whose[1],
                content=report.document,
                cells={pointer: str(cell) for pointer, cell in report.cells.items()},
                errors=[_error(request, fault) for fault in reading.faults if fault.whose == whose],
                left_alone=0,
            )
            for whose, report in sorted(reading.reports.items())
        ]
    )


async def _sheets(request: Request) -> list[RawSheet]:
    """The sheets of the file in the body. Raises the 422 problem."""
    try:
        return await workshop_of(runtime_of(request)).read(await request.body())
    except NotOurs as error:
        raise _refused(request, error) from error


async def _in_force(request: Request) -> InForce:
    """The lists of the present quarter, whether or not it was opened."""
    runtime = runtime_of(request)
    today = local_date(runtime.clock.now())
    async with runtime.pool.acquire() as conn:
        return (await load_reference(conn)).in_force(f"{today.year}-Q{(today.month + 2) // 3}")


def _error(request: Request, fault: Fault) -> CellError:
    text = explained_here(translator_of(request), fault.refusal)
    return CellError(
        cell=str(fault.cell), pointer=fault.refusal.pointer, code=text.code, detail=text.detail, hint=text.hint
    )


def _refused(request: Request, error: NotOurs) -> Problem:
    text = explained_here(translator_of(request), Refusal("", error.code, error.parameters))
    return Problem.invalid([text], detail=f"{text.detail} {text.hint}".strip())
