"""Single submissions that wait for the journal share one transaction; each is decided, answered or refused by itself.

The journal lets one command in at a time. While one transaction is committed, others arrive: they are loaded by one
query, written by one statement, committed at once (docs/adr/0001).
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextvars import Context
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nrem_intake.submissions import submitting
from nrem_intake.submissions.answers import etag, problem_of, state_of
from nrem_intake.submissions.asking import count_failed, count_in
from nrem_intake.submissions.catalogues import catalogues_of
from nrem_intake.submissions.checking import looked_at
from nrem_intake.submissions.failures import Failed
from nrem_intake.submissions.submitting import Submitted
from nrem_shared.runtime.database import TRANSIENT
from nrem_shared.runtime.idempotency import Answer, Before, RequestKey, answer_before, remember, request_key
from nrem_shared.runtime.journal import Provenance, Writing
from nrem_shared.runtime.reading import HEADER as AFTER
from nrem_shared.runtime.requests import provenance, runtime_of

if TYPE_CHECKING:
    from fastapi import Request, Response

    from nrem_intake.metrics import IntakeMetrics
    from nrem_intake.submissions.catalogues import Catalogues
    from nrem_intake.submissions.checking import ToSubmit
    from nrem_shared.runtime.journal import Journal
    from nrem_shared.runtime.service import Runtime

#: As many as one transaction takes: it stays short for those behind it.
MOST = 64


def share(waiting: int, taken: int) -> int:
    """How many of those that wait the next transaction takes, where the one before took `taken`.

    Those are about to ask again: half of them all is written while the other half is read. Who takes everything that
    waits ends with 31 written while one is read, then one while 31 are: the server and the database take turns.
    """
    return min(MOST, (waiting + taken + 1) // 2)


@dataclass(frozen=True, slots=True)
class Posted:
    """One request to submit: what, by whom, and its Idempotency-Key."""

    wanted: ToSubmit
    provenance: Provenance
    key: RequestKey | None

    @property
    def names(self) -> tuple[tuple[str, str], ...]:
        """What no other request of the same transaction may be about: the stream, the actor's key."""
        return (self.wanted.key, self.key.name) if self.key else (self.wanted.key,)


@dataclass(frozen=True, slots=True)
class Written:
    """What was submitted, and its answer."""

    submitted: Submitted
    answer: Answer


Outcome = Written | Before | Failed

#: A request, and who waits for its outcome.
_Waiting = tuple[Posted, asyncio.Future[Outcome]]


class Together:
    """Takes what waits into one transaction after the other."""

    def __init__(self, journal: Journal, catalogues: Catalogues, metrics: IntakeMetrics) -> None:
        self._journal = journal
        self._catalogues = catalogues
        self._metrics = metrics
        self._waiting: list[_Waiting] = []
        self._taken = 0  # by the last transaction
        self._work: asyncio.Task[None] | None = None

    async def submit(self, posted: Posted) -> Outcome:
        """What became of it, once that is durable. Raises what the transaction raised."""
        outcome: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._waiting.append((posted, outcome))
        if self._work is None or self._work.done():
            # Of no single request: its context is nobody's.
            self._work = asyncio.create_task(self._take_turns(), context=Context())
        return await outcome

    async def _take_turns(self) -> None:
        while self._waiting:
            group = self._next_group()
            try:
                await self._settle(group)
            except Exception as error:
                if isinstance(error, TRANSIENT) or len(group) == 1:
                    _fail(group, error)
                else:
                    await self._settle_alone(group)

    async def _settle_alone(self, group: Sequence[_Waiting]) -> None:
        """One of them spoilt it for all: each in a transaction of its own."""
        for each in group:
            try:
                await self._settle([each])
            except Exception as error:
                _fail([each], error)

    def _next_group(self) -> list[_Waiting]:
        """The first ones; of those about the same stream, or with the same key, the first one only."""
        most = share(len(self._waiting), self._taken)
        group: list[_Waiting] = []
        later: list[_Waiting] = []
        taken: set[object] = set()
        for each in self._waiting:
            names = each[0].names
            if len(group) < most and taken.isdisjoint(names):
                group.append(each)
                taken.update(names)
            else:
                later.append(each)
        self._waiting, self._taken = later, len(group)
        return group

    async def _settle(self, group: Sequence[_Waiting]) -> None:
        posted = [each for each, _ in group]
        keys = [each.key.name for each in posted if each.key]
        async with self._journal.writing(posted[0].provenance, keys) as writing:
            outcomes = await self._write(writing, posted)
        count_in(self._metrics, (each.submitted.decided for each in outcomes if isinstance(each, Written)))
        for (_, future), outcome in zip(group, outcomes, strict=True):
            if not future.done():
                future.set_result(outcome)

    async def _write(self, writing: Writing, posted: Sequence[Posted]) -> list[Outcome]:
        before = [answer_before(writing, each.key) if each.key else None for each in posted]
        new = [each for each, known in zip(posted, before, strict=True) if known is None]

        def answering(submitted: list[Submitted | Failed]) -> Sequence[Outcome]:
            written = [one if isinstance(one, Failed) else Written(one, _answer(writing, one)) for one in submitted]
            for each, one in zip(new, written, strict=True):
                if isinstance(one, Written):
                    remember(writing, each.key, one.answer)
            return written

        fresh = await submitting.submit_each(
            writing, self._catalogues, [each.wanted for each in new], [each.provenance for each in new], answering
        )
        following = iter(fresh)
        return [known or next(following) for known in before]


def _answer(writing: Writing, submitted: Submitted) -> Answer:
    stream = submitted.decided.stream
    headers = {"etag": etag(stream.revision), AFTER: writing.after_of([submitted.fact])}
    return Answer(201, state_of(stream).model_dump_json(), headers)


def _fail(group: Sequence[_Waiting], error: Exception) -> None:
    for _, future in group:
        if not future.done():
            future.set_exception(error)


async def submit_once(request: Request, wanted: ToSubmit) -> Response:
    """Submit and answer; a repeated Idempotency-Key gets the first answer. Raises the problem of a refusal."""
    runtime = runtime_of(request)
    posted = Posted(looked_at(wanted, catalogues_of(runtime)), provenance(request), await request_key(request))
    outcome = await _together_of(runtime).submit(posted)
    if isinstance(outcome, Failed):
        count_failed(request, outcome)
        raise problem_of(request, outcome) from outcome
    if isinstance(outcome, Written):
        return outcome.answer.response()
    assert posted.key is not None  # noqa: S101 - only a key brings back an answer given before
    return outcome.repeated(posted.key)


def _together_of(runtime: Runtime) -> Together:
    """The one of this service in this process."""
    state = runtime.api.state
    if not hasattr(state, "together"):
        state.together = Together(runtime.journal, catalogues_of(runtime), runtime.metrics)
    found: Together = state.together
    return found
