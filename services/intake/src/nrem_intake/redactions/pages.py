"""Pages of redactions: choose texts of a version, see what will happen, do it; let a text pass."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import HTMLResponse
from pydantic import StringConstraints

from nrem_intake.discussions import store as discussions
from nrem_intake.redactions import commands, domain
from nrem_intake.submissions.answers import explained
from nrem_intake.submissions.asking import Member, Number, Period, count_failed, owed_or_404
from nrem_intake.submissions.authorship import not_found
from nrem_intake.submissions.catalogues import catalogues_of
from nrem_intake.submissions.domain.errors import NotAllowed
from nrem_intake.submissions.domain.refusals import Refusal
from nrem_intake.submissions.failures import Failed
from nrem_intake.submissions.places import place_of
from nrem_intake.submissions.streams import Known
from nrem_shared.contracts.base import LocalizedText
from nrem_shared.runtime.journal.redacting import MARKS, free_texts
from nrem_shared.runtime.reading import see_other
from nrem_shared.runtime.requests import provenance, runtime_of
from nrem_shared.web.application import set_clock
from nrem_shared.web.forms import FieldError
from nrem_shared.web.languages import content_locale
from nrem_shared.web.rendering import language_of, page, translator_of
from nrem_shared.web.typed import Typed, TypedText, too_long

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nrem_intake.discussions.domain import Remark
    from nrem_intake.submissions.domain.stream import Version
    from nrem_shared.web.messages import Translator

router = APIRouter(include_in_schema=False, dependencies=[Depends(set_clock)])

_PATH = "/periods/{period}/submissions/{member}"

Places = Annotated[list[Annotated[str, StringConstraints(max_length=300)]], Form(max_length=400)]


@dataclass(frozen=True, slots=True)
class Written:
    """A text of a version: where it stands, in words, and what the guard takes parts of it for."""

    pointer: str
    text: str
    where: str
    kinds: tuple[str, ...]


@router.get(f"{_PATH}/versions/{{version}}/redact")
async def redact_form(request: Request, period: Period, member: Member, version: Number) -> HTMLResponse:
    """Every text of the version, each to be ticked; what looks like personal data is ticked already."""
    known = await owed_or_404(request, period, member)
    return await _redact_page(request, known, _version(request, known, version))


@router.post(f"{_PATH}/versions/{{version}}/redact")
async def redact(
    request: Request,
    period: Period,
    member: Member,
    version: Number,
    places: Places = [],  # noqa: B006 - FastAPI copies it
    reason: TypedText = "",
    confirmed: Annotated[str, Form(max_length=10)] = "",
) -> Response:
    """First what will happen; once that is confirmed, do it and go back to the submission."""
    known = await owed_or_404(request, period, member)
    chosen = _version(request, known, version)
    long = too_long(request, Typed("reason", "redaction.reason", reason))
    if (errors := _incomplete(places, reason)) or long:
        return await _redact_page(request, known, chosen, places, reason, errors, long=long)
    runtime, why = runtime_of(request), _localized(request, reason)
    asked = (catalogues_of(runtime), period, member, version, places, why)
    try:
        if not confirmed:
            async with runtime.pool.acquire() as conn:
                expected = await commands.count(conn, await commands.in_version(conn, *asked))
            return await _redact_page(request, known, chosen, places, reason, expected=expected)
        async with runtime.journal.writing(provenance(request)) as writing:
            await commands.redact(writing, await commands.in_version(writing.conn, *asked))
    except Failed as failed:
        count_failed(request, failed)
        return await _redact_page(request, known, chosen, places, reason, failed.failures[0].errors)
    here = f"{_here(request, period, member)}?version={version}"
    return see_other(here, after=writing.after, secure=runtime.settings.secure_cookies)


@router.get(f"{_PATH}/let-pass")
async def let_pass_form(request: Request, period: Period, member: Member) -> HTMLResponse:
    """A text that the guard refuses although it is no personal data."""
    return _pass_page(request, await owed_or_404(request, period, member))


@router.post(f"{_PATH}/let-pass")
async def let_pass(
    request: Request,
    period: Period,
    member: Member,
    text: TypedText = "",
    reason: TypedText = "",
) -> Response:
    """Let it pass, and back to the submission."""
    known = await owed_or_404(request, period, member)
    given = {"text": text, "reason": reason}
    errors = [Refusal(f"/{name}", "missing") for name, value in given.items() if not value.strip()]
    written = text.replace("\r\n", "\n")
    long = too_long(request, Typed("text", "let_pass.text", written), Typed("reason", "redaction.reason", reason))
    if errors or long:
        return _pass_page(request, known, text, reason, errors, long=long)
    runtime = runtime_of(request)
    try:
        async with runtime.journal.writing(provenance(request)) as writing:
            passed = await commands.let_pass(
                writing, catalogues_of(runtime), period, member, written, _localized(request, reason)
            )
    except Failed as failed:
        return _pass_page(request, known, text, reason, failed.failures[0].errors)
    return _pass_page(request, known, passed=[_kind(translator_of(request), kind) for kind in passed.kinds])


def _incomplete(places: Sequence[str], reason: str) -> list[Refusal]:
    errors = [] if places else [Refusal("/places", "places_missing")]
    return errors if reason.strip() else [*errors, Refusal("/reason", "missing")]


def _localized(request: Request, text: str) -> LocalizedText:
    return LocalizedText.written(text.strip(), content_locale(language_of(request)))


def _version(request: Request, known: Known, number: int) -> Version:
    try:
        return known.stream.version(number)
    except NotAllowed as error:
        raise not_found(request) from error


def _here(request: Request, period: str, member: str) -> str:
    return f"{request.scope.get('root_path', '')}/periods/{period}/submissions/{member}"


def _texts(request: Request, version: Version, remarks: Sequence[Remark]) -> list[Written]:
    """Codes are left out: they say nothing, and other quarters refer to them; the JSON route takes them too."""
    translate = translator_of(request)
    return [
        Written(
            at,
            text,
            _where(translate, at),
            tuple(_kind(translate, kind) for kind in domain.kinds_in(text)),
        )
        for at, text in free_texts(domain.document_of(version, remarks))
        if at.rpartition("/")[2] not in domain.CODES and text not in MARKS.values()
    ]


def _where(translate: Translator, at: str) -> str:
    part, _, rest = at[1:].partition("/")
    if part == "content":
        return place_of(translate, f"/{rest}")
    return translate(f"redaction.part.{part}")


def _kind(translate: Translator, kind: str) -> str:
    return translate(f"personal_data.{kind}")


def _told(request: Request, error: Refusal) -> FieldError:
    field = error.pointer.strip("/").split("/")[0] or None
    text: Any = explained(translator_of(request), error)
    return FieldError(field, "upload.error_whole", {"text": f"{text.detail} {text.hint}".strip()})


async def _redact_page(
    request: Request,
    known: Known,
    version: Version,
    places: Sequence[str] = (),
    reason: str = "",
    errors: Sequence[Refusal] = (),
    expected: commands.Redacted | None = None,
    long: Sequence[FieldError] = (),
) -> HTMLResponse:
    stream, labels = known.stream, known.in_force.labels
    async with runtime_of(request).pool.acquire() as conn:
        remarks = await discussions.remarks(conn, stream.period, stream.member)
    written = _texts(request, version, remarks)
    return page(
        request,
        "intake/redact.html",
        title="redaction.confirm_title" if expected else "redaction.title",
        title_values={"member": labels.abbreviation(stream.member), "period": stream.period},
        status=422 if errors or long else 200,
        errors=[*(_told(request, error) for error in errors), *long],
        name=labels.member(stream.member),
        version=version,
        written=written,
        chosen=set(places) if places or reason or errors else {one.pointer for one in written if one.kinds},
        reason=reason,
        expected=expected,
        path=_here(request, stream.period, stream.member),
    )


def _pass_page(
    request: Request,
    known: Known,
    text: str = "",
    reason: str = "",
    errors: Sequence[Refusal] = (),
    passed: Sequence[str] = (),
    long: Sequence[FieldError] = (),
) -> HTMLResponse:
    stream, labels = known.stream, known.in_force.labels
    return page(
        request,
        "intake/let_pass.html",
        title="let_pass.title",
        title_values={"member": labels.abbreviation(stream.member), "period": stream.period},
        status=422 if errors or long else 200,
        errors=[*(_told(request, error) for error in errors), *long],
        name=labels.member(stream.member),
        text=text,
        reason=reason,
        passed=passed,
        path=_here(request, stream.period, stream.member),
    )
