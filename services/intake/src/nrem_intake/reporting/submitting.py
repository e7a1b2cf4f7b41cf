"""Submitting a draft: by the institution, signed by its officer, or by the coordinator on its behalf."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Form, Request, Response

from nrem_intake.reporting import commands
from nrem_intake.reporting.access import office_of
from nrem_intake.reporting.domain import draft as drafts
from nrem_intake.reporting.domain.draft import Changed, Draft, Locked
from nrem_intake.reporting.on_behalf import Reason, authors_of_entry, behalf_errors
from nrem_intake.reporting.reading import Report, errors_of, load_report
from nrem_intake.reporting.rendering import check_page
from nrem_intake.submissions.asking import Member, Period, count, count_failed
from nrem_intake.submissions.authorship import not_found
from nrem_intake.submissions.catalogues import catalogues_of
from nrem_intake.submissions.domain.authors import Authors
from nrem_intake.submissions.domain.refusals import Refusal
from nrem_intake.submissions.failures import Failed
from nrem_shared.runtime.identity.authorisation import current_principal
from nrem_shared.runtime.problems import Problem
from nrem_shared.runtime.reading import see_other
from nrem_shared.runtime.requests import provenance, runtime_of
from nrem_shared.web.forms import FieldError
from nrem_shared.web.rendering import translator_of

if TYPE_CHECKING:
    from collections.abc import Callable

router = APIRouter(include_in_schema=False)

_PATH = "/periods/{period}/submissions/{member}/report"

Revision = Annotated[int, Form(ge=0, description="The revision of the draft that the page showed")]


@router.post(f"{_PATH}/submit")
async def submit(
    request: Request,
    period: Period,
    member: Member,
    revision: Revision,
    reason: Reason = "",
    right: Annotated[str, Form(max_length=10, description="That figures far from the usual are right")] = "",
) -> Response:
    """Submit; where the officer signs, hand it over; for a coordinator with the reason why it is they.

    Figures far from the usual ones need a comment, or a tick that they are `right`.
    """
    report, errors = await _loaded(request, period, member)
    if not report.access.whole:
        raise not_found(request)
    own = await behalf_errors(request, report.known, reason) if report.access.on_behalf else []
    if report.unexplained and not right:
        own.append(FieldError("right", "report.unusual_unconfirmed"))
    if errors or own:
        return check_page(request, report, errors, status=422, own_errors=own, reason=reason, right=bool(right))
    if report.sign_off and report.access.submits and not report.access.signs:
        return await _handed_over(request, report, revision)
    authors = authors_of_entry(request, reason, on_behalf=report.access.on_behalf)
    return await _submitted(request, report, revision, lambda draft: _not_awaiting(draft, authors))


@router.post(f"{_PATH}/sign")
async def sign(request: Request, period: Period, member: Member, revision: Revision) -> Response:
    """The authorised officer signs what was handed over: it is submitted, with both names."""
    report, errors = await _loaded(request, period, member)
    if not report.access.signs:
        raise not_found(request)
    if errors:
        return check_page(request, report, errors, status=422)
    by = office_of(current_principal(request), "officer")
    return await _submitted(request, report, revision, lambda draft: _signed(draft, by))


def _not_awaiting(draft: Draft, authors: Authors) -> Authors:
    if draft.state != "open":
        raise Locked(draft.state)
    return authors


def _signed(draft: Draft, by: str) -> Authors:
    if draft.state != "awaiting_signature":
        raise Locked(draft.state)
    return Authors(prepared_by=draft.prepared_by, signed_by=by)


async def _submitted(
    request: Request, report: Report, revision: int, authorship: Callable[[Draft], Authors]
) -> Response:
    runtime, stream = runtime_of(request), report.stream
    try:
        async with runtime.journal.writing(provenance(request)) as writing:
            decided = await commands.submit(
                writing, catalogues_of(runtime), stream.period, stream.member, revision, authorship
            )
    except Failed as failed:
        count_failed(request, failed)
        report, errors = await _loaded(request, stream.period, stream.member)
        return check_page(request, report, errors or _why(failed), status=409)
    except Changed:
        report, errors = await _loaded(request, stream.period, stream.member)
        return check_page(request, report, errors, status=409, changed=True)
    except Locked as error:
        raise Problem.conflict(translator_of(request)("report.state_changed")) from error
    count(request, [decided])
    return see_other(f"{report.path}/report/receipt", after=writing.after, secure=runtime.settings.secure_cookies)


def _why(failed: Failed) -> tuple[Refusal, ...]:
    return failed.failures[0].errors


async def _handed_over(request: Request, report: Report, revision: int) -> Response:
    runtime, by = runtime_of(request), office_of(current_principal(request))

    def decide(draft: Draft) -> Draft:
        if draft.revision != revision:
            raise Changed("", draft)
        return drafts.hand_over(draft, by)

    setting = report.setting
    try:
        async with runtime.journal.writing(provenance(request)) as writing:
            await commands.hand_over(writing, catalogues_of(runtime), setting.period, setting.member, decide)
    except Changed:
        report, errors = await _loaded(request, setting.period, setting.member)
        return check_page(request, report, errors, status=409, changed=True)
    except Failed as failed:
        report, errors = await _loaded(request, setting.period, setting.member)
        return check_page(request, report, errors or _why(failed), status=409)
    except Locked as error:
        raise Problem.conflict(translator_of(request)("report.state_changed")) from error
    return see_other(f"{report.path}/report", after=writing.after, secure=runtime.settings.secure_cookies)


async def _loaded(request: Request, period: str, member: str) -> tuple[Report, list[Refusal]]:
    async with runtime_of(request).pool.acquire() as conn:
        report = await load_report(request, conn, period, member)
        if not report.fillable:
            raise Problem.conflict(translator_of(request)("report.not_fillable"))
        return report, await errors_of(request, conn, report)
