"""What the form's buttons do beside saving and submitting: discard, have it back, take it over, send back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Form, Request, Response

from nrem_intake.reporting import commands
from nrem_intake.reporting.domain import draft as drafts
from nrem_intake.reporting.domain.draft import Draft, Locked
from nrem_intake.reporting.domain.putting_aside import have_back, sent_back, take_over
from nrem_intake.reporting.notes import LONGEST_NOTE, text_errors
from nrem_intake.reporting.reading import Report, errors_of, load_report
from nrem_intake.reporting.rendering import check_page
from nrem_intake.reporting.saving import files_router
from nrem_intake.reporting.saving import router as saving_router
from nrem_intake.reporting.submitting import router as submitting_router
from nrem_intake.submissions.asking import Member, Period
from nrem_intake.submissions.authorship import not_found
from nrem_intake.submissions.bodies import LARGEST_FORM, bounded
from nrem_intake.submissions.catalogues import catalogues_of
from nrem_shared.runtime.problems import Problem
from nrem_shared.runtime.reading import see_other
from nrem_shared.runtime.requests import provenance, runtime_of
from nrem_shared.web.rendering import translator_of
from nrem_shared.web.typed import TypedText

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

router = APIRouter(include_in_schema=False, route_class=bounded(LARGEST_FORM))
router.include_router(submitting_router)
router.include_router(files_router)
router.include_router(saving_router)

_PATH = "/periods/{period}/submissions/{member}/report"


@router.post(f"{_PATH}/discard")
async def discard(request: Request, period: Period, member: Member) -> Response:
    """Put the draft away; it can be had back."""
    report = await _loaded(request, period, member)
    return await _changed(request, report, commands.change, drafts.discard)


@router.post(f"{_PATH}/restore")
async def restore(
    request: Request,
    period: Period,
    member: Member,
    place: Annotated[int, Form(ge=0, description="Which of those put aside, newest first")] = 0,
    revision: Annotated[int | None, Form(ge=0, description="The draft's revision that the page showed")] = None,
) -> Response:
    """Have back what was put aside; what was typed since is put aside in its place."""
    report, now = await _loaded(request, period, member), runtime_of(request).clock.now()

    def decide(draft: Draft) -> Draft:
        if revision not in (None, draft.revision):
            raise Locked(draft.state)
        return have_back(draft, place, report.stream.revision, now)

    return await _changed(request, report, commands.fill, decide)


@router.post(f"{_PATH}/take-over")
async def take_it_over(request: Request, period: Period, member: Member) -> Response:
    """Go on with a draft although the submission changed in another way; then everything is checked anew."""
    report = await _loaded(request, period, member)
    if not report.fillable:
        raise Problem.conflict(translator_of(request)("report.not_fillable"))
    return await _changed(request, report, commands.change, lambda draft: take_over(draft, report.stream.revision))


@router.post(f"{_PATH}/send-back")
async def send_back(request: Request, period: Period, member: Member, note: TypedText = "") -> Response:
    """The officer does not sign, and says why; or those who prepared it take it back."""
    runtime = runtime_of(request)
    async with runtime.pool.acquire() as conn:
        report = await load_report(request, conn, period, member)
        errors = await errors_of(request, conn, report)
    if not (report.access.submits or report.access.signs):
        raise not_found(request)
    if report.draft.state != "awaiting_signature":
        raise Problem.conflict(translator_of(request)("report.state_changed"))
    if wrong := await text_errors(request, report, "note", note, LONGEST_NOTE):
        return check_page(request, report, errors, status=422, own_errors=wrong, note=note)
    try:
        async with runtime.journal.writing(provenance(request)) as writing:
            await commands.send_back(
                writing,
                catalogues_of(runtime),
                period,
                member,
                lambda draft: sent_back(draft, note.strip() or None, writing.now),
                "sent_back" if report.access.signs else "taken_back",
            )
    except Locked as error:
        raise Problem.conflict(translator_of(request)("report.state_changed")) from error
    return see_other(f"{report.path}/report", after=writing.after, secure=runtime.settings.secure_cookies)


async def _loaded(request: Request, period: str, member: str) -> Report:
    """For those whose report it is."""
    async with runtime_of(request).pool.acquire() as conn:
        report = await load_report(request, conn, period, member)
    if not (report.access.whole or report.access.signs):
        raise not_found(request)
    return report


async def _changed(
    request: Request, report: Report, command: Callable[..., Awaitable[Draft]], decide: Callable[[Draft], Draft]
) -> Response:
    """A change of the draft; then the list of tasks."""
    runtime, setting = runtime_of(request), report.setting
    try:
        await command(runtime.pool, catalogues_of(runtime), setting.period, setting.member, runtime.clock.now(), decide)
    except Locked as error:
        raise Problem.conflict(translator_of(request)("report.state_changed")) from error
    return see_other(f"{report.path}/report")
