"""Corrections of an institution whose officer signs: prepared, read beside what was accepted, signed or sent back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request, Response

from nrem_intake.reporting import correction_store
from nrem_intake.reporting.access import office_of
from nrem_intake.reporting.correction_store import CorrectionDraft
from nrem_intake.reporting.notes import LONGEST_NOTE, text_errors
from nrem_intake.reporting.reading import Report, load_report
from nrem_intake.reporting.signatures import await_signature, settle
from nrem_intake.submissions import commands
from nrem_intake.submissions.asking import Member, Period, count, count_failed
from nrem_intake.submissions.authorship import not_found
from nrem_intake.submissions.bodies import LARGEST_FORM, bounded
from nrem_intake.submissions.catalogues import catalogues_of
from nrem_intake.submissions.domain.authors import Authors
from nrem_intake.submissions.domain.content_view import Change, changes_of
from nrem_intake.submissions.failures import Failed
from nrem_shared.runtime.identity.authorisation import current_principal
from nrem_shared.runtime.problems import Problem
from nrem_shared.runtime.reading import see_other
from nrem_shared.runtime.requests import provenance, runtime_of
from nrem_shared.web.rendering import page, translator_of
from nrem_shared.web.typed import TypedText

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fastapi.responses import HTMLResponse

    from nrem_intake.submissions.failures import Seen
    from nrem_intake.submissions.streams import Known
    from nrem_shared.runtime.database import Connection
    from nrem_shared.runtime.journal import Writing
    from nrem_shared.web.forms import FieldError

router = APIRouter(include_in_schema=False, route_class=bounded(LARGEST_FORM))

_PATH = "/periods/{period}/submissions/{member}/report/correction"


@dataclass(frozen=True, slots=True)
class Prepared:
    """A correction that was prepared, with the figures that it changes; none where it fits no more."""

    draft: CorrectionDraft
    changes: tuple[Change, ...]


async def prepared(request: Request, conn: Connection, report: Report) -> Prepared | None:
    """What was prepared, as it would be submitted now; null where nothing was."""
    period, member = report.setting.period, report.setting.member
    draft = await correction_store.correction_draft(conn, period, member)
    if draft is None:
        return None
    runtime = runtime_of(request)
    try:
        decided = await commands.corrected(
            conn, catalogues_of(runtime), period, member, draft.items, draft.stream_revision, runtime.clock.now()
        )
    except Failed:
        return Prepared(draft, ())
    return Prepared(draft, changes_of(decided.stream.versions[-1].corrected_figures, report.setting.labels))


async def hand_over_correction(
    request: Request, known: Known, items: Any, seen: int, given: Mapping[str, str] | None = None
) -> Response:
    """It waits for the officer's signature, which is a fact; what is in it is none yet. Raises Failed."""
    runtime, stream = runtime_of(request), known.stream
    async with runtime.journal.writing(provenance(request)) as writing:
        await await_correction(request, writing, known, items, seen, given)
    here = f"{request.scope.get('root_path', '')}/periods/{stream.period}/submissions/{stream.member}"
    return see_other(f"{here}/report/correction", after=writing.after, secure=runtime.settings.secure_cookies)


async def await_correction(
    request: Request, writing: Writing, known: Known, items: Any, seen: int, given: Mapping[str, str] | None = None
) -> None:
    """Keep the valid correction until it is signed, and tell that it waits. Raises Failed, 409 while another does."""
    stream, by = known.stream, office_of(current_principal(request))
    catalogues = catalogues_of(runtime_of(request))
    await refuse_while_awaiting(request, writing.conn, stream.period, stream.member)
    await commands.corrected(writing.conn, catalogues, stream.period, stream.member, items, seen, writing.now)
    draft = CorrectionDraft(stream.period, stream.member, seen, items, by, writing.now, dict(given or {}))
    await correction_store.put_correction_draft(writing.conn, draft)
    await await_signature(writing, known, "correction", by)


async def refuse_while_awaiting(request: Request, conn: Connection, period: str, member: str) -> None:
    """Raise the 409 problem while a correction waits for its signature: one at a time."""
    before = await correction_store.correction_draft(conn, period, member)
    if before is not None and before.awaiting:
        raise Problem.conflict(translator_of(request)("report.correction_locked"))


async def would_correct(request: Request, known: Known, items: Any, seen: Seen) -> None:
    """Raise Failed with everything that keeps the correction from being submitted; nothing is kept."""
    runtime, stream = runtime_of(request), known.stream
    async with runtime.pool.acquire() as conn:
        await commands.corrected(
            conn, catalogues_of(runtime), stream.period, stream.member, items, seen, runtime.clock.now()
        )


@router.post(f"{_PATH}/sign")
async def sign(request: Request, period: Period, member: Member) -> Response:
    """The officer signs the correction that was prepared: it is submitted, with both names."""
    report, found = await _awaiting(request, period, member)
    if not report.access.signs:
        raise not_found(request)
    runtime = runtime_of(request)
    authors = Authors(prepared_by=found.prepared_by, signed_by=office_of(current_principal(request), "officer"))
    try:
        async with runtime.journal.writing(provenance(request)) as writing:
            decided = await commands.correct_one(
                writing, catalogues_of(runtime), period, member, found.items, found.stream_revision, authors
            )
            await correction_store.delete_correction_draft(writing.conn, period, member)
            await settle(writing, period, member, "signed")
    except Failed as failed:
        count_failed(request, failed)
        raise Problem.conflict(translator_of(request)("report.correction_outdated")) from failed
    count(request, [decided])
    return see_other(f"{report.path}/report/receipt", after=writing.after, secure=runtime.settings.secure_cookies)


@router.post(f"{_PATH}/send-back")
async def send_back(request: Request, period: Period, member: Member, note: TypedText = "") -> Response:
    """The officer does not sign, and says why; or whoever prepared it takes it back."""
    report, draft = await _awaiting(request, period, member)
    runtime = runtime_of(request)
    if wrong := await text_errors(request, report, "note", note, LONGEST_NOTE):
        async with runtime.pool.acquire() as conn:
            waiting = await prepared(request, conn, report)
        return signing_page(request, report, waiting or Prepared(draft, ()), wrong, note)
    async with runtime.journal.writing(provenance(request)) as writing:
        back = replace(draft, state="open", note=note.strip() or None, changed_at=writing.now)
        await correction_store.put_correction_draft(writing.conn, back)
        await settle(writing, period, member, "sent_back" if report.access.signs else "taken_back")
    return see_other(f"{report.path}/report/correction", after=writing.after, secure=runtime.settings.secure_cookies)


async def _awaiting(request: Request, period: str, member: str) -> tuple[Report, CorrectionDraft]:
    async with runtime_of(request).pool.acquire() as conn:
        report = await load_report(request, conn, period, member)
        if not (report.access.submits or report.access.signs):
            raise not_found(request)
        draft = await correction_store.correction_draft(conn, period, member)
    if draft is None or not draft.awaiting:
        raise Problem.conflict(translator_of(request)("report.state_changed"))
    return report, draft


def signing_page(
    request: Request, report: Report, found: Prepared, errors: Sequence[FieldError] = (), note: str = ""
) -> HTMLResponse:
    """The figures that the correction changes, for the officer to sign and for whoever prepared it to see.

    `errors` are about the `note` that was to go back with it.
    """
    labels = report.setting.labels
    return page(
        request,
        "intake/report_correction_signing.html",
        title="report.correction_title",
        title_values={"member": labels.abbreviation(report.setting.member), "period": report.setting.period},
        status=422 if errors else 200,
        errors=errors,
        note=note,
        prepared=found.draft,
        changes=found.changes,
        access=report.access,
        stream=report.stream,
        name=labels.member(report.setting.member),
        path=report.path,
    )
