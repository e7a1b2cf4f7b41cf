"""What the form's buttons do beside saving and submitting: discard, have it back, send back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Form, Request, Response

from nrem_intake.reporting import commands
from nrem_intake.reporting.domain import draft as drafts
from nrem_intake.reporting.domain.draft import Draft, Locked
from nrem_intake.reporting.reading import load_report
from nrem_intake.reporting.saving import files_router
from nrem_intake.reporting.saving import router as saving_router
from nrem_intake.reporting.submitting import router as submitting_router
from nrem_intake.submissions.answers import invalid
from nrem_intake.submissions.asking import Member, Period
from nrem_intake.submissions.authorship import not_found
from nrem_intake.submissions.bodies import LARGEST_FORM, bounded
from nrem_intake.submissions.catalogues import catalogues_of
from nrem_intake.submissions.domain.refusals import Findings
from nrem_shared.runtime.problems import Problem
from nrem_shared.runtime.reading import see_other
from nrem_shared.runtime.requests import provenance, runtime_of
from nrem_shared.web.rendering import translator_of

if TYPE_CHECKING:
    from collections.abc import Callable

router = APIRouter(include_in_schema=False, route_class=bounded(LARGEST_FORM))
router.include_router(submitting_router)
router.include_router(files_router)
router.include_router(saving_router)

_PATH = "/periods/{period}/submissions/{member}/report"


@router.post(f"{_PATH}/discard")
async def discard(request: Request, period: Period, member: Member) -> Response:
    """Put the draft away; it can be had back."""
    return await _changed(request, period, member, drafts.discard)


@router.post(f"{_PATH}/restore")
async def restore(request: Request, period: Period, member: Member) -> Response:
    """Have a discarded draft back."""
    return await _changed(request, period, member, drafts.restore)


@router.post(f"{_PATH}/send-back")
async def send_back(
    request: Request, period: Period, member: Member, note: Annotated[str, Form(max_length=4000)] = ""
) -> Response:
    """The officer does not sign, and says why; or those who prepared it take it back."""
    found = Findings()
    found.guard("/note", note)
    if found:
        raise invalid(request, found.sorted())
    runtime = runtime_of(request)
    async with runtime.pool.acquire() as conn:
        report = await load_report(request, conn, period, member)
    if not (report.access.submits or report.access.signs):
        raise not_found(request)
    try:
        async with runtime.journal.writing(provenance(request)) as writing:
            await commands.send_back(
                writing,
                catalogues_of(runtime),
                period,
                member,
                lambda draft: drafts.send_back(draft, note.strip() or None),
                "sent_back" if report.access.signs else "taken_back",
            )
    except Locked as error:
        raise Problem.conflict(translator_of(request)("report.state_changed")) from error
    return see_other(f"{report.path}/report", after=writing.after, secure=runtime.settings.secure_cookies)


async def _changed(request: Request, period: str, member: str, decide: Callable[[Draft], Draft]) -> Response:
    """A change of the draft's state, by those whose report it is; then the list of tasks."""
    runtime = runtime_of(request)
    async with runtime.pool.acquire() as conn:
        report = await load_report(request, conn, period, member)
    if not (report.access.whole or report.access.signs):
        raise not_found(request)
    try:
        await commands.change(runtime.pool, catalogues_of(runtime), period, member, runtime.clock.now(), decide)
    except Locked as error:
        raise Problem.conflict(translator_of(request)("report.state_changed")) from error
    return see_other(f"{report.path}/report")
