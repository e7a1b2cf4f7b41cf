"""What can be done with submissions: load the streams, decide (pure), write state and facts in one transaction.

Every function works inside one `Journal.writing`; whatever it raises undoes all of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from nrem_intake.evidence.completing import completed
from nrem_intake.evidence.domain import Evidence
from nrem_intake.evidence.references import files_in
from nrem_intake.redactions import store as redactions
from nrem_intake.submissions import store
from nrem_intake.submissions.domain import stream as life
from nrem_intake.submissions.domain.authors import NOBODY, Authors
from nrem_intake.submissions.domain.correction import correct
from nrem_intake.submissions.domain.errors import NotAllowed, Unacceptable
from nrem_intake.submissions.domain.figures import Accumulated, compares_parts
from nrem_intake.submissions.domain.refusals import Refusal
from nrem_intake.submissions.domain.stream import Decided, Stream
from nrem_intake.submissions.domain.validation import Refused, Valid, validate
from nrem_intake.submissions.domain.watch import LetPass, Watch
from nrem_intake.submissions.streams import Known, accumulated, load_streams
from nrem_shared.contracts.submissions import (
    ReasonForReturn,
    SubmissionAccepted,
    SubmissionContent,
    SubmissionReturned,
    SubmissionStream,
    SubmissionSubmitted,
    SubmissionWithdrawn,
)
from nrem_shared.runtime.journal import Fact

if TYPE_CHECKING:
    from nrem_intake.submissions.catalogues import Catalogues
    from nrem_shared.runtime.database import Connection
    from nrem_shared.runtime.journal import Provenance, Writing

_TYPES: dict[type[SubmissionStream], str] = {
    SubmissionSubmitted: "nrem.submission.submitted.v1",
    SubmissionReturned: "nrem.submission.returned.v1",
    SubmissionAccepted: "nrem.submission.accepted.v1",
    SubmissionWithdrawn: "nrem.submission.withdrawn.v1",
}

Why = Literal["refused", "conflict", "changed_meanwhile", "revision_required", "unknown"]

#: Which revision the asker saw; `"any"` = whatever it is now.
Seen = int | Literal["any"] | None

#: (member, reference) → a file that the member sent.
Files = Mapping[tuple[str, str], Evidence]


@dataclass(frozen=True, slots=True)
class ToSubmit:
    """A document for a stream, and the revision its sender saw; null = nothing was submitted before.

    `let_pass` = texts in it that the coordinator let pass although they look like personal data.
    """

    period: str
    member: str
    document: Any
    seen: Seen = None
    authors: Authors = NOBODY
    let_pass: tuple[LetPass, ...] = ()

    @property
    def key(self) -> store.Key:
        """The stream."""
        return (self.period, self.member)


@dataclass(frozen=True, slots=True)
class Failure:
    """Why one request of a command failed; `place` is its number, pointers of `refused` are into what was sent."""

    place: int
    why: Why
    errors: tuple[Refusal, ...]


@dataclass(frozen=True, slots=True)
class Submitted:
    """One submission of several in a transaction: what was decided, and its fact."""

    decided: Decided
    fact: Fact


class Failed(Exception):
    """A command was refused as a whole: everything wrong with each of its requests."""

    def __init__(self, *failures: Failure) -> None:
        self.failures = failures
        super().__init__("; ".join(f"{f.place} {f.why}: {', '.join(e.code for e in f.errors)}" for f in failures))


async def submit_many(writing: Writing, catalogues: Catalogues, requests: Sequence[ToSubmit]) -> list[Decided]:
    """Submit all of them or none. One query loads the streams, one statement writes. Raises Failed."""
    outcomes = await _decide_each(writing, catalogues, requests)
    failures = [
        Failure(place, failure.why, failure.errors)
        for place, outcome in enumerate(outcomes)
        if isinstance(outcome, Failed)
        for failure in outcome.failures
    ]
    if failures:
        raise Failed(*failures)
    decided = [outcome for outcome in outcomes if not isinstance(outcome, Failed)]
    await store.insert(writing.conn, decided)
    writing.record(*map(fact_of, decided))
    return decided


async def submit_each(
    writing: Writing, catalogues: Catalogues, requests: Sequence[ToSubmit], provenances: Sequence[Provenance]
) -> list[Submitted | Failed]:
    """Submit those that can be; of several requests for one stream only one may be among them."""
    outcomes = await _decide_each(writing, catalogues, requests)
    submitted = [
        outcome if isinstance(outcome, Failed) else Submitted(outcome, fact_of(outcome, provenance))
        for outcome, provenance in zip(outcomes, provenances, strict=True)
    ]
    written = [each for each in submitted if isinstance(each, Submitted)]
    if written:
        await store.insert(writing.conn, [each.decided for each in written])
        writing.record(*(each.fact for each in written))
    return submitted


async def _decide_each(
    writing: Writing, catalogues: Catalogues, requests: Sequence[ToSubmit]
) -> list[Decided | Failed]:
    known = await load_streams(writing.conn, catalogues, [request.key for request in requests])
    before = await _before(writing.conn, requests, known)
    files = await files_in(writing.conn, [(request.member, request.document) for request in requests])
    streams = {key: found.stream for key, found in known.items()}
    outcomes: list[Decided | Failed] = []
    for request in requests:
        outcome = _outcome(request, known.get(request.key), streams, before, files, writing)
        if isinstance(outcome, Failed) and _personal(outcome.failures[0].errors):
            let_pass = await redactions.let_pass(writing.conn, request.period, request.member)
            if let_pass:
                again = replace(request, let_pass=let_pass)
                outcome = _outcome(again, known.get(request.key), streams, before, files, writing)
        outcomes.append(outcome)
        if not isinstance(outcome, Failed):
            streams[request.key] = outcome.stream
    return outcomes


def _outcome(
    request: ToSubmit,
    found: Known | None,
    streams: dict[store.Key, Stream],
    before: dict[store.Key, Accumulated],
    files: Files,
    writing: Writing,
) -> Decided | Failed:
    try:
        return _submit(request, found, streams, before, files, writing)
    except Failed as failed:
        return failed


def _personal(errors: Sequence[Refusal]) -> bool:
    """Whether the guard of personal data is among the reasons: only then it is asked what was let pass."""
    return any(error.code == "personal_data" for error in errors)


def _submit(
    request: ToSubmit,
    found: Known | None,
    streams: dict[store.Key, Stream],
    before: dict[store.Key, Accumulated],
    files: Files,
    writing: Writing,
) -> Decided:
    known = _expected(found)
    stream = streams[request.key]
    check_revision(stream, request.seen, is_first=True)
    result = validate(
        request.document,
        period=request.period,
        member=request.member,
        catalogue=known.in_force.catalogue,
        before=before.get(request.key, {}),
        let_pass=request.let_pass,
    )
    return _checked(lambda: life.submit(stream, _content(result, request.member, files), writing.now, request.authors))


def _content(result: Valid | Refused, member: str, files: Files) -> SubmissionContent:
    """What is submitted, with what is known of the files in it. Raises Unacceptable."""
    if isinstance(result, Refused):
        raise Unacceptable(result.errors)
    content = completed(result.content, member, files)
    if not isinstance(content, SubmissionContent):
        raise Unacceptable(content)
    return content


async def validate_one(conn: Connection, catalogues: Catalogues, request: ToSubmit) -> tuple[Refusal, ...]:
    """What submitting the document would be refused for; nothing is kept. Raises Failed for an unknown stream."""
    known = await load_streams(conn, catalogues, [request.key])
    found = _expected(known.get(request.key))
    before = await _before(conn, [request], known)
    result = validate(
        request.document,
        period=request.period,
        member=request.member,
        catalogue=found.in_force.catalogue,
        before=before.get(request.key, {}),
        let_pass=request.let_pass,
    )
    if not isinstance(result, Refused):
        content = completed(result.content, request.member, await files_in(conn, [(request.member, request.document)]))
        return () if isinstance(content, SubmissionContent) else content
    if _personal(result.errors) and not request.let_pass:
        let_pass = await redactions.let_pass(conn, request.period, request.member)
        if let_pass:
            return await validate_one(conn, catalogues, replace(request, let_pass=let_pass))
    return result.errors


async def correct_one(
    writing: Writing, catalogues: Catalogues, period: str, member: str, items: Any, seen: Seen
) -> Decided:
    """Submit a correction of what was accepted. Raises Failed."""
    key = (period, member)
    known = await load_streams(writing.conn, catalogues, [key], contents=True)
    found = _expected(known.get(key))
    check_revision(found.stream, seen)
    before = await accumulated(writing.conn, [key], known)
    decided = _checked(
        lambda: correct(
            found.stream, items, writing.now, catalogue=found.in_force.catalogue, before=before.get(key, {})
        )
    )
    await store.insert(writing.conn, [decided])
    writing.record(fact_of(decided))
    return decided


async def accept(
    writing: Writing, catalogues: Catalogues, period: str, member: str, version: int, seen: Seen
) -> Decided:
    """The coordinator accepts a pending version. Raises Failed."""
    found = await _decidable(writing, catalogues, period, member, seen)
    return await _decide(writing, version, lambda: life.accept(found.stream, version, writing.now))


async def withdraw(
    writing: Writing, catalogues: Catalogues, period: str, member: str, version: int, seen: Seen
) -> Decided:
    """The member takes a pending version back. Raises Failed."""
    found = await _decidable(writing, catalogues, period, member, seen)
    return await _decide(writing, version, lambda: life.withdraw(found.stream, version, writing.now))


async def return_(
    writing: Writing,
    catalogues: Catalogues,
    period: str,
    member: str,
    version: int,
    seen: Seen,
    reasons: tuple[ReasonForReturn, ...],
    due: date | None,
) -> Decided:
    """The coordinator returns a pending version with reasons. Raises Failed."""
    found = await _decidable(writing, catalogues, period, member, seen, contents=True)
    add, watch = found.in_force.calendar.add, Watch(found.in_force.catalogue.allowed)
    return await _decide(
        writing, version, lambda: life.return_(found.stream, version, reasons, writing.now, add, due, watch)
    )


async def _decidable(
    writing: Writing, catalogues: Catalogues, period: str, member: str, seen: Seen, *, contents: bool = False
) -> Known:
    known = await load_streams(writing.conn, catalogues, [(period, member)], contents=contents)
    found = known.get((period, member))
    if found is None or not found.stream.revision:
        raise Failed(Failure(0, "unknown", (Refusal("", "unknown_submission"),)))
    check_revision(found.stream, seen)
    return found


async def _decide(writing: Writing, version: int, command: Callable[[], Decided]) -> Decided:
    decided = _checked(command)
    await store.decide(writing.conn, decided.stream, decided.stream.version(version))
    writing.record(fact_of(decided))
    return decided


async def _before(
    conn: Connection, requests: Sequence[ToSubmit], known: dict[store.Key, Known]
) -> dict[store.Key, Accumulated]:
    """Earlier figures, only for documents that report a part of another indicator."""
    keys = [
        request.key
        for request in requests
        if request.key in known and compares_parts(known[request.key].in_force.catalogue, request.document)
    ]
    return await accumulated(conn, keys, known)


def check_revision(stream: Stream, seen: Seen, *, is_first: bool = False) -> None:
    """Whoever changes a stream says which revision was seen; only the first submission has none. Raises Failed."""
    if seen is None and not (is_first and stream.revision == 0):
        raise Failed(Failure(0, "revision_required", (Refusal("", "revision_required"),)))
    if (seen == "any" and stream.revision == 0) or (isinstance(seen, int) and seen != stream.revision):
        parameters = {"revision": str(stream.revision)}
        raise Failed(Failure(0, "changed_meanwhile", (Refusal("", "changed_meanwhile", parameters),)))


def _expected(found: Known | None) -> Known:
    """The stream, if its period exists and the member owes it."""
    if found is None:
        raise Failed(Failure(0, "unknown", (Refusal("", "unknown_submission"),)))
    if not found.owed:
        raise Failed(Failure(0, "conflict", (Refusal("", "not_owed"),)))
    return found


def _checked(command: Callable[[], Decided]) -> Decided:
    try:
        return command()
    except Unacceptable as error:
        raise Failed(Failure(0, "refused", error.errors)) from error
    except NotAllowed as error:
        raise Failed(Failure(0, "conflict", (Refusal("", error.code, error.parameters),))) from error


def fact_of(decided: Decided, provenance: Provenance | None = None) -> Fact:
    """What was decided, for the journal; without a provenance that of the transaction."""
    stream, event = decided
    return Fact(_TYPES[type(event)], stream.subject, stream.revision, event, provenance)
