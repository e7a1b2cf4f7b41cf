"""Correcting figures that were accepted: each with its old number, its new one and the reason."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request, Response

from nrem_intake.reporting.domain.corrections import correction_lines, items_of_form, line_place
from nrem_intake.reporting.reading import Report, load_report
from nrem_intake.reporting.showing import told_in_words
from nrem_intake.submissions import commands
from nrem_intake.submissions.asking import Member, Period, count, count_failed
from nrem_intake.submissions.authorship import not_found
from nrem_intake.submissions.bodies import LARGEST_FORM, bounded
from nrem_intake.submissions.catalogues import catalogues_of
from nrem_intake.submissions.commands import Failed
from nrem_intake.submissions.domain.refusals import Refusal
from nrem_shared.contracts.submissions import SubmissionContent
from nrem_shared.runtime.reading import see_other
from nrem_shared.runtime.requests import provenance, runtime_of
from nrem_shared.web.forms import FieldError
from nrem_shared.web.rendering import forward, page, translator_of

if TYPE_CHECKING:
    from fastapi.responses import HTMLResponse

router = APIRouter(include_in_schema=False, route_class=bounded(LARGEST_FORM))

_PATH = "/periods/{period}/submissions/{member}/report/correction"
_MOST_FIELDS = 20_000


@router.get(_PATH)
async def correction_form(request: Request, period: Period, member: Member) -> Response:
    """The accepted figures, with places for what they should be."""
    report = await _correctable(request, period, member)
    if report.stream.accepted_version is None or report.stream.pending_version is not None:
        return forward(request, report.path)
    return _page(request, report, {}, [])


@router.post(_PATH)
async def correct(request: Request, period: Period, member: Member) -> Response:
    """Submit the correction, as the API does; or say everything that is wrong with it, nothing typed lost."""
    form = await request.form(max_fields=_MOST_FIELDS)
    given = {name: value for name, value in form.items() if isinstance(value, str)}
    report = await _correctable(request, period, member)
    content = _accepted(report)
    items, places = items_of_form(content, given)
    runtime = runtime_of(request)
    revision = given.get("revision", "")
    seen = int(revision) if revision.isdecimal() else 0
    try:
        async with runtime.journal.writing(provenance(request)) as writing:
            decided = await commands.correct_one(writing, catalogues_of(runtime), period, member, items, seen)
    except Failed as failed:
        count_failed(request, failed)
        errors = [replace(error, pointer=line_place(error.pointer, places)) for error in failed.failures[0].errors]
        return _page(request, report, given, errors)
    count(request, [decided])
    after, secure = writing.after, runtime.settings.secure_cookies
    return see_other(f"{report.path}/report/receipt", after=after, secure=secure)


async def _correctable(request: Request, period: str, member: str) -> Report:
    async with runtime_of(request).pool.acquire() as conn:
        report = await load_report(request, conn, period, member)
    if not report.access.submits:
        raise not_found(request)
    return report


def _accepted(report: Report) -> SubmissionContent:
    number = report.stream.accepted_version
    found = next((version.content for version in report.stream.versions if version.number == number), None)
    return found or SubmissionContent()


def _page(request: Request, report: Report, given: dict[str, str], errors: list[Refusal]) -> HTMLResponse:
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
        status=422 if errors else 200,
        errors=[told(error) for error in errors],
        lines=lines,
        stream=report.stream,
        name=labels.member(report.setting.member),
        path=report.path,
    )
