"""Submitting: load the streams, decide (pure), hand versions and facts to the journal to be written together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from nrem_intake.submissions import store
from nrem_intake.submissions.checking import Beside, ToSubmit, again_with_passes, beside, content_or_errors
from nrem_intake.submissions.domain import stream as life
from nrem_intake.submissions.domain.stream import Decided, Stream
from nrem_intake.submissions.facts import fact_of
from nrem_intake.submissions.failures import Failed, Failure, check_revision, checked, expected
from nrem_intake.submissions.streams import Known, load_streams
from nrem_shared.contracts.submissions import SubmissionContent

if TYPE_CHECKING:
    from nrem_intake.submissions.catalogues import Catalogues
    from nrem_shared.runtime.journal import Fact, Provenance, Writing


class Submitted(NamedTuple):
    """One submission of several that are written together: what was decided, and its fact."""

    decided: Decided
    fact: Fact


async def submit_many(writing: Writing, catalogues: Catalogues, requests: Sequence[ToSubmit]) -> list[Decided]:
    """Submit all of them or none. One query loads the streams; they are written with their facts. Raises Failed."""
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
    _write(writing, [Submitted(each, fact_of(each)) for each in decided])
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
    _write(writing, [each for each in submitted if isinstance(each, Submitted)])
    return submitted


def _write(writing: Writing, submitted: Sequence[Submitted]) -> None:
    if submitted:
        writing.keep(store.inserted([each.decided for each in submitted]))
        writing.record(*(each.fact for each in submitted))


async def _decide_each(
    writing: Writing, catalogues: Catalogues, requests: Sequence[ToSubmit]
) -> list[Decided | Failed]:
    known = await load_streams(writing.conn, catalogues, [request.key for request in requests])
    counts = await beside(writing.conn, requests, known)
    streams = {key: found.stream for key, found in known.items()}
    outcomes: list[Decided | Failed] = []
    for request in requests:
        outcome = _outcome(writing, request, known.get(request.key), streams, counts)
        if isinstance(outcome, Failed):
            again = await again_with_passes(writing.conn, request, outcome.failures[0].errors)
            if again is not None:
                outcome = _outcome(writing, again, known.get(request.key), streams, counts)
        outcomes.append(outcome)
        if not isinstance(outcome, Failed):
            streams[request.key] = outcome.stream
    return outcomes


def _outcome(
    writing: Writing, request: ToSubmit, found: Known | None, streams: dict[store.Key, Stream], counts: Beside
) -> Decided | Failed:
    """Decided on the stream as it stands after those that are written before it, together with it."""
    try:
        known = expected(found)
        stream = streams[request.key]
        check_revision(stream, request.seen, is_first=True)
        content = content_or_errors(request, known, counts)
        if not isinstance(content, SubmissionContent):
            return Failed(Failure(0, "refused", content))
        authors = known.in_force.catalogue.for_others(request.authors, request.member)
        return checked(lambda: life.submit(stream, content, writing.now, authors))
    except Failed as failed:
        return failed
