"""The page of a report's files: what was sent, send one more, remove one for good."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, File, Form, Request, Response, UploadFile
from fastapi.responses import HTMLResponse

from nrem_intake.evidence import commands, store
from nrem_intake.evidence.access import check_sender, may_send, visible
from nrem_intake.evidence.api import LARGEST_UPLOAD
from nrem_intake.evidence.domain import MEDIA_TYPES
from nrem_intake.submissions.answers import explained
from nrem_intake.submissions.asking import Member, Period, count_failed
from nrem_intake.submissions.authorship import not_found, own_or_404
from nrem_intake.submissions.bodies import bounded
from nrem_intake.submissions.catalogues import catalogues_of
from nrem_intake.submissions.domain.refusals import Refusal
from nrem_intake.submissions.failures import Failed
from nrem_intake.submissions.streams import load_streams
from nrem_shared.contracts.base import LocalizedText
from nrem_shared.runtime.identity.authorisation import current_principal
from nrem_shared.runtime.reading import see_other
from nrem_shared.runtime.requests import provenance, runtime_of
from nrem_shared.web.application import set_clock
from nrem_shared.web.forms import FieldError
from nrem_shared.web.languages import content_locale
from nrem_shared.web.rendering import language_of, page, translator_of
from nrem_shared.web.typed import Typed, TypedText, too_long

if TYPE_CHECKING:
    from collections.abc import Sequence

router = APIRouter(include_in_schema=False, route_class=bounded(LARGEST_UPLOAD), dependencies=[Depends(set_clock)])

_PAGE = "/periods/{period}/submissions/{member}/evidence"


@router.get(_PAGE)
async def files(request: Request, period: Period, member: Member) -> HTMLResponse:
    """The files of one member for one period, with what a report refers to each by."""
    own_or_404(request, member)
    return await _page(request, period, member)


@router.post(_PAGE)
async def send(
    request: Request, period: Period, member: Member, file: Annotated[UploadFile | None, File()] = None
) -> Response:
    """Send one more; every reason why not is told at once."""
    check_sender(request, member)
    if file is None or not file.filename:
        return await _page(request, period, member, [Refusal("/file", "file_missing")])
    runtime = runtime_of(request)
    try:
        content = await file.read(commands.limit_of(runtime) + 1)
        kept = await commands.keep(runtime, period, member, file.filename, content, provenance(request))
    except Failed as failed:
        count_failed(request, failed)
        if failed.failures[0].why == "unknown":
            raise not_found(request) from failed
        return await _page(request, period, member, failed.failures[0].errors)
    return see_other(f"{_here(request, period, member)}#file-{kept.id}", secure=runtime.settings.secure_cookies)


@router.post(f"{_PAGE}/remove")
async def remove(
    request: Request,
    period: Period,
    member: Member,
    file: Annotated[UUID, Form()],
    reason: TypedText = "",
) -> Response:
    """Delete the bytes of one, with the reason."""
    found = await visible(request, file)
    if not reason.strip():
        return await _page(request, period, member, [Refusal("/reason", "missing")], file)
    if long := too_long(request, Typed("reason", "redaction.reason", reason)):
        return await _page(request, period, member, (), file, reason, long)
    runtime = runtime_of(request)
    text = LocalizedText.written(reason.strip(), content_locale(language_of(request)))
    try:
        after = await commands.remove(runtime, found, text, provenance(request))
    except Failed as failed:
        return await _page(request, period, member, failed.failures[0].errors, file, reason)
    return see_other(_here(request, period, member), after=after, secure=runtime.settings.secure_cookies)


def _here(request: Request, period: str, member: str) -> str:
    return f"{request.scope.get('root_path', '')}/periods/{period}/submissions/{member}/evidence"


def _told(request: Request, error: Refusal) -> FieldError:
    text: Any = explained(translator_of(request), error)
    field = "reason" if error.pointer.startswith("/reason") else "file"
    message = "evidence.in_name" if error.pointer == "/name" else "upload.error_whole"
    return FieldError(field, message, {"text": f"{text.detail} {text.hint}".strip()})


async def _page(
    request: Request,
    period: str,
    member: str,
    errors: Sequence[Refusal] = (),
    chosen: UUID | None = None,
    reason: str = "",
    long: Sequence[FieldError] = (),
) -> HTMLResponse:
    """`chosen` and `reason` = what was to be removed, and why, where that was refused."""
    runtime = runtime_of(request)
    async with runtime.pool.acquire() as conn:
        known = (await load_streams(conn, catalogues_of(runtime), [(period, member)])).get((period, member))
        kept = await store.of_stream(conn, period, member)
    if known is None or not known.owed:
        raise not_found(request)
    labels = known.in_force.labels
    return page(
        request,
        "intake/evidence.html",
        title="evidence.title",
        title_values={"member": labels.abbreviation(member), "period": period},
        status=422 if errors or long else 200,
        errors=[*(_told(request, error) for error in errors), *long],
        name=labels.member(member),
        illustrative=known.stream.illustrative,
        files=kept,
        chosen=str(chosen) if chosen else None,
        reason=reason,
        sends=may_send(request, member),
        removes=current_principal(request).has("coordinator"),
        limit=commands.limit_of(runtime) // (1024 * 1024),
        accept=",".join(f".{ending}" for ending in MEDIA_TYPES),
        root=request.scope.get("root_path", ""),
        path=_here(request, period, member).removesuffix("/evidence"),
    )
