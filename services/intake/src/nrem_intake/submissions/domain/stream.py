"""The life of one submission: `submitted → returned → submitted (next version) … → accepted`, then corrections.

Versions are immutable but for their outcome. Every change counts the stream's revision up by one. A pending or returned
correction never displaces the version that was accepted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Literal, NamedTuple

from nrem_intake.submissions.domain.authors import NOBODY, Authors
from nrem_intake.submissions.domain.errors import NotAllowed, Unacceptable
from nrem_intake.submissions.domain.fields import check_bilingual
from nrem_intake.submissions.domain.pointers import resolves
from nrem_intake.submissions.domain.refusals import Findings
from nrem_intake.submissions.domain.watch import STRICT, Watch
from nrem_shared.contracts.submissions import (
    CorrectedFigure,
    ReasonForReturn,
    SubmissionAccepted,
    SubmissionContent,
    SubmissionReturned,
    SubmissionState,
    SubmissionStream,
    SubmissionSubmitted,
    SubmissionWithdrawn,
)
from nrem_shared.runtime.clock import RIGA

Kind = Literal["first", "resubmission", "correction"]

#: (day, n) → the n-th working day after it.
AddWorkingDays = Callable[[date, int], date]

#: Working days that a member has for a returned submission, where the coordinator names no day.
DAYS_TO_RESUBMIT = 5


def subject_of(period: str, member: str) -> str:
    """A submission's name in the journal and on the bus."""
    return f"submission/{period}/{member}"


@dataclass(frozen=True, slots=True)
class Version:
    """One version as submitted, and what became of it. `content` is null where it was not loaded."""

    number: int
    kind: Kind
    state: SubmissionState
    submitted_at: datetime
    nothing_to_report: bool
    content: SubmissionContent | None = None
    corrected_figures: tuple[CorrectedFigure, ...] = ()
    reasons: tuple[ReasonForReturn, ...] = ()
    due: date | None = None
    decided_at: datetime | None = None
    authors: Authors = NOBODY
    imported: bool = False


@dataclass(frozen=True, slots=True)
class Stream:
    """The submission of one member for one period; `revision` 0 = nothing was ever submitted.

    `due` is the member's due date in force: the period's, that of an extension, or that of the last return. `late` is
    decided by the first version and stays.
    """

    period: str
    member: str
    due: date
    illustrative: bool = False
    revision: int = 0
    versions: tuple[Version, ...] = ()
    first_submitted_at: datetime | None = None
    late: bool = False

    @property
    def subject(self) -> str:
        """The stream's name in the journal and on the bus."""
        return subject_of(self.period, self.member)

    @property
    def accepted_version(self) -> int | None:
        """What counts: the last version that was accepted."""
        return next((v.number for v in reversed(self.versions) if v.state == "accepted"), None)

    @property
    def pending_version(self) -> int | None:
        """What waits for a decision; it displaces nothing."""
        return next((v.number for v in self.versions if v.state == "submitted"), None)

    @property
    def reported(self) -> bool:
        """Whether a version stands: something was submitted and not withdrawn."""
        return any(v.state != "withdrawn" for v in self.versions)

    def version(self, number: int | None) -> Version:
        """One version by its number. Raises NotAllowed (`unknown_version`) where there is none."""
        for version in self.versions:
            if version.number == number:
                return version
        raise NotAllowed("unknown_version", version=str(number))


class Decided(NamedTuple):
    """What a command leads to: the stream after it, and the event that says so."""

    stream: Stream
    event: SubmissionStream


def submit(stream: Stream, content: SubmissionContent, now: datetime, authors: Authors = NOBODY) -> Decided:
    """A whole submission: the first version, or the next one after a return or withdrawal.

    Raises NotAllowed: `accepted_already` (then only a correction changes figures), `pending_already`.
    """
    may_submit(stream)
    return _next_version(stream, "resubmission" if stream.versions else "first", content, (), now, authors)


def may_submit(stream: Stream) -> None:
    """Raise NotAllowed, as `submit` does, where no whole submission is taken now."""
    if stream.accepted_version is not None:
        raise NotAllowed("accepted_already", version=str(stream.accepted_version))
    _refuse_while_pending(stream)


def submit_correction(
    stream: Stream,
    content: SubmissionContent,
    figures: tuple[CorrectedFigure, ...],
    now: datetime,
    authors: Authors = NOBODY,
) -> Decided:
    """A correction of what was accepted: `content` is the whole content after it, `figures` what it changes.

    Raises NotAllowed: `nothing_accepted`, `pending_already`.
    """
    may_correct(stream)
    return _next_version(stream, "correction", content, figures, now, authors)


def may_correct(stream: Stream) -> Version:
    """The accepted version that a correction starts from. Raises NotAllowed where there is none or one is pending."""
    if stream.accepted_version is None:
        raise NotAllowed("nothing_accepted")
    _refuse_while_pending(stream)
    return stream.version(stream.accepted_version)


def accept(stream: Stream, number: int, now: datetime, *, by_enterer: bool = False) -> Decided:
    """The pending version counts from now on. Raises NotAllowed: `unknown_version`, `decided_already`.

    `by_enterer`: whoever accepts it had entered it on the member's behalf.
    """
    version = _pending(stream, number)
    after = _replaced(stream, replace(version, state="accepted", decided_at=now))
    return Decided(after, SubmissionAccepted(**_state(after, number), accepted_by_enterer=by_enterer))


def withdraw(stream: Stream, number: int, now: datetime) -> Decided:
    """The member takes the pending version back. Raises NotAllowed: `unknown_version`, `decided_already`."""
    version = _pending(stream, number)
    after = _replaced(stream, replace(version, state="withdrawn", decided_at=now))
    return Decided(after, SubmissionWithdrawn(**_state(after, number)))


def return_(
    stream: Stream,
    number: int,
    reasons: tuple[ReasonForReturn, ...],
    now: datetime,
    add_working_days: AddWorkingDays,
    due: date | None = None,
    watch: Watch = STRICT,
) -> Decided:
    """The coordinator returns the pending version; its content must be loaded. Without `due`: five working days.

    Raises NotAllowed (`unknown_version`, `decided_already`), Unacceptable (`reasons_missing`, `no_such_place`,
    `personal_data`, `due_in_past`, `not_working_day`; pointers into `{reasons, due}`).
    """
    version = _pending(stream, number)
    today = now.astimezone(RIGA).date()
    _check_return(version, reasons, today, due, add_working_days, watch)
    due = due or add_working_days(today, DAYS_TO_RESUBMIT)
    returned = replace(version, state="returned", decided_at=now, reasons=reasons, due=due)
    after = replace(_replaced(stream, returned), due=due)
    return Decided(after, SubmissionReturned(**_state(after, number), reasons=reasons))


def _check_return(
    version: Version,
    reasons: tuple[ReasonForReturn, ...],
    today: date,
    due: date | None,
    add_working_days: AddWorkingDays,
    watch: Watch,
) -> None:
    found = Findings(watch)
    if not reasons:
        found.add("/reasons", "reasons_missing")
    content = version.content.model_dump(mode="json") if version.content else {}
    for place, reason in enumerate(reasons):
        if not resolves(content, reason.at):
            found.add(f"/reasons/{place}/at", "no_such_place", value=reason.at)
        check_bilingual(found, f"/reasons/{place}/text", reason.text.model_dump())
    if due and due < today:
        found.add("/due", "due_in_past", day=due.isoformat())
    elif due and add_working_days(due - timedelta(days=1), 1) != due:
        found.add("/due", "not_working_day", day=due.isoformat())
    if found:
        raise Unacceptable(found.sorted())


def _refuse_while_pending(stream: Stream) -> None:
    if stream.pending_version is not None:
        raise NotAllowed("pending_already", version=str(stream.pending_version))


def _pending(stream: Stream, number: int) -> Version:
    version = stream.version(number)
    if version.state != "submitted":
        raise NotAllowed("decided_already", version=str(number), state=version.state)
    return version


def _next_version(
    stream: Stream,
    kind: Kind,
    content: SubmissionContent,
    figures: tuple[CorrectedFigure, ...],
    now: datetime,
    authors: Authors = NOBODY,
) -> Decided:
    number = len(stream.versions) + 1
    version = Version(
        number=number,
        kind=kind,
        state="submitted",
        submitted_at=now,
        nothing_to_report=content.nothing_to_report,
        content=content,
        corrected_figures=figures,
        authors=authors,
    )
    first = stream.first_submitted_at or now
    late = stream.late if stream.first_submitted_at else now.astimezone(RIGA).date() > stream.due
    after = replace(
        stream,
        revision=stream.revision + 1,
        versions=(*stream.versions, version),
        first_submitted_at=first,
        late=late,
    )
    event = SubmissionSubmitted(
        **_state(after, number), kind=kind, content=content, corrected_figures=figures, **authors.fields()
    )
    return Decided(after, event)


def _replaced(stream: Stream, version: Version) -> Stream:
    versions = tuple(version if v.number == version.number else v for v in stream.versions)
    return replace(stream, revision=stream.revision + 1, versions=versions)


def _state(stream: Stream, number: int) -> dict[str, Any]:
    """The fields that every event of the stream carries; `number` is the version it is about."""
    return {
        "period": stream.period,
        "member": stream.member,
        "version": number,
        "state": stream.versions[-1].state,
        "accepted_version": stream.accepted_version,
        "pending_version": stream.pending_version,
        "first_submitted_at": stream.first_submitted_at,
        "late": stream.late,
        "due": stream.due,
        "nothing_to_report": stream.version(number).nothing_to_report,
        "illustrative": stream.illustrative,
    }
