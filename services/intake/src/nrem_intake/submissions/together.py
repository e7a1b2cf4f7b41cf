"""Single submissions that arrive together are written together; each is decided, answered or refused by itself.

The journal is written by one at a time. While one group is written, the next is decided and others arrive: a group is
loaded by one query and written by one statement (docs/adr/0001).
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from contextvars import Context
from typing import TYPE_CHECKING, NamedTuple

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
    from nrem_shared.runtime.journal import Journal, KeyName
    from nrem_shared.runtime.service import Runtime

#: As many as one write takes: it stays short for those behind it.
MOST = 64
#: Groups under way: one is being written while the next is decided, and others are read and answered.
GROUPS = 2


def share(waiting: int, under_way: int, answered: int) -> int:
    """How many of those that wait the next group takes; `answered` = those of the last one, about to ask again.

    An equal part for each thing that can be done at the same time: reading, deciding, writing. Who takes everything
    that waits ends with one large group and small ones: the server and the database take turns.
    """
    return min(MOST, -(-(waiting + under_way + answered) // (GROUPS + 1)))


class Posted(NamedTuple):
    """One request to submit: what, by whom, and its Idempotency-Key."""

    wanted: ToSubmit
    provenance: Provenance
    key: RequestKey | None

    @property
    def names(self) -> Collection[str | KeyName]:
        """What no other request under way may be about: the stream, the actor's key."""
        return (self.wanted.subject, self.key.name) if self.key else (self.wanted.subject,)


class Written(NamedTuple):
    """What was submitted, and its answer."""

    submitted: Submitted
    answer: Answer


Outcome = Written | Before | Failed

#: A request, and who waits for its outcome.
_Waiting = tuple[Posted, asyncio.Future[Outcome]]


class Together:
    """Takes what waits in groups, each written by one statement."""

    def __init__(self, journal: Journal, catalogues: Catalogues, metrics: IntakeMetrics) -> None:
        self._journal = journal
        self._catalogues = catalogues
        self._metrics = metrics
        self._waiting: list[_Waiting] = []
        self._answered = 0  # by the last group
        self._under_way: dict[asyncio.Task[None], Sequence[_Waiting]] = {}

    async def submit(self, posted: Posted) -> Outcome:
        """What became of it, once that is durable. Raises what its write raised."""
        outcome: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._waiting.append((posted, outcome))
        self._begin()
        return await outcome

    def _begin(self) -> None:
        while self._waiting and len(self._under_way) < GROUPS:
            group = self._next_group()
            if not group:
                return
            # Of no single request: its context is nobody's.
            work = asyncio.create_task(self._take(group), context=Context())
            self._under_way[work] = group
            work.add_done_callback(self._ended)

    def _ended(self, work: asyncio.Task[None]) -> None:
        self._answered = len(self._under_way.pop(work))
        self._begin()

    async def _take(self, group: Sequence[_Waiting]) -> None:
        try:
            await self._settle(group)
        except Exception as error:
            if isinstance(error, TRANSIENT) or len(group) == 1:
                _fail(group, error)
            else:
                await self._settle_alone(group)

    async def _settle_alone(self, group: Sequence[_Waiting]) -> None:
        """One of them spoilt it for all: each is written by itself."""
        for each in group:
            try:
                await self._settle([each])
            except Exception as error:
                _fail([each], error)

    def _next_group(self) -> list[_Waiting]:
        """The first ones whose names nobody has who is under way; of those with the same names the first one only."""
        under_way = [posted for group in self._under_way.values() for posted, _ in group]
        most = share(len(self._waiting), len(under_way), self._answered)
        taken = {name for posted in under_way for name in posted.names}
        group: list[_Waiting] = []
        later: list[_Waiting] = []
        for each in self._waiting:
            names = each[0].names
            if len(group) < most and taken.isdisjoint(names):
                group.append(each)
                taken.update(names)
            else:
                later.append(each)
        self._waiting = later
        return group

    async def _settle(self, group: Sequence[_Waiting]) -> None:
        posted = [each for each, _ in group]
        keys = [each.key.name for each in posted if each.key]

        async def command(writing: Writing) -> list[Outcome]:
            return await self._decide(writing, posted)

        streams = [each.wanted.subject for each in posted]
        outcomes = await self._journal.write(posted[0].provenance, command, streams=streams, keys=keys)
        count_in(self._metrics, (each.submitted.decided for each in outcomes if isinstance(each, Written)))
        for (_, future), outcome in zip(group, outcomes, strict=True):
            if not future.done():
                future.set_result(outcome)

    async def _decide(self, writing: Writing, posted: Sequence[Posted]) -> list[Outcome]:
        before = [answer_before(writing, each.key) if each.key else None for each in posted]
        new = [each for each, known in zip(posted, before, strict=True) if known is None]
        submitted = await submitting.submit_each(
            writing, self._catalogues, [each.wanted for each in new], [each.provenance for each in new]
        )
        written = [one if isinstance(one, Failed) else Written(one, _answer(writing, one)) for one in submitted]
        for each, one in zip(new, written, strict=True):
            if isinstance(one, Written):
                remember(writing, each.key, one.answer)
        following = iter(written)
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
