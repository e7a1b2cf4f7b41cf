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
from nrem_shared.runtime.idempotency import Answer, Before, RequestKey, answers_before, remember_all, request_key
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

#: As many as one transaction takes: it stays short for those behind it. Measured with 32 connections: in groups of at
#: most 16 a submission needs a quarter more processor time, in groups of at most 8 half as much again.
MOST = 64


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
        group: list[_Waiting] = []
        later: list[_Waiting] = []
        taken: set[object] = set()
        for each in self._waiting:
            names = each[0].names
            if len(group) < MOST and taken.isdisjoint(names):
                group.append(each)
                taken.update(names)
            else:
                later.append(each)
        self._waiting = later
        return group

    async def _settle(self, group: Sequence[_Waiting]) -> None:
        posted = [each for each, _ in group]
        async with self._journal.writing(posted[0].provenance) as writing:
            outcomes = await self._write(writing, posted)
        count_in(self._metrics, (each.submitted.decided for each in outcomes if isinstance(each, Written)))
        for (_, future), outcome in zip(group, outcomes, strict=True):
            if not future.done():
                future.set_result(outcome)

    async def _write(self, writing: Writing, posted: Sequence[Posted]) -> list[Outcome]:
        before = await answers_before(writing.conn, [each.key for each in posted if each.key])
        new = [each for each in posted if each.key is None or each.key.name not in before]
        submitted = await submitting.submit_each(
            writing, self._catalogues, [each.wanted for each in new], [each.provenance for each in new]
        )
        written = [one if isinstance(one, Failed) else Written(one, _answer(writing, one)) for one in submitted]
        pairs = list(zip(new, written, strict=True))
        await remember_all(writing, [(p.key, one.answer) for p, one in pairs if p.key and isinstance(one, Written)])
        fresh = iter(written)
        return [before[p.key.name] if p.key and p.key.name in before else next(fresh) for p in posted]


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
