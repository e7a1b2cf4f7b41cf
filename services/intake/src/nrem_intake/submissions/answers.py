"""What goes back: submissions as JSON, and refusals in the reader's language."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, Field

from nrem_shared.contracts.base import LocalizedText
from nrem_shared.contracts.submissions import CorrectedFigure, ReasonForReturn, SubmissionContent
from nrem_shared.runtime.problems import FieldError, Problem
from nrem_shared.web.rendering import translator_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from fastapi import Request

    from nrem_intake.submissions.domain.refusals import Refusal
    from nrem_intake.submissions.domain.stream import Stream, Version
    from nrem_intake.submissions.failures import Failed, Failure, Why
    from nrem_shared.web.messages import Translator

_STATUS: Mapping[Why, tuple[int, str]] = {
    "refused": (422, "invalid"),
    "conflict": (409, "conflict"),
    "changed_meanwhile": (412, "changed-meanwhile"),
    "revision_required": (428, "if-match-required"),
    "unknown": (404, "not-found"),
}


class SubmissionState(BaseModel):
    """A submission as it stands now; `version` is the newest one, `accepted_version` what counts."""

    period: str = Field(examples=["2026-Q3"])
    member: str = Field(examples=["vp"])
    revision: int = Field(description="For If-Match", examples=[1])
    version: int = Field(examples=[1])
    state: str = Field(examples=["submitted"])
    accepted_version: int | None
    pending_version: int | None
    first_submitted_at: datetime
    late: bool = Field(description="First submitted after the due date then in force")
    due: date = Field(description="The period's due date, or that of the last return")
    nothing_to_report: bool
    illustrative: bool


class VersionState(BaseModel):
    """One version and what became of it; `reasons` and `due` of a returned one."""

    version: int
    kind: str
    state: str
    submitted_at: datetime
    decided_at: datetime | None
    due: date | None
    nothing_to_report: bool
    reasons: list[ReasonForReturn]
    prepared_by: str | None = None
    signed_by: str | None = None
    entered_by: str | None = Field(default=None, description="Who entered it for the member, and why: `on_behalf`")
    on_behalf: LocalizedText | None = None
    imported: bool = Field(default=False, description="Brought in by the ministry from before the platform was used")
    reports_for: list[str] = Field(
        default=[], description="Organisations that the member reported for as their coalition"
    )
    part_of: int | None = Field(default=None, description="The correction whose approved figures this version is")


class SubmissionDetail(SubmissionState):
    """A submission with its versions, oldest first."""

    versions: list[VersionState]


class VersionDetail(VersionState):
    """One version with its content, and the figures that it corrects."""

    content: SubmissionContent
    corrected_figures: list[CorrectedFigure]


def state_of(stream: Stream) -> SubmissionState:
    """The state of a stream to which something was submitted."""
    newest = stream.versions[-1]
    return SubmissionState(
        period=stream.period,
        member=stream.member,
        revision=stream.revision,
        version=newest.number,
        state=newest.state,
        accepted_version=stream.accepted_version,
        pending_version=stream.pending_version,
        first_submitted_at=stream.first_submitted_at or newest.submitted_at,
        late=stream.late,
        due=stream.due,
        nothing_to_report=newest.nothing_to_report,
        illustrative=stream.illustrative,
    )


def detail_of(stream: Stream) -> SubmissionDetail:
    """The state with all versions."""
    versions = [VersionState(**_version(version)) for version in stream.versions]
    return SubmissionDetail(**state_of(stream).model_dump(), versions=versions)


def version_of(version: Version) -> VersionDetail:
    """One version whose content was loaded."""
    content = version.content or SubmissionContent()
    return VersionDetail(**_version(version), content=content, corrected_figures=list(version.corrected_figures))


def _version(version: Version) -> dict[str, Any]:
    return {
        "version": version.number,
        "kind": version.kind,
        "state": version.state,
        "submitted_at": version.submitted_at,
        "decided_at": version.decided_at,
        "due": version.due,
        "nothing_to_report": version.nothing_to_report,
        "reasons": list(version.reasons),
        "imported": version.imported,
        **version.authors.fields(),
    }


def etag(revision: int) -> str:
    """The revision as an entity tag."""
    return f'"{revision}"'


def explained(translate: Translator, refusal: Refusal) -> FieldError:
    """A refusal as a sentence in the reader's language, and what to do about it."""
    message = f"refusal.{refusal.code}"
    parameters = dict(refusal.parameters)
    if refusal.code == "personal_data":
        parameters["kind"] = translate(f"personal_data.{parameters['kind']}")
    if "expected" in parameters:
        parameters["expected"] = translate(f"expected.{parameters['expected']}")
    return FieldError(
        refusal.pointer, refusal.code, translate(message, **parameters), translate(f"{message}.hint", **parameters)
    )


class Notice(BaseModel):
    """What is no error but should be looked at: its place in the content, what it is and what to do."""

    pointer: str = Field(examples=["/observations/0/value"])
    code: str = Field(examples=["unusual"])
    text: str


def notices(translate: Translator, told: Iterable[Refusal]) -> list[Notice]:
    """Each explained, for programs."""
    found = (explained(translate, each) for each in told)
    return [Notice(pointer=each.pointer, code=each.code, text=f"{each.detail} {each.hint}".strip()) for each in found]


def invalid(request: Request, refusals: Iterable[Refusal]) -> Problem:
    """The 422 problem: every refusal, explained."""
    translate = translator_of(request)
    return _problem(translate, "refused", [explained(translate, refusal) for refusal in refusals])


def problem_of(request: Request, failed: Failed, *, bulk: bool = False) -> Problem:
    """A failed command as a problem; of a bulk every place is named, under `/submissions/<n>`."""
    translate = translator_of(request)
    failures = sorted(failed.failures, key=lambda failure: list(_STATUS).index(failure.why))
    why = failures[0].why
    if bulk:
        errors = [
            explained(translate, refusal.under(_place(failure)))
            for failure in failed.failures
            for refusal in failure.errors
        ]
        return _problem(translate, why, errors)
    errors = [explained(translate, refusal) for refusal in failures[0].errors]
    if why == "refused":
        return _problem(translate, why, errors)
    return _problem(translate, why, errors if errors[0].pointer else [], f"{errors[0].detail} {errors[0].hint}".strip())


def _place(failure: Failure) -> str:
    return f"/submissions/{failure.place}" + ("/content" if failure.why == "refused" else "")


def _problem(translate: Translator, why: Why, errors: list[FieldError], detail: str = "") -> Problem:
    status, kind = _STATUS[why]
    title = translate(f"submission_problem.{why}")
    return Problem(
        status, kind, title, detail or translate.count("submission_problem.errors", len(errors)), tuple(errors)
    )
