"""What a request to submissions says: which one, which revision was seen; and how commands run that hold the head."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, Header, Path, Request, Response

from nrem_intake.submissions.answers import etag, problem_of, state_of
from nrem_intake.submissions.authorship import not_found
from nrem_intake.submissions.catalogues import catalogues_of
from nrem_intake.submissions.failures import Failed
from nrem_intake.submissions.streams import Known, load_streams
from nrem_shared.contracts.base import PERIOD_PATTERN
from nrem_shared.runtime.idempotency import LONGEST_KEY, Answer, answered, remember, request_key
from nrem_shared.runtime.reading import HEADER as AFTER
from nrem_shared.runtime.requests import provenance, runtime_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Sequence

    from nrem_intake.metrics import IntakeMetrics
    from nrem_intake.submissions.domain.stream import Decided
    from nrem_intake.submissions.failures import Seen
    from nrem_shared.runtime.journal import Writing

#: Code of an institution.
MEMBER_PATTERN = r"^[a-z][a-z0-9_]{0,15}$"

Period = Annotated[str, Path(pattern=PERIOD_PATTERN, examples=["2026-Q3"])]
Member = Annotated[str, Path(pattern=MEMBER_PATTERN, examples=["vp"])]
Number = Annotated[int, Path(ge=1, le=10_000, description="The version")]
IfMatch = Annotated[str | None, Header(description="The revision you saw, as its ETag", examples=['"1"'])]


async def _documented(
    idempotency_key: Annotated[
        str | None,
        Header(max_length=LONGEST_KEY, description="The same key and body again give the first answer again"),
    ] = None,
) -> None:
    """Let OpenAPI know of the header; the commands heed it. Asynchronous: no thread is needed for nothing."""


IDEMPOTENT = [Depends(_documented)]

_TAG = re.compile(r'^\s*(?:W/)?"?(\d{1,12})"?\s*$')

#: A revision that no stream has.
_NONE_SUCH = -1


def seen(if_match: str | None) -> Seen:
    """The revision that If-Match names; `*` is whatever there is now, what cannot be read matches nothing."""
    if if_match is None:
        return None
    if if_match.strip() == "*":
        return "any"
    match = _TAG.match(if_match)
    return int(match[1]) if match else _NONE_SUCH


async def run(request: Request, status: int, command: Callable[[Writing], Awaitable[Decided]]) -> Response:
    """Run a command once: a repeated Idempotency-Key gets the first answer. Raises the command's problem."""

    async def answer(writing: Writing) -> Answer:
        decided = await command(writing)
        count(request, [decided])
        headers = {"etag": etag(decided.stream.revision), AFTER: writing.after}
        return Answer(status, state_of(decided.stream).model_dump_json(), headers)

    return await run_once(request, answer)


async def run_once(request: Request, command: Callable[[Writing], Awaitable[Answer]]) -> Response:
    """A transaction around a command and its remembered answer."""
    key = await request_key(request)
    try:
        async with runtime_of(request).journal.writing(provenance(request), [key.name] if key else ()) as writing:
            before = answered(writing, key)
            if before is not None:
                return before
            answer = await command(writing)
            remember(writing, key, answer)
    except Failed as failed:
        count_failed(request, failed)
        raise problem_of(request, failed) from failed
    return answer.response()


def count(request: Request, decided: Sequence[Decided]) -> None:
    """Measure what was decided."""
    count_in(runtime_of(request).metrics, decided)


def count_in(metrics: IntakeMetrics, decided: Iterable[Decided]) -> None:
    """The same, where no request is at hand."""
    for (state, late), number in Counter((event.state, event.late) for _, event in decided).items():
        if state == "submitted":
            metrics.submissions.labels("submitted", "late" if late else "on_time").inc(number)
        else:
            metrics.decisions.labels(state).inc(number)


def count_failed(request: Request, failed: Failed) -> None:
    """Measure refusals, by what was wrong."""
    metrics: IntakeMetrics = runtime_of(request).metrics
    for failure in failed.failures:
        if failure.why == "refused":
            metrics.submissions.labels("refused", "none").inc()
            for error in failure.errors:
                metrics.refusals.labels(error.code).inc()


async def owed_or_404(request: Request, period: str, member: str) -> Known:
    """What is known of a submission, with its contents. Raises the 404 problem where nobody owes it."""
    runtime = runtime_of(request)
    async with runtime.pool.acquire() as conn:
        known = await load_streams(conn, catalogues_of(runtime), [(period, member)], contents=True)
    found = known.get((period, member))
    if found is None or not found.owed:
        raise not_found(request)
    return found
