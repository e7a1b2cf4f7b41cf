"""Pages of the form: the list of tasks, a section, checking the answers, the receipt."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.responses import HTMLResponse

from nrem_intake.reporting.access import access_of
from nrem_intake.reporting.actions import router as actions_router
from nrem_intake.reporting.correction_pages import router as correction_router
from nrem_intake.reporting.reading import Report, errors_of, load_report
from nrem_intake.reporting.rendering import check_page, report_page, section_page
from nrem_intake.submissions.asking import Member, Period
from nrem_intake.submissions.authorship import not_found, own_or_404
from nrem_intake.submissions.catalogues import catalogues_of
from nrem_intake.submissions.streams import load_streams
from nrem_shared.contracts.submissions import SECTIONS
from nrem_shared.runtime.identity.authorisation import current_principal
from nrem_shared.runtime.requests import runtime_of
from nrem_shared.web.application import set_clock
from nrem_shared.web.rendering import forward, page

if TYPE_CHECKING:
    from nrem_intake.submissions.domain.refusals import Refusal

router = APIRouter(include_in_schema=False, dependencies=[Depends(set_clock)])
router.include_router(actions_router)
router.include_router(correction_router)

_PATH = "/periods/{period}/submissions/{member}/report"

Section = Annotated[str, Path(pattern=f"^({'|'.join(SECTIONS)})$")]


@router.get(_PATH)
async def tasks(request: Request, period: Period, member: Member) -> Response:
    """The sections with how far each is; where something was accepted, its figures can be corrected instead."""
    report, errors = await _loaded(request, period, member)
    if report.stream.accepted_version is not None and report.stream.pending_version is None and report.access.submits:
        return forward(request, f"{report.path}/report/correction")
    return report_page(request, report, errors)


@router.get(f"{_PATH}/sections/{{section}}")
async def section(
    request: Request,
    period: Period,
    member: Member,
    section: Section,
    more: Annotated[str | None, Query(max_length=64)] = None,
) -> Response:
    """One section to fill in; with `more` one item more (of activities: its type)."""
    report, errors = await _loaded(request, period, member)
    if section not in report.access.sections:
        raise not_found(request)
    if not report.fillable or report.draft.state != "open":
        return forward(request, f"{report.path}/report")
    shown = [*errors, *(each.told for each in report.unexplained)] if section in report.draft.sections else []
    return section_page(request, report, section, shown, more=more)


@router.get(f"{_PATH}/check")
async def check(request: Request, period: Period, member: Member) -> Response:
    """Everything as it would be submitted; with every error of all sections."""
    report, errors = await _loaded(request, period, member)
    if not (report.access.whole or report.access.signs):
        raise not_found(request)
    if not report.fillable:
        return forward(request, f"{report.path}/report")
    return check_page(request, report, errors)


@router.get(f"{_PATH}/receipt")
async def receipt(request: Request, period: Period, member: Member) -> HTMLResponse:
    """The newest version: when it came, which it is, what comes next."""
    own_or_404(request, member)
    runtime = runtime_of(request)
    async with runtime.pool.acquire() as conn:
        known = (await load_streams(conn, catalogues_of(runtime), [(period, member)])).get((period, member))
    if known is None or not known.stream.versions:
        raise not_found(request)
    access = access_of(current_principal(request), member)
    return page(
        request,
        "intake/report_receipt.html",
        title="report.receipt_title",
        version=known.stream.versions[-1],
        stream=known.stream,
        name=known.in_force.labels.member(member),
        mine=bool(access and access.submits),
        path=f"{request.scope.get('root_path', '')}/periods/{period}/submissions/{member}",
        root=request.scope.get("root_path", ""),
    )


async def _loaded(request: Request, period: str, member: str) -> tuple[Report, list[Refusal]]:
    async with runtime_of(request).pool.acquire() as conn:
        report = await load_report(request, conn, period, member)
        return report, await errors_of(request, conn, report)
