"""Returning a version item by item: a box to tick and a reason for each, one due date for all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from nrem_intake.reviewing.decisions import Revision, decided
from nrem_intake.reviewing.places import submission_at, version_at
from nrem_intake.submissions import commands
from nrem_intake.submissions.answers import explained
from nrem_intake.submissions.asking import Member, Number, Period, owed_or_404
from nrem_intake.submissions.authorship import not_found
from nrem_intake.submissions.bodies import LARGEST_FORM, bounded
from nrem_intake.submissions.catalogues import catalogues_of
from nrem_intake.submissions.domain.content_view import sections_of
from nrem_intake.submissions.domain.refusals import Refusal
from nrem_intake.submissions.failures import Failed
from nrem_intake.submissions.streams import Known
from nrem_shared.contracts.base import LocalizedText
from nrem_shared.contracts.submissions import ReasonForReturn, SubmissionContent
from nrem_shared.runtime.problems import Problem
from nrem_shared.runtime.requests import runtime_of
from nrem_shared.web.forms import FieldError
from nrem_shared.web.languages import content_locale
from nrem_shared.web.rendering import forward, language_of, page, translator_of
from nrem_shared.web.typed import Typed, too_long

if TYPE_CHECKING:
    from nrem_intake.submissions.domain.stream import Decided
    from nrem_shared.runtime.journal import Writing

router = APIRouter(include_in_schema=False, route_class=bounded(LARGEST_FORM))

_PATH = "/periods/{period}/submissions/{member}/versions/{version}/return"


@dataclass(frozen=True, slots=True)
class Given:
    """What the form held: ticked places (pointers), place → reason, the due date. A reason alone counts as a tick."""

    ticked: tuple[str, ...] = ()
    reasons: dict[str, str] = field(default_factory=dict)
    due: str = ""

    @property
    def places(self) -> tuple[str, ...]:
        """Every place that is to be returned."""
        return tuple(dict.fromkeys((*self.ticked, *self.reasons)))


@router.get(_PATH)
async def return_form(request: Request, period: Period, member: Member, version: Number) -> Response:
    """Every item of the version with a box to tick and a field for what is wrong with it; decided: on to its page."""
    known = await owed_or_404(request, period, member)
    found = next((one for one in known.stream.versions if one.number == version), None)
    if found is not None and found.state != "submitted":
        return forward(request, version_at(request, period, member, version) + "/review")
    return _page(request, known, version, Given())


@router.post(_PATH)
async def return_(request: Request, period: Period, member: Member, version: Number, revision: Revision) -> Response:
    """Return the version with the reasons given, or say at each field what is missing."""
    given = await _given(request)
    known = await owed_or_404(request, period, member)
    due, errors = _read(given)
    long = too_long(request, *(Typed(f"reason{at}", "return.what", text) for at, text in given.reasons.items()))
    if errors or long:
        return _page(request, known, version, given, errors, long)
    language = content_locale(language_of(request))
    reasons = tuple(
        ReasonForReturn(at=at, text=LocalizedText.written(given.reasons[at], language)) for at in given.places
    )
    catalogues = catalogues_of(runtime_of(request))

    async def command(writing: Writing) -> Sequence[Decided]:
        return [await commands.return_(writing, catalogues, period, member, version, revision, reasons, due)]

    try:
        return await decided(request, "returned", command)
    except Failed as failed:
        failure = failed.failures[0]
        if failure.why != "refused":
            raise Problem.conflict(str(failed)) from failed
        return _page(request, known, version, given, [_placed(error, given.places) for error in failure.errors])


async def _given(request: Request) -> Given:
    form = await request.form()
    texts = {name: str(text).strip() for name, text in form.multi_items() if name.startswith("reason")}
    return Given(
        ticked=tuple(str(value)[:300] for value in form.getlist("item")),
        reasons={name.removeprefix("reason"): text for name, text in texts.items() if text},
        due=str(form.get("due", "")).strip(),
    )


def _read(given: Given) -> tuple[date | None, list[Refusal]]:
    """The due date, and what is wrong before anything is asked of the domain; pointers are the form's fields."""
    errors = [Refusal(f"reason{at}", "return_reason_missing") for at in given.ticked if at not in given.reasons]
    if not given.places:
        errors.append(Refusal("reason", "reasons_missing"))
    try:
        return (date.fromisoformat(given.due) if given.due else None), errors
    except ValueError:
        return None, [*errors, Refusal("/due", "malformed_date")]


def _placed(error: Refusal, places: Sequence[str]) -> Refusal:
    """An error of the n-th reason at the field that held it."""
    parts = error.pointer.split("/")
    if parts[1:2] == ["reasons"] and len(parts) > 2:
        return Refusal(f"reason{places[int(parts[2])]}", error.code, error.parameters)
    return error


def _page(
    request: Request,
    known: Known,
    number: int,
    given: Given,
    errors: Sequence[Refusal] = (),
    long: Sequence[FieldError] = (),
) -> HTMLResponse:
    stream = known.stream
    version = next((v for v in stream.versions if v.number == number and v.state == "submitted"), None)
    if version is None:
        raise not_found(request)
    translate = translator_of(request)
    told = [
        FieldError(_field(error.pointer), "upload.error_whole", {"text": explained(translate, error).detail})
        for error in errors
    ] + [*long]
    labels = known.in_force.labels
    return page(
        request,
        "intake/return.html",
        title="return.title",
        title_values={"member": labels.abbreviation(stream.member), "period": stream.period},
        status=422 if told else 200,
        errors=told,
        stream=stream,
        version=version,
        sections=sections_of(version.content or SubmissionContent(), labels),
        given=given,
        back=version_at(request, stream.period, stream.member, number) + "/review",
        path=submission_at(request, stream.period, stream.member),
    )


def _field(pointer: str) -> str:
    """The form field that an error belongs to: the due date, a reason's own, else the reason for the whole."""
    if pointer == "/due":
        return "due"
    return pointer if pointer.startswith("reason") else "reason"
