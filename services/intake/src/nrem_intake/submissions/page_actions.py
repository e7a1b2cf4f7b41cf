"""What a member's forms do: submit a file, nothing to report, withdraw."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, File, Form, Request, Response, UploadFile
from fastapi.responses import HTMLResponse

from nrem_intake.reporting.correction_signing import hand_over_correction, refuse_while_awaiting, would_correct
from nrem_intake.reporting.handing import hand_over_document, needs_signature
from nrem_intake.reporting.in_the_way import UNCONFIRMED, Confirmed, aside_page, in_the_way, put_aside
from nrem_intake.reporting.on_behalf import Reason, authors_of_entry, behalf_errors, sends_on_behalf
from nrem_intake.reporting.recalling import unexplained_in
from nrem_intake.submissions import checking, commands, submitting
from nrem_intake.submissions.answers import explained
from nrem_intake.submissions.asking import Member, Number, Period, count, count_failed, owed_or_404
from nrem_intake.submissions.authorship import check_own, not_found
from nrem_intake.submissions.bodies import LARGEST_FORM, LARGEST_SUBMISSION, bounded
from nrem_intake.submissions.catalogues import catalogues_of
from nrem_intake.submissions.checking import ToSubmit
from nrem_intake.submissions.domain.authors import NOBODY, Authors
from nrem_intake.submissions.domain.refusals import Refusal
from nrem_intake.submissions.failures import Failed
from nrem_intake.submissions.places import place_of
from nrem_intake.submissions.streams import Known
from nrem_intake.submissions.uploads import Unreadable, read_upload
from nrem_shared.runtime.problems import Problem
from nrem_shared.runtime.reading import see_other
from nrem_shared.runtime.requests import provenance, runtime_of
from nrem_shared.web.forms import FieldError
from nrem_shared.web.rendering import page, translator_of

if TYPE_CHECKING:
    from nrem_intake.submissions.domain.stream import Decided
    from nrem_shared.runtime.journal import Writing

router = APIRouter(include_in_schema=False, route_class=bounded(LARGEST_FORM))

_PATH = "/periods/{period}/submissions/{member}"
_VERSION = f"{_PATH}/versions/{{version}}"

Revision = Annotated[int, Form(ge=0, description="The revision that the page showed")]


@router.get(f"{_PATH}/upload")
async def upload_form(request: Request, period: Period, member: Member) -> HTMLResponse:
    """Choose a file with a submission, or with a correction once something was accepted."""
    sends_on_behalf(request, member)
    return await _upload_page(request, await owed_or_404(request, period, member))


@router.post(f"{_PATH}/upload")
async def upload(
    request: Request,
    period: Period,
    member: Member,
    revision: Revision,
    document: Annotated[UploadFile | None, File()] = None,
    check: Annotated[str, Form(max_length=10)] = "",
    aside: Confirmed = None,
    reason: Reason = "",
) -> Response:
    """Submit the file's content, or say everything that is wrong with it; with `check` nothing is kept.

    A draft that holds something is put aside only if `aside` says so. A coordinator says why it is they (`reason`).
    """
    on_behalf = sends_on_behalf(request, member)
    known = await owed_or_404(request, period, member)
    if document is None or not document.filename:
        return await _upload_page(request, known, [Refusal("", "file_missing")])
    if (document.size or 0) > LARGEST_SUBMISSION:
        return await _upload_page(
            request, known, [Refusal("", "file_too_large", {"limit": str(LARGEST_SUBMISSION // 1024)})]
        )
    try:
        content = await read_upload(document)
    except Unreadable as error:
        return await _upload_page(request, known, [Refusal("", "file_unreadable", {"line": str(error.line or "?")})])
    if check:
        return await _checked(request, known, content)
    own = await behalf_errors(request, known, reason) if on_behalf else []
    waiting = None if _is_correction(content) else await in_the_way(request, known)
    if waiting and aside != waiting.revision:
        own.append(UNCONFIRMED)
    if own:
        errors = await _errors_of(request, known, content, revision)
        return await _upload_page(request, known, errors, own=own, reason=reason)
    authors = authors_of_entry(request, reason, on_behalf=on_behalf)
    return await _submitted(request, known, content, revision, aside, authors=authors)


@router.post(f"{_PATH}/nothing")
async def nothing_to_report(
    request: Request, period: Period, member: Member, revision: Revision, aside: Confirmed = None
) -> Response:
    """In one click; where a draft holds something, in one more that says that it is put aside (`aside`)."""
    check_own(request, member)
    known = await owed_or_404(request, period, member)
    waiting = await in_the_way(request, known)
    if waiting and aside != waiting.revision:
        return aside_page(request, known, waiting)
    to = f"{_here(request, period, member)}/report/receipt"
    return await _submitted(request, known, {"nothing_to_report": True}, revision, aside, to=to)


@router.post(f"{_VERSION}/withdraw")
async def withdraw(request: Request, period: Period, member: Member, version: Number, revision: Revision) -> Response:
    """The member takes the version back."""
    check_own(request, member)
    catalogues = catalogues_of(runtime_of(request))
    return await _decided(
        request,
        _here(request, period, member),
        lambda writing: commands.withdraw(writing, catalogues, period, member, version, revision),
    )


def _here(request: Request, period: str, member: str) -> str:
    return f"{request.scope.get('root_path', '')}/periods/{period}/submissions/{member}"


async def _submitted(
    request: Request,
    known: Known,
    content: Any,
    revision: int,
    aside: int | None,
    *,
    to: str | None = None,
    authors: Authors = NOBODY,
) -> Response:
    """Submit or correct, whichever the document is; refusals come back on the upload page."""
    stream = known.stream
    if not _is_correction(content) and needs_signature(request, known):
        handed = await hand_over_document(request, known, content, aside)
        return await _upload_page(request, known, handed) if isinstance(handed, tuple) else handed
    if _is_correction(content) and needs_signature(request, known):
        try:
            return await hand_over_correction(request, known, content["items"], revision)
        except Failed as failed:
            return await _upload_page(request, known, failed.failures[0].errors)
    catalogues = catalogues_of(runtime_of(request))

    async def command(writing: Writing) -> Decided:
        if _is_correction(content):
            await refuse_while_awaiting(request, writing.conn, stream.period, stream.member)
            items = content["items"]
            return await commands.correct_one(
                writing, catalogues, stream.period, stream.member, items, revision, authors
            )
        wanted = ToSubmit(stream.period, stream.member, content, revision or None, authors)
        await put_aside(request, writing, known, aside)
        return (await submitting.submit_many(writing, catalogues, [wanted]))[0]

    try:
        here = _here(request, stream.period, stream.member)
        return await _decided(request, to or here, command, explains=True)
    except Failed as failed:
        return await _upload_page(request, known, failed.failures[0].errors)


async def _checked(request: Request, known: Known, content: Any) -> Response:
    if _is_correction(content):
        return await _upload_page(request, known, [Refusal("", "correction_unchecked")])
    errors = await _errors_of(request, known, content, known.stream.revision)
    return await _upload_page(request, known, errors, unusual=() if errors else await _unusual(request, known, content))


async def _errors_of(request: Request, known: Known, content: Any, revision: int) -> tuple[Refusal, ...]:
    runtime = runtime_of(request)
    if _is_correction(content):
        try:
            await would_correct(request, known, content["items"], revision)
        except Failed as failed:
            return failed.failures[0].errors
        return ()
    wanted = ToSubmit(known.stream.period, known.stream.member, content)
    async with runtime.pool.acquire() as conn:
        return tuple(await checking.validate_one(conn, catalogues_of(runtime), wanted))


async def _unusual(request: Request, known: Known, content: Any) -> tuple[Refusal, ...]:
    async with runtime_of(request).pool.acquire() as conn:
        found = await unexplained_in(conn, known.stream.period, known.stream.member, content)
    return tuple(each.told for each in found)


def _is_correction(content: Any) -> bool:
    return isinstance(content, dict) and "items" in content


async def _decided(
    request: Request, to: str, command: Callable[[Writing], Awaitable[Decided]], *, explains: bool = False
) -> Response:
    """Run a command and go to a page. Raises Failed where the form can say why (`explains`: conflicts too)."""
    runtime = runtime_of(request)
    try:
        async with runtime.journal.writing(provenance(request)) as writing:
            decided = await command(writing)
    except Failed as failed:
        count_failed(request, failed)
        why = failed.failures[0].why
        if why == "unknown":
            raise not_found(request) from failed
        if why in ("changed_meanwhile", "revision_required") or (why == "conflict" and not explains):
            raise Problem.conflict(str(failed)) from failed
        raise
    count(request, [decided])
    return see_other(to, after=writing.after, secure=runtime.settings.secure_cookies)


async def _upload_page(
    request: Request,
    known: Known,
    errors: Any = (),
    *,
    unusual: tuple[Refusal, ...] | None = None,
    own: Sequence[FieldError] = (),
    reason: str = "",
) -> HTMLResponse:
    """`unusual` null = the file was not checked."""
    translate = translator_of(request)
    told = [(place_of(translate, error.pointer), explained(translate, error)) for error in errors]
    summary = [
        FieldError("document" if place == 0 else None, "upload.error", {"place": where, "text": text.detail})
        if where
        else FieldError("document" if place == 0 else None, "upload.error_whole", {"text": text.detail})
        for place, (where, text) in enumerate(told)
    ]
    stream = known.stream
    return page(
        request,
        "intake/upload.html",
        title="upload.title",
        title_values={"member": known.in_force.labels.abbreviation(stream.member), "period": stream.period},
        status=422 if told or own else 200,
        errors=[*summary, *own],
        told=told,
        stream=stream,
        checked=unusual is not None and not told,
        unusual=[(place_of(translate, each.pointer), explained(translate, each)) for each in unusual or ()],
        on_behalf=sends_on_behalf(request, stream.member),
        reason=reason,
        waiting=await in_the_way(request, known) if stream.accepted_version is None else None,
        path=_here(request, stream.period, stream.member),
    )
