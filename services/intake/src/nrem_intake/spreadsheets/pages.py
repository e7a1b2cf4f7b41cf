"""Reporting by workbook: download a prefilled one, upload it, look at what it says, submit exactly that."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated
from uuid import uuid4

from fastapi import APIRouter, Depends, File, Form, Query, Request, Response, UploadFile
from fastapi.responses import HTMLResponse

from nrem_intake.reporting.handing import hand_over_document, needs_signature
from nrem_intake.reporting.in_the_way import UNCONFIRMED, Confirmed, in_the_way, put_aside
from nrem_intake.reporting.on_behalf import Reason, authors_of_entry, behalf_errors, sends_on_behalf
from nrem_intake.reporting.recalling import history_of
from nrem_intake.spreadsheets import store
from nrem_intake.spreadsheets.domain.building import report_book
from nrem_intake.spreadsheets.domain.stamp import NotOurs, check_for, stamp_in
from nrem_intake.spreadsheets.looking import Reading, digest_of, workbook_page
from nrem_intake.spreadsheets.preparing import content_to_do_again, offer_to
from nrem_intake.spreadsheets.taking import take, taken_again
from nrem_intake.spreadsheets.workshop import workshop_of
from nrem_intake.submissions import submitting
from nrem_intake.submissions.asking import Member, Period, count, count_failed, owed_or_404
from nrem_intake.submissions.authorship import own_or_404
from nrem_intake.submissions.bodies import bounded
from nrem_intake.submissions.catalogues import catalogues_of
from nrem_intake.submissions.checking import ToSubmit
from nrem_intake.submissions.domain.refusals import Refusal
from nrem_intake.submissions.failures import Failed
from nrem_intake.submissions.streams import Known
from nrem_shared.runtime.logs import logger
from nrem_shared.runtime.reading import see_other
from nrem_shared.runtime.requests import provenance, runtime_of
from nrem_shared.runtime.service import Runtime
from nrem_shared.web.application import set_clock
from nrem_shared.web.languages import LANGUAGES
from nrem_shared.web.site import Site

if TYPE_CHECKING:
    import asyncpg

    from nrem_intake.spreadsheets.domain.choices import Offer

#: A workbook, with the form around it.
LARGEST_WORKBOOK = 4 * 1024 * 1024
LARGEST_FORM = LARGEST_WORKBOOK + 64 * 1024

#: How long an upload waits to be submitted; it is a technical lease, in real time.
KEPT = timedelta(hours=1)

#: A reading that takes longer was cut off by a restart.
LONGEST_READING = timedelta(minutes=2)

#: How long the answer to an upload waits for the reading to end, before it shows how far it is.
PATIENCE = 3.0

#: Steps of reading, after the arrival.
OPENING, TAKING = 2, 3

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

router = APIRouter(include_in_schema=False, route_class=bounded(LARGEST_FORM), dependencies=[Depends(set_clock)])

_PATH = "/periods/{period}/submissions/{member}/workbook"
_log = logger(__name__)


@router.get(f"{_PATH}.xlsx")
async def download(request: Request, period: Period, member: Member, lang: str = "") -> Response:
    """The prefilled workbook, in the language asked for, else the member's."""
    own_or_404(request, member)
    runtime = runtime_of(request)
    known = await owed_or_404(request, period, member)
    async with runtime.pool.acquire() as conn:
        history = await history_of(conn, known.stream.member, known.stream.period)
        reporting = frozenset(await store.reporting(conn, period))
        language = lang if lang in LANGUAGES else await store.language_of(conn, member) or "lv"
    site: Site = request.app.state.site
    words = site.templates.translator(language)
    offer = offer_to(known.in_force, member, words, reporting)
    day = site.templates.formats(language).date(known.stream.due)
    book = report_book(offer, content_to_do_again(known.stream), history, day, words)
    name = f"nrem-{period}-{member}.xlsx"
    headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "private, no-store"}
    return Response(await workshop_of(runtime).write(book), media_type=MEDIA_TYPE, headers=headers)


@router.get(_PATH)
async def show(
    request: Request, period: Period, member: Member, upload: Annotated[str, Query(max_length=40)] = ""
) -> HTMLResponse:
    """How to report by workbook; with `upload` what an uploaded one says."""
    sends_on_behalf(request, member)
    known = await owed_or_404(request, period, member)
    if not upload:
        return await workbook_page(request, known)
    row = await _upload(runtime_of(request), upload, period, member)
    if row is None:
        return await workbook_page(request, known, refused=[Refusal("", "workbook_gone")])
    if row["state"] == "reading" and row["received_at"] < datetime.now(UTC) - LONGEST_READING:
        return await workbook_page(request, known, refused=[Refusal("", "workbook_gone")])
    if row["state"] == "reading":
        return await workbook_page(request, known, reading=Reading(upload, row["step"]))
    if row["refused"]:
        code, parameters = row["refused"]
        return await workbook_page(request, known, refused=[Refusal("", code, parameters)])
    return await workbook_page(request, known, upload=upload, taken=taken_again(row["reading"]))


@router.post(_PATH)
async def receive(
    request: Request, period: Period, member: Member, workbook: Annotated[UploadFile | None, File()] = None
) -> Response:
    """Take the file in and read it; then on to what it says. It is not submitted yet."""
    sends_on_behalf(request, member)
    known = await owed_or_404(request, period, member)
    if workbook is None or not workbook.filename:
        return await workbook_page(request, known, refused=[Refusal("", "workbook_missing")])
    if (workbook.size or 0) > LARGEST_WORKBOOK:
        return await workbook_page(request, known, refused=[Refusal("", "workbook_too_large")])
    runtime, identifier = runtime_of(request), uuid4().hex
    async with runtime.pool.acquire() as conn:
        await store.forget_uploads(conn, "", datetime.now(UTC) - KEPT)
        await store.begin_upload(conn, identifier, period, member, datetime.now(UTC))
    site: Site = request.app.state.site
    offer = offer_to(known.in_force, member, site.templates.translator("lv"))
    work = asyncio.create_task(_read(runtime, identifier, await workbook.read(), known, offer))
    _keep(runtime, work)
    await asyncio.wait([work], timeout=PATIENCE)
    return see_other(f"{_here(request, known)}/workbook?upload={identifier}")


@router.post(f"{_PATH}/submit")
async def submit(
    request: Request,
    period: Period,
    member: Member,
    upload: Annotated[str, Form(max_length=40)],
    digest: Annotated[str, Form(max_length=80)],
    revision: Annotated[int, Form(ge=0)],
    aside: Confirmed = None,
    reason: Reason = "",
) -> Response:
    """Submit what was looked at, nothing else.

    A draft that holds something is put aside only if `aside` says so. A coordinator says why it is they (`reason`).
    """
    on_behalf = sends_on_behalf(request, member)
    known = await owed_or_404(request, period, member)
    runtime = runtime_of(request)
    row = await _upload(runtime, upload, period, member)
    if row is None or not row["reading"]:
        return await workbook_page(request, known, refused=[Refusal("", "workbook_gone")])
    taken = taken_again(row["reading"])
    if taken.faults or digest != digest_of(taken):
        return await workbook_page(request, known, upload=upload, taken=taken)
    own = await behalf_errors(request, known, reason) if on_behalf else []
    waiting = await in_the_way(request, known)
    if waiting and aside != waiting.revision:
        own.append(UNCONFIRMED)
    if own:
        return await workbook_page(request, known, upload=upload, taken=taken, own=own, reason=reason)
    if needs_signature(request, known):
        handed = await hand_over_document(request, known, taken.report.document, aside)
        return handed if isinstance(handed, Response) else await workbook_page(request, known, refused=list(handed))
    authors = authors_of_entry(request, reason, on_behalf=on_behalf)
    wanted = ToSubmit(period, member, taken.report.document, revision or None, authors)
    try:
        async with runtime.journal.writing(provenance(request)) as writing:
            await put_aside(request, writing, known, aside)
            decided = await submitting.submit_many(writing, catalogues_of(runtime), [wanted])
            await store.forget_uploads(writing.conn, upload, datetime.now(UTC) - KEPT)
    except Failed as failed:
        count_failed(request, failed)
        failure = failed.failures[0]
        if failure.why == "refused":  # what is in force changed since it was looked at
            return await workbook_page(request, known, upload=upload, taken=taken)
        return await workbook_page(request, known, refused=list(failure.errors))
    count(request, decided)
    to = f"{_here(request, known)}/report/receipt"
    return see_other(to, after=writing.after, secure=runtime.settings.secure_cookies)


async def _read(runtime: Runtime, identifier: str, raw: bytes, known: Known, offer: Offer) -> None:
    """Read the file and keep what it says; whatever happens, the upload ends."""
    stream = known.stream
    reading, refused = None, None
    try:
        sheets = await workshop_of(runtime).read(raw, lambda: _at_step(runtime, identifier, OPENING))
        await _at_step(runtime, identifier, TAKING)
        stamp = stamp_in(sheets)
        check_for(stamp, stream.period, stream.member)
        reading = (await asyncio.to_thread(take, sheets, stamp, offer)).stored()
    except NotOurs as error:
        refused = [error.code, error.parameters]
    except Exception as error:
        _log.error("a workbook could not be read", error=repr(error), exc_info=error)
        refused = ["workbook_damaged", {}]
    async with runtime.pool.acquire() as conn:
        await store.finish_upload(conn, identifier, reading, refused)


async def _at_step(runtime: Runtime, identifier: str, step: int) -> None:
    async with runtime.pool.acquire() as conn:
        await store.advance_upload(conn, identifier, step)


def _keep(runtime: Runtime, work: asyncio.Task[None]) -> None:
    """Hold the task until it ends: the loop itself holds it weakly only."""
    state = runtime.api.state
    if not hasattr(state, "workbook_reading"):
        state.workbook_reading = set()
    state.workbook_reading.add(work)
    work.add_done_callback(state.workbook_reading.discard)


async def _upload(runtime: Runtime, identifier: str, period: str, member: str) -> asyncpg.Record | None:
    async with runtime.pool.acquire() as conn:
        return await store.upload(conn, identifier, period, member, datetime.now(UTC) - KEPT)


def _here(request: Request, known: Known) -> str:
    root = request.scope.get("root_path", "")
    return f"{root}/periods/{known.stream.period}/submissions/{known.stream.member}"
