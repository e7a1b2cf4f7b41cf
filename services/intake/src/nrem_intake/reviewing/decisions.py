"""What the coordinator's forms decide: accept one version, accept several that say nothing to report."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import HTMLResponse

from nrem_intake.reviewing import store
from nrem_intake.reviewing.commands import ToAccept, accept_nothing_to_report
from nrem_intake.reviewing.domain.attention import Standing
from nrem_intake.reviewing.places import names, root_of
from nrem_intake.submissions import commands
from nrem_intake.submissions.answers import explained
from nrem_intake.submissions.asking import Member, Number, Period, count, count_failed
from nrem_intake.submissions.authorship import not_found
from nrem_intake.submissions.catalogues import catalogues_of
from nrem_intake.submissions.failures import Failed, Failure
from nrem_shared.runtime.identity.authorisation import current_principal
from nrem_shared.runtime.problems import Problem
from nrem_shared.runtime.reading import see_other
from nrem_shared.runtime.requests import provenance, runtime_of
from nrem_shared.web.forms import FieldError
from nrem_shared.web.rendering import page, translator_of

if TYPE_CHECKING:
    from nrem_intake.submissions.domain.labels import Labels, Text
    from nrem_intake.submissions.domain.stream import Decided
    from nrem_shared.runtime.journal import Writing

router = APIRouter(include_in_schema=False)

_VERSION = "/periods/{period}/submissions/{member}/versions/{version}"
_CHOICE = re.compile(r"^(\d{4}-Q[1-4])/([a-z][a-z0-9_]{0,15})@(\d{1,12})$")
_MOST = 200

Revision = Annotated[int, Form(ge=0, description="The revision that the page showed")]


@dataclass(frozen=True, slots=True)
class Chosen:
    """One submission of those to accept together; `value` is how a form names it."""

    value: str
    name: Text
    period: str
    illustrative: bool


@router.post(f"{_VERSION}/accept")
async def accept(request: Request, period: Period, member: Member, version: Number, revision: Revision) -> Response:
    """The version counts from now on; on with the queue."""
    catalogues = catalogues_of(runtime_of(request))

    async def command(writing: Writing) -> Sequence[Decided]:
        return [await commands.accept(writing, catalogues, period, member, version, revision)]

    try:
        return await decided(request, "accepted", command)
    except Failed as failed:
        raise Problem.conflict(str(failed)) from failed


@router.get("/queue/accept")
async def confirm(
    request: Request, chosen: Annotated[list[str] | None, Query(max_length=_MOST)] = None
) -> HTMLResponse:
    """What was chosen in the queue, to be confirmed; nothing is decided yet."""
    return await _confirmation(request, _wanted(chosen or []))


@router.post("/queue/accept")
async def accept_together(
    request: Request, chosen: Annotated[list[str] | None, Form(max_length=_MOST)] = None
) -> Response:
    """Accept all of them, or none and say of each why not."""
    wanted = _wanted(chosen or [])
    if not wanted:
        return await _confirmation(request, wanted)
    catalogues = catalogues_of(runtime_of(request))

    async def command(writing: Writing) -> Sequence[Decided]:
        return await accept_nothing_to_report(writing, catalogues, wanted)

    try:
        return await decided(request, "accepted", command)
    except Failed as failed:
        return await _confirmation(request, wanted, failed.failures)


async def decided(request: Request, done: str, command: Callable[[Writing], Awaitable[Sequence[Decided]]]) -> Response:
    """Run a command, count it and go on with the queue. Raises Failed; the 404 problem for what does not exist."""
    runtime = runtime_of(request)
    try:
        async with runtime.journal.writing(provenance(request)) as writing:
            made = await command(writing)
    except Failed as failed:
        count_failed(request, failed)
        if all(failure.why == "unknown" for failure in failed.failures):
            raise not_found(request) from failed
        raise
    count(request, made)
    to = f"{root_of(request)}/queue?done={done}"
    return see_other(to, after=writing.after, secure=runtime.settings.secure_cookies)


def _wanted(chosen: Sequence[str]) -> list[ToAccept]:
    """What a form named; what cannot be read is left out, twice is once."""
    matches = [match for value in dict.fromkeys(chosen) if (match := _CHOICE.match(value))]
    return [ToAccept(match[1], match[2], int(match[3])) for match in matches]


async def _confirmation(request: Request, wanted: Sequence[ToAccept], failures: Sequence[Failure] = ()) -> HTMLResponse:
    async with runtime_of(request).pool.acquire() as conn:
        labels = await names(request, conn)
        standings = await store.standings(conn, current_principal(request).subject, None)
    known = {(one.period, one.member): one for one in standings}
    shown = [_chosen(each, known.get(each.key), labels) for each in wanted]
    errors = [_error(request, each, failure, shown) for failure in failures for each in failure.errors]
    return page(
        request,
        "intake/accept_together.html",
        title="together.title",
        status=409 if errors else 200,
        errors=errors,
        chosen=shown,
        current=f"{root_of(request)}/",
        root=root_of(request),
    )


def _chosen(wanted: ToAccept, known: Standing | None, labels: Labels | None) -> Chosen:
    name = labels.member(wanted.member) if labels else wanted.member
    value = f"{wanted.period}/{wanted.member}@{wanted.revision}"
    return Chosen(value, name, wanted.period, bool(known and known.illustrative))


def _error(request: Request, refusal: Any, failure: Failure, shown: Sequence[Chosen]) -> FieldError:
    told, which = explained(translator_of(request), refusal), shown[failure.place]
    name = which.name if isinstance(which.name, str) else which.name[_language(request)]
    text = f"{told.detail} {told.hint}".strip()
    return FieldError(f"chosen-{failure.place}", "together.error", {"name": name, "period": which.period, "text": text})


def _language(request: Request) -> str:
    return "en" if translator_of(request).language != "lv" else "lv"
