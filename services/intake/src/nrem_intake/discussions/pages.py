"""The page of one thread: an item as it was reported, what was said about it, and a form to say more."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Query, Request, Response
from fastapi.responses import HTMLResponse

from nrem_intake.discussions import commands, store
from nrem_intake.discussions.api import to_say
from nrem_intake.discussions.domain import LONGEST, by_item
from nrem_intake.submissions.answers import explained
from nrem_intake.submissions.asking import Member, Number, Period, count_failed
from nrem_intake.submissions.authorship import not_found, own_or_404
from nrem_intake.submissions.catalogues import catalogues_of
from nrem_intake.submissions.domain.content_view import sections_of
from nrem_intake.submissions.domain.errors import NotAllowed
from nrem_intake.submissions.domain.item_keys import key_at
from nrem_intake.submissions.domain.pointers import resolves
from nrem_intake.submissions.domain.refusals import Refusal
from nrem_intake.submissions.failures import Failed
from nrem_intake.submissions.streams import load_streams
from nrem_shared.contracts.submissions import SubmissionContent
from nrem_shared.runtime.identity.authorisation import current_principal
from nrem_shared.runtime.reading import see_other
from nrem_shared.runtime.requests import provenance, runtime_of
from nrem_shared.web.application import set_clock
from nrem_shared.web.forms import FieldError
from nrem_shared.web.rendering import page, translator_of
from nrem_shared.web.typed import Typed, TypedText, too_long

router = APIRouter(include_in_schema=False, dependencies=[Depends(set_clock)])

_PATH = "/periods/{period}/submissions/{member}/versions/{version}/discussion"


@router.get(_PATH)
async def show(
    request: Request,
    period: Period,
    member: Member,
    version: Number,
    at: Annotated[str, Query(max_length=300)] = "",
) -> HTMLResponse:
    """The thread of the item at a place of this version; without a place that of the submission as a whole."""
    return await _page(request, period, member, version, at)


@router.post(_PATH)
async def say(
    request: Request,
    period: Period,
    member: Member,
    version: Number,
    at: Annotated[str, Form(max_length=300)] = "",
    text: TypedText = "",
) -> Response:
    """Say something, and back to where the items are."""
    own_or_404(request, member)
    if long := too_long(request, Typed("text", "discussion.text", text, LONGEST)):
        return await _page(request, period, member, version, at, text, long=long)
    runtime = runtime_of(request)
    wanted = to_say(request, version, at, text)
    try:
        async with runtime.journal.writing(provenance(request)) as writing:
            await commands.say(writing, catalogues_of(runtime), period, member, wanted)
    except Failed as failed:
        count_failed(request, failed)
        if failed.failures[0].why == "unknown":
            raise not_found(request) from failed
        return await _page(request, period, member, version, at, text, failed.failures[0].errors)
    return see_other(
        _back(request, period, member, version, at), after=writing.after, secure=runtime.settings.secure_cookies
    )


async def _page(
    request: Request,
    period: str,
    member: str,
    version: int,
    at: str,
    text: str = "",
    errors: tuple[Refusal, ...] = (),
    long: Sequence[FieldError] = (),
) -> HTMLResponse:
    own_or_404(request, member)
    runtime = runtime_of(request)
    async with runtime.pool.acquire() as conn:
        known = await load_streams(conn, catalogues_of(runtime), [(period, member)], contents=True)
        remarks = await store.remarks(conn, period, member)
    try:
        found = known[(period, member)]
        content = found.stream.version(version).content or SubmissionContent()
    except (KeyError, NotAllowed) as error:
        raise not_found(request) from error
    if not resolves(content.model_dump(mode="json"), at):
        raise not_found(request)
    labels = found.in_force.labels
    items = [item for s in sections_of(content, labels) for item in s.items if _within(at, item.pointer)]
    principal = current_principal(request)
    translate = translator_of(request)
    told = [
        FieldError("text", "upload.error_whole", {"text": f"{told.detail} {told.hint}".strip()})
        for told in (explained(translate, error) for error in errors)
    ]
    told += long
    return page(
        request,
        "intake/discussion.html",
        title="discussion.title",
        title_values={"member": labels.abbreviation(member), "period": period},
        status=422 if told else 200,
        errors=told,
        stream=found.stream,
        item=items[0] if items else None,
        thread=by_item(remarks).get(key_at(content, at), ()),
        at=at,
        text=text,
        longest=LONGEST,
        speaks=principal.has("coordinator") or (principal.has("member") and principal.member == member),
        back=_back(request, period, member, version, at),
        path=f"{_here(request, period, member)}/versions/{version}/discussion",
    )


def _within(pointer: str, place: str) -> bool:
    return pointer == place or pointer.startswith(f"{place}/")


def _here(request: Request, period: str, member: str) -> str:
    return f"{request.scope.get('root_path', '')}/periods/{period}/submissions/{member}"


def _back(request: Request, period: str, member: str, version: int, at: str) -> str:
    """The coordinator's review of the version, or the member's own page, at the item."""
    here, place = _here(request, period, member), f"#item{at.replace('/', '-')}" if at else ""
    if current_principal(request).has("coordinator", "secretariat"):
        return f"{here}/versions/{version}/review{place}"
    return f"{here}?version={version}{place}"
