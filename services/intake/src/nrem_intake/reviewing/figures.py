"""A correction decided figure by figure: a choice and, where a figure is not approved, a reason for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, Field

from nrem_intake.reporting.access import office_of
from nrem_intake.reviewing import commands
from nrem_intake.reviewing.decisions import Revision, decided
from nrem_intake.reviewing.domain.partly import Refused
from nrem_intake.reviewing.places import submission_at, version_at
from nrem_intake.submissions.answers import SubmissionState, explained
from nrem_intake.submissions.asking import IDEMPOTENT, IfMatch, Member, Number, Period, owed_or_404, run, seen
from nrem_intake.submissions.authorship import not_found
from nrem_intake.submissions.bodies import LARGEST_FORM, bounded
from nrem_intake.submissions.catalogues import catalogues_of
from nrem_intake.submissions.domain.content_view import changes_of
from nrem_intake.submissions.domain.refusals import Refusal
from nrem_intake.submissions.failures import Failed
from nrem_intake.submissions.streams import Known
from nrem_shared.contracts.base import LocalizedText
from nrem_shared.runtime.identity.authorisation import current_principal
from nrem_shared.runtime.problems import Problem, problems
from nrem_shared.runtime.requests import runtime_of
from nrem_shared.runtime.written import Written
from nrem_shared.web.forms import FieldError
from nrem_shared.web.languages import content_locale
from nrem_shared.web.rendering import forward, language_of, page, translator_of
from nrem_shared.web.typed import Typed, too_long

if TYPE_CHECKING:
    from nrem_intake.submissions.domain.stream import Decided, Version
    from nrem_shared.runtime.journal import Writing

router = APIRouter(include_in_schema=False, route_class=bounded(LARGEST_FORM))
api = APIRouter(tags=["submissions"])

_VERSION = "/periods/{period}/submissions/{member}/versions/{version}"
_PAGE = f"{_VERSION}/figures"


class FigureReturned(BaseModel):
    """A figure of the correction that is not approved: its place among the corrected figures (from 0), and why."""

    figure: Annotated[int, Field(ge=0, le=10_000)]
    text: LocalizedText


class FiguresDecided(BaseModel):
    """The figures not approved, each once; all others are."""

    returned: Annotated[list[FigureReturned], Field(max_length=500)]


@dataclass(frozen=True, slots=True)
class Given:
    """What the form held: place → approve or return, place → reason."""

    choices: Mapping[int, str] = field(default_factory=dict)
    reasons: Mapping[int, str] = field(default_factory=dict)


@api.post(
    f"/api{_PAGE}",
    summary="Decide a correction figure by figure",
    response_model=SubmissionState,
    dependencies=IDEMPOTENT,
    responses=problems(401, 403, 404, 409, 412, 413, 428),
)
async def decide(
    request: Request,
    period: Period,
    member: Member,
    version: Number,
    given: Written[FiguresDecided],
    if_match: IfMatch = None,
) -> Response:
    """What is approved becomes a version of its own and counts at once; the correction goes back with the reasons."""
    catalogues = catalogues_of(runtime_of(request))
    why = {one.figure: one.text for one in given.returned}
    refused = Refused(why, office_of(current_principal(request), "coordinator"))

    async def command(writing: Any) -> Any:
        made = await commands.decide_figures(writing, catalogues, period, member, version, seen(if_match), refused)
        return made[-1]

    return await run(request, 200, command)


@router.get(_PAGE)
async def figures_form(request: Request, period: Period, member: Member, version: Number) -> Response:
    """Every figure of the correction, old and new, with its reason and a choice; what is decided, on its own page."""
    known = await owed_or_404(request, period, member)
    found = next((one for one in known.stream.versions if one.number == version), None)
    if found is not None and not _waits(found):
        return forward(request, version_at(request, period, member, version) + "/review")
    return _page(request, known, version, Given())


@router.post(_PAGE)
async def decide_by_form(
    request: Request, period: Period, member: Member, version: Number, revision: Revision
) -> Response:
    """Approve and return as chosen, or say at each figure what is missing."""
    known = await owed_or_404(request, period, member)
    pending = _pending(request, known, version)
    given = await _given(request, len(pending.corrected_figures))
    label = translator_of(request)
    long = too_long(
        request,
        *(Typed(f"reason/{at}", label("figures.reason", number=at + 1), text) for at, text in given.reasons.items()),
    )
    if (errors := _missing(given, len(pending.corrected_figures))) or long:
        return _page(request, known, version, given, errors, long)
    language = content_locale(language_of(request))
    why = {
        place: LocalizedText.written(given.reasons[place], language)
        for place, choice in given.choices.items()
        if choice == "return"
    }
    refused = Refused(why, office_of(current_principal(request), "coordinator"))
    catalogues = catalogues_of(runtime_of(request))

    async def command(writing: Writing) -> Sequence[Decided]:
        return await commands.decide_figures(writing, catalogues, period, member, version, revision, refused)

    try:
        return await decided(request, "figures", command)
    except Failed as failed:
        failure = failed.failures[0]
        if failure.why != "refused":
            raise Problem.conflict(str(failed)) from failed
        return _page(request, known, version, given, failure.errors)


async def _given(request: Request, figures: int) -> Given:
    form = await request.form()
    return Given(
        choices={n: str(form.get(f"choice/{n}", "")) for n in range(figures)},
        reasons={n: text for n in range(figures) if (text := str(form.get(f"reason/{n}", "")).strip())},
    )


def _missing(given: Given, figures: int) -> list[Refusal]:
    """What is missing before anything is asked of the domain, figure by figure (named by its number from 1)."""
    errors: list[Refusal] = []
    for place in range(figures):
        named = {"number": str(place + 1)}
        if given.choices[place] not in ("approve", "return"):
            errors.append(Refusal(f"choice/{place}", "figure_choice_missing", named))
        elif given.choices[place] == "return" and place not in given.reasons:
            errors.append(Refusal(f"reason/{place}", "figure_reason_missing", named))
    if not errors and len(set(given.choices.values())) == 1:
        errors.append(Refusal("", "figures_all_alike"))
    return errors


def _pending(request: Request, known: Known, number: int) -> Version:
    """The correction that waits; raises the 404 problem where it is none, or was decided."""
    for version in known.stream.versions:
        if version.number == number and _waits(version):
            return version
    raise not_found(request)


def _waits(version: Version) -> bool:
    return version.state == "submitted" and version.kind == "correction"


def _page(
    request: Request,
    known: Known,
    number: int,
    given: Given,
    errors: Sequence[Refusal] = (),
    long: Sequence[FieldError] = (),
) -> HTMLResponse:
    stream, labels = known.stream, known.in_force.labels
    version = _pending(request, known, number)
    translate = translator_of(request)
    told = []
    for error in errors:
        said = explained(translate, error)
        told.append(FieldError(_field(error), "upload.error_whole", {"text": f"{said.detail} {said.hint}".strip()}))
    told += long
    return page(
        request,
        "intake/figures.html",
        title="figures.title",
        title_values={"member": labels.abbreviation(stream.member), "period": stream.period},
        status=422 if told else 200,
        errors=told,
        stream=stream,
        version=version,
        changes=changes_of(version.corrected_figures, labels),
        given=given,
        back=version_at(request, stream.period, stream.member, number) + "/review",
        path=submission_at(request, stream.period, stream.member),
    )


def _field(error: Refusal) -> str | None:
    """The form field that an error belongs to."""
    parts = error.pointer.strip("/").split("/")
    if parts[0] == "returned" and len(parts) > 1:
        return f"reason/{parts[1]}"
    if parts[0] == "approved" and len(parts) > 1:
        return f"choice/{parts[1]}"
    return error.pointer if parts[0] in ("choice", "reason") else None
