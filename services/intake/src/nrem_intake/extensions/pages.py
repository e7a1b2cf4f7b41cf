"""Forms of extensions: the coordinator gives or refuses more time, a member asks for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import HTMLResponse

from nrem_intake.extensions import commands, domain
from nrem_intake.extensions.domain import Decided, Terms
from nrem_intake.submissions.answers import explained, problem_of
from nrem_intake.submissions.asking import Member, Period, count_failed
from nrem_intake.submissions.authorship import check_own, not_found
from nrem_intake.submissions.catalogues import catalogues_of
from nrem_intake.submissions.domain.refusals import Refusal
from nrem_intake.submissions.failures import Failed
from nrem_intake.submissions.streams import load_streams
from nrem_shared.contracts.base import LocalizedText
from nrem_shared.runtime.clock import local_date
from nrem_shared.runtime.reading import see_other
from nrem_shared.runtime.requests import provenance, runtime_of
from nrem_shared.web.application import set_clock
from nrem_shared.web.forms import FieldError
from nrem_shared.web.languages import content_locale
from nrem_shared.web.rendering import language_of, page, translator_of
from nrem_shared.web.typed import Typed, TypedText, too_long

router = APIRouter(include_in_schema=False, dependencies=[Depends(set_clock)])

_PATH = "/periods/{period}/submissions/{member}"

Day = TypedText
#: Fields of the two forms that a pointer of a refusal leads to.
_FIELDS = {"/due": "day", "/until": "day", "/reason": "reason", "/reason/lv": "reason"}


@router.get(f"{_PATH}/extension")
async def extension_form(request: Request, period: Period, member: Member) -> HTMLResponse:
    """Give more time; if the member asked for it, its wish and reason are there, and it can be refused."""
    return await _form(request, period, member, "give")


@router.post(f"{_PATH}/extension")
async def extend(request: Request, period: Period, member: Member, day: Day = "", reason: TypedText = "") -> Response:
    """Give it, and back to the submission."""
    return await _dated(request, period, member, "give", day, reason)


@router.post(f"{_PATH}/refuse-extension")
async def refuse(request: Request, period: Period, member: Member, refusal: TypedText = "") -> Response:
    """Do not give what was asked for."""
    if errors := _wrong(request, "refuse", refusal):
        return await _form(request, period, member, "refuse", "", refusal, errors)
    text = _text(request, refusal)
    return await _run(request, period, member, "refuse", ("", refusal), lambda terms: domain.refuse(terms, text))


@router.get(f"{_PATH}/ask-extension")
async def ask_form(request: Request, period: Period, member: Member) -> HTMLResponse:
    """Ask for more time."""
    check_own(request, member)
    return await _form(request, period, member, "ask")


@router.post(f"{_PATH}/ask-extension")
async def ask(request: Request, period: Period, member: Member, day: Day = "", reason: TypedText = "") -> Response:
    """Ask for it, and back to the submission."""
    check_own(request, member)
    return await _dated(request, period, member, "ask", day, reason)


async def _dated(request: Request, period: str, member: str, what: str, day: str, reason: str) -> Response:
    """The forms with a day and a reason."""
    errors = _wrong(request, what, reason)
    try:
        until = date.fromisoformat(day)
    except ValueError:
        errors.insert(0, _told(request, what, Refusal("/due", "malformed_date")))
    if errors:
        return await _form(request, period, member, what, day, reason, errors)
    text, today = _text(request, reason), local_date(runtime_of(request).clock.now())
    decide = domain.ask if what == "ask" else domain.extend
    return await _run(request, period, member, what, (day, reason), lambda terms: decide(terms, until, text, today))


async def _run(
    request: Request, period: str, member: str, what: str, given: tuple[str, str], command: Callable[[Terms], Decided]
) -> Response:
    runtime = runtime_of(request)
    try:
        async with runtime.journal.writing(provenance(request)) as writing:
            await commands.decide(writing, catalogues_of(runtime), period, member, command)
    except Failed as failed:
        count_failed(request, failed)
        failure = failed.failures[0]
        if failure.why == "unknown":
            raise not_found(request) from failed
        return await _form(request, period, member, what, *given, [_told(request, what, e) for e in failure.errors])
    return see_other(_here(request, period, member), after=writing.after, secure=runtime.settings.secure_cookies)


async def _form(
    request: Request,
    period: str,
    member: str,
    what: str,
    day: str = "",
    reason: str = "",
    errors: Sequence[FieldError] = (),
) -> HTMLResponse:
    runtime = runtime_of(request)
    async with runtime.pool.acquire() as conn:
        found = (await load_streams(conn, catalogues_of(runtime), [(period, member)])).get((period, member))
        try:
            terms = await commands.terms_of(conn, catalogues_of(runtime), period, member)
        except Failed as failed:
            raise problem_of(request, failed) from failed
    if found is None or not found.owed:
        raise not_found(request)
    labels = found.in_force.labels
    return page(
        request,
        "intake/extension.html",
        title="extension.ask_title" if what == "ask" else "extension.title",
        title_values={"member": labels.abbreviation(member), "period": period},
        status=422 if errors else 200,
        errors=errors,
        what=what,
        name=labels.member(member),
        terms=terms,
        open=not terms.closed and not terms.stream.reported,
        given={"day": day, "reason": reason},
        path=_here(request, period, member),
    )


def _wrong(request: Request, what: str, reason: str) -> list[FieldError]:
    """What is wrong with the reason of a form before anything is asked of the domain."""
    if not reason.strip():
        return [_told(request, what, Refusal("/reason", "extension_reason_missing"))]
    field = "refusal" if what == "refuse" else "reason"
    return too_long(request, Typed(field, f"extension.{'refuse_reason' if what == 'refuse' else 'reason'}", reason))


def _text(request: Request, reason: str) -> LocalizedText:
    return LocalizedText.written(reason.strip(), content_locale(language_of(request)))


def _told(request: Request, what: str, error: Refusal) -> FieldError:
    text: Any = explained(translator_of(request), error)
    field = _FIELDS.get(error.pointer)
    if what == "refuse" and field == "reason":
        field = "refusal"
    return FieldError(field, "upload.error_whole", {"text": f"{text.detail} {text.hint}".strip()})


def _here(request: Request, period: str, member: str) -> str:
    return f"{request.scope.get('root_path', '')}/periods/{period}/submissions/{member}"
