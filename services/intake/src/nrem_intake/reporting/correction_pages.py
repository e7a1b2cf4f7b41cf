"""Correcting figures that were accepted: each with its old number, its new one and the reason."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request, Response

from nrem_intake.reporting import correction_store
from nrem_intake.reporting.correction_signing import (
    Prepared,
    hand_over_correction,
    prepared,
    refuse_while_awaiting,
    signing_page,
    would_correct,
)
from nrem_intake.reporting.correction_signing import router as signing_router
from nrem_intake.reporting.domain.corrections import correction_lines, items_of_form, line_place
from nrem_intake.reporting.handing import needs_signature
from nrem_intake.reporting.on_behalf import authors_of_entry, behalf_errors
from nrem_intake.reporting.reading import Report, load_report
from nrem_intake.reporting.showing import told_in_words
from nrem_intake.submissions import commands
from nrem_intake.submissions.asking import Member, Period, count, count_failed
from nrem_intake.submissions.authorship import not_found
from nrem_intake.submissions.bodies import LARGEST_FORM, bounded
from nrem_intake.submissions.catalogues import catalogues_of
from nrem_intake.submissions.domain.refusals import Refusal
from nrem_intake.submissions.failures import Failed
from nrem_shared.contracts.submissions import SubmissionContent
from nrem_shared.runtime.reading import see_other
from nrem_shared.runtime.requests import provenance, runtime_of
from nrem_shared.web.forms import FieldError
from nrem_shared.web.rendering import forward, page, translator_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fastapi.responses import HTMLResponse

router = APIRouter(include_in_schema=False, route_class=bounded(LARGEST_FORM))
router.include_router(signing_router)

_PATH = "/periods/{period}/submissions/{member}/report/correction"
_MOST_FIELDS = 20_000


@router.get(_PATH)
async def correction_form(request: Request, period: Period, member: Member) -> Response:
    """The accepted figures, with places for what they should be; or what waits for the signature."""
    report, waiting = await _correctable(request, period, member)
    if report.stream.accepted_version is None or report.stream.pending_version is not None:
        return forward(request, report.path)
    if report.access.on_behalf:  # what the institution prepares is its own until it is submitted
        return forward(request, report.path) if waiting and waiting.draft.awaiting else _page(request, report, {}, [])
    if waiting and waiting.draft.awaiting:
        return signing_page(request, report, waiting)
    if not report.access.submits:
        return forward(request, report.path)
    given, note = (waiting.draft.given, waiting.draft.note) if waiting else ({}, None)
    return _page(request, report, given, [], note)


@router.post(_PATH)
async def correct(request: Request, period: Period, member: Member) -> Response:
    """Submit the correction, as the API does; or say everything that is wrong with it, nothing typed lost."""
    form = await request.form(max_fields=_MOST_FIELDS)
    given = {name: value for name, value in form.items() if isinstance(value, str)}
    report, _ = await _correctable(request, period, member)
    if not report.access.whole:
        raise not_found(request)
    items, places = items_of_form(_accepted(report), given)
    revision = given.get("revision", "")
    seen = int(revision) if revision.isdecimal() else 0
    own = await behalf_errors(request, report.known, given.get("reason", "")) if report.access.on_behalf else []
    try:
        if needs_signature(request, report.known):
            kept = {name: text for name, text in given.items() if name.startswith("/observations/") and text}
            return await hand_over_correction(request, report.known, items, seen, kept)
        if own:
            await would_correct(request, report.known, items, seen)
            return _page(request, report, given, [], own=own)
        return await _corrected(request, report, items, seen, given.get("reason", ""))
    except Failed as failed:
        count_failed(request, failed)
        errors = [replace(error, pointer=line_place(error.pointer, places)) for error in failed.failures[0].errors]
        return _page(request, report, given, errors, own=own)


async def _corrected(request: Request, report: Report, items: list[dict[str, Any]], seen: int, reason: str) -> Response:
    """Submit it; on the member's behalf where it is the coordinator: what the member itself had typed stays then."""
    runtime, stream = runtime_of(request), report.stream
    authors = authors_of_entry(request, reason, on_behalf=report.access.on_behalf)
    async with runtime.journal.writing(provenance(request)) as writing:
        await refuse_while_awaiting(request, writing.conn, stream.period, stream.member)
        decided = await commands.correct_one(
            writing, catalogues_of(runtime), stream.period, stream.member, items, seen, authors
        )
        if not report.access.on_behalf:
            await correction_store.delete_correction_draft(writing.conn, stream.period, stream.member)
    count(request, [decided])
    secure = runtime.settings.secure_cookies
    return see_other(f"{report.path}/report/receipt", after=writing.after, secure=secure)


async def _correctable(request: Request, period: str, member: str) -> tuple[Report, Prepared | None]:
    async with runtime_of(request).pool.acquire() as conn:
        report = await load_report(request, conn, period, member)
        if not (report.access.whole or report.access.signs):
            raise not_found(request)
        return report, await prepared(request, conn, report)


def _accepted(report: Report) -> SubmissionContent:
    number = report.stream.accepted_version
    found = next((version.content for version in report.stream.versions if version.number == number), None)
    return found or SubmissionContent()


def _page(
    request: Request,
    report: Report,
    given: dict[str, str],
    errors: list[Refusal],
    note: str | None = None,
    own: Sequence[FieldError] = (),
) -> HTMLResponse:
    lines = correction_lines(_accepted(report), given, report.setting)
    translate = translator_of(request)
    labels = report.setting.labels

    def told(error: Refusal) -> FieldError:
        return FieldError(error.pointer or None, "upload.error_whole", {"text": told_in_words(translate, error)})

    return page(
        request,
        "intake/report_correction.html",
        title="report.correction_title",
        title_values={"member": labels.abbreviation(report.setting.member), "period": report.setting.period},
        status=422 if errors or own else 200,
        errors=[*own, *(told(error) for error in errors)],
        on_behalf=report.access.on_behalf,
        reason=given.get("reason", ""),
        lines=lines,
        note=note,
        waits=needs_signature(request, report.known),
        stream=report.stream,
        name=labels.member(report.setting.member),
        path=report.path,
    )
