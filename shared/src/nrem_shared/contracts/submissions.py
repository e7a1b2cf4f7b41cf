"""A quarterly submission: its content, and the events of its stream `submission/<period>/<member>`.

How long a member has for it beyond the period's due date is told by a stream of its own, `extension/<period>/<member>`;
that what was prepared waits for a signature by another, `signature/<period>/<member>`.

The content models say what a *valid* submission looks like; `nrem_intake.submissions` explains to a reporter what
is wrong with an invalid one.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, StringConstraints

from nrem_shared.contracts.base import Contract, InstitutionCode, LocalizedText, PeriodCode

Code = Annotated[str, StringConstraints(min_length=1, max_length=64)]
Count = Annotated[int, Field(ge=0, le=10**9)]

#: Fields of an observation that are no dimension of it.
OBSERVATION_FIELDS = frozenset({"indicator", "value", "empty", "comment"})

#: The sections of a submission, in the order of the form.
SECTIONS = ("observations", "activities", "plan_progress", "future_plans", "challenges", "funding")


class Observation(Contract):
    """One figure: indicator × dimensions → value. Every further field is a dimension and its code.

    `value` is a count from zero, or null with `empty` = `unknown` or `not_applicable` (never both; zero is a number).
    """

    model_config = ConfigDict(extra="allow", frozen=True)

    indicator: Code
    value: Count | None
    empty: Literal["unknown", "not_applicable"] | None = None
    comment: Annotated[str, Field(max_length=2000)] | None = None

    @property
    def dimensions(self) -> dict[str, str]:
        """Dimension → code, in alphabetical order of the dimensions."""
        return {key: str(value) for key, value in sorted((self.__pydantic_extra__ or {}).items())}


def dimension_key(dimensions: dict[str, str]) -> str:
    """The canonical key of an observation's dimensions: `age_group=ADULT|sex=F`; empty where it has none."""
    return "|".join(f"{name}={code}" for name, code in sorted(dimensions.items()))


class FirstContact(Contract):
    """Attendances at a training by kind of first-contact institution."""

    institution_kind: Code
    participants: Count


class Activity(Contract):
    """Something done in the quarter: campaign, training, joint project, legislative initiative, material …"""

    code: Code
    type: Code
    title: LocalizedText
    date: date
    audience: Code
    participants: Count | None = None
    reach: Count | None = None
    copies: Count | None = None
    languages: tuple[Code, ...] = ()
    first_contact: tuple[FirstContact, ...] = ()
    project_code: Code | None = None
    project_phase: Code | None = None
    partners: tuple[InstitutionCode, ...] = ()
    initiative_code: Code | None = None
    continues: bool = False
    body: LocalizedText | None = None
    plan_result: Code | None = None


class Measured(Contract):
    """Where a plan indicator stands to date: a number, or yes/no."""

    indicator: Code
    to_date: bool | Annotated[float, Field(ge=0)]


class Evidence(Contract):
    """A link or a document that shows what was done; documents are referred to, never carried.

    Of a file that intake keeps (`ref` = `file:<id>`) its hash, size in bytes, media type and name are told.
    """

    title: LocalizedText
    kind: Code
    ref: Annotated[str, StringConstraints(min_length=1, max_length=500)]
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")] | None = None
    size: Annotated[int, Field(ge=1)] | None = None
    media_type: Annotated[str, StringConstraints(max_length=100)] | None = None
    name: Annotated[str, StringConstraints(max_length=200)] | None = None


class PlanProgress(Contract):
    """A member's self-assessment of one plan result that it, or a body under it, is responsible for."""

    result: Code
    status: Code
    delayed: bool = False
    text: LocalizedText
    measured: tuple[Measured, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    on_behalf_of: InstitutionCode | None = None


class FuturePlan(Contract):
    """An intention announced once (`text`, `planned_for`), or in a later quarter what became of it (`outcome`)."""

    code: Code
    text: LocalizedText | None = None
    planned_for: PeriodCode | None = None
    outcome: Code | None = None


class Challenge(Contract):
    """A difficulty; it keeps its code over the quarters and ends with `state` = `ended`."""

    code: Code
    text: LocalizedText
    state: Code


class Funding(Contract):
    """Money used in the quarter, in euro."""

    source: Code
    purpose: Code
    amount_eur: Annotated[float, Field(ge=0)]
    project_code: Code | None = None
    plan_result: Code | None = None


class SubmissionContent(Contract):
    """The whole content of one version. Empty sections and `nothing_to_report` belong together."""

    nothing_to_report: bool = False
    observations: tuple[Observation, ...] = ()
    activities: tuple[Activity, ...] = ()
    plan_progress: tuple[PlanProgress, ...] = ()
    future_plans: tuple[FuturePlan, ...] = ()
    challenges: tuple[Challenge, ...] = ()
    funding: tuple[Funding, ...] = ()


class Cell(Contract):
    """The value of one observation in a correction; null `value` needs `empty`."""

    value: Count | None
    empty: Literal["unknown", "not_applicable"] | None = None
    comment: str | None = None


class CorrectedFigure(Contract):
    """One figure that a correction changes. `old` null = added, `new` null = dropped."""

    indicator: Code
    dimensions: dict[str, str]
    old: Cell | None
    new: Cell | None
    reason: LocalizedText


class ReasonForReturn(Contract):
    """Why an item was returned: `at` is a JSON pointer into the content.

    `figure` = the place among `corrected_figures` (from 0) of the one that is meant, where a correction was decided
    figure by figure; a figure that it dropped has no place in the content.
    """

    at: Annotated[str, StringConstraints(pattern=r"^(/.*)?$", max_length=300)]
    text: LocalizedText
    figure: Annotated[int, Field(ge=0)] | None = None


SubmissionState = Literal["submitted", "returned", "accepted", "withdrawn"]


class SubmissionStream(Contract):
    """The state of the stream after the event, carried by each of its events.

    `accepted_version` is what counts; `pending_version` is what waits for a decision (submitted) and displaces nothing.
    `state` is that of the newest version. `late` = first submitted after the due date then in force.
    """

    period: PeriodCode
    member: InstitutionCode
    version: Annotated[int, Field(ge=1, description="The version this event is about")]
    state: SubmissionState
    accepted_version: int | None
    pending_version: int | None
    first_submitted_at: datetime
    late: bool
    due: date = Field(description="The member's due date in force: the period's, or that of the return")
    nothing_to_report: bool
    illustrative: bool = False


class SubmissionSubmitted(SubmissionStream):
    """A member submitted a version: its first, a resubmission after a return, or a correction of an accepted one."""

    kind: Literal["first", "resubmission", "correction"]
    content: SubmissionContent
    corrected_figures: tuple[CorrectedFigure, ...] = ()
    prepared_by: str | None = Field(default=None, description="Who prepared what another signed; no address")
    signed_by: str | None = Field(default=None, description="Who signed it for the institution; no address")
    entered_by: str | None = Field(default=None, description="Who entered it in the member's place")
    on_behalf: LocalizedText | None = Field(default=None, description="Why another entered it: paper, telephone …")
    imported: bool = Field(default=False, description="Brought in by the ministry from before the platform was used")
    part_of: int | None = Field(
        default=None, description="The correction whose approved figures this is; the others were returned with it"
    )
    reports_for: tuple[InstitutionCode, ...] = Field(
        default=(), description="Organisations that the member reported for as their coalition; the figures are its own"
    )


class SubmissionReturned(SubmissionStream):
    """The coordinator returned the pending version; `due` is the day the next version is expected by."""

    reasons: tuple[ReasonForReturn, ...]


class SubmissionAccepted(SubmissionStream):
    """The coordinator accepted the pending version: from its `recordedat` on it counts."""

    accepted_by_enterer: bool = Field(
        default=False, description="By the same person who had entered it on the member's behalf"
    )


class SubmissionWithdrawn(SubmissionStream):
    """The member withdrew the pending version before a decision."""


class ExtensionStream(Contract):
    """How long a member has for a period's first submission. `due` = the member's due date in force after the event."""

    period: PeriodCode
    member: InstitutionCode
    due: date
    illustrative: bool = False


class ExtensionAsked(ExtensionStream):
    """The member asks for time until the end of `until`; nothing changes before the coordinator decides."""

    until: date
    reason: LocalizedText


class SubmissionExtended(ExtensionStream):
    """The coordinator gave the member until the end of `due`; before it was due on `due_before`."""

    due_before: date
    reason: LocalizedText


class ExtensionRefused(ExtensionStream):
    """The coordinator does not give the time asked for (to the end of `until`); `due` stays."""

    until: date
    reason: LocalizedText


class SignatureStream(Contract):
    """What a member's focal point prepared and its authorised officer has to sign by the end of `due`.

    Nothing of its content is told: it is no fact before it is signed.
    """

    period: PeriodCode
    member: InstitutionCode
    kind: Literal["report", "correction"]
    due: date
    prepared_by: str = Field(description="Who prepared it; no address")
    illustrative: bool = False


class SignatureAwaited(SignatureStream):
    """It was handed over, and waits for the signature."""


class SignatureSettled(SignatureStream):
    """It waits no more: signed, sent back by the officer, taken back by those who prepared it, or never signed."""

    outcome: Literal["signed", "sent_back", "taken_back", "lapsed"]


def content_of(document: dict[str, Any]) -> SubmissionContent:
    """The content part of a valid submission document; other fields are ignored."""
    return SubmissionContent.model_validate(document)
