"""A service under trial.

    await check_every_answer(service, signing, [Known("POST /api/periods", "coordinator", body={...}), ...])

First every known request is sent, in its order, and must succeed: each operation is seen to work. Then each operation
gets `EXAMPLES` different requests (one, if it takes no input): valid ones, ones that the document forbids, which must
be refused, and known ones with one value spoiled; and each kind of number, truth and day as another type. Roles that
the table does not name, and nobody, send some of them too and must be turned away.
"""

from __future__ import annotations

import asyncio
import time
import warnings
from collections import Counter
from collections.abc import Coroutine, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import httpx
import requests
import schemathesis
from hypothesis import given
from hypothesis import strategies as st

from nrem_shared.contracts.operations import Mark
from nrem_shared.contracts.submissions import SECTIONS
from nrem_shared.contracts.topics import HEARTBEATS
from nrem_shared.runtime.identity import Rule
from nrem_shared.runtime.identity.principal import OF_AN_INSTITUTION, ROLES
from nrem_shared.runtime.projection import store as projection
from support.odd_pages import odd_requests
from support.requests_of_documents.judging import REFUSALS, Report, unread
from support.requests_of_documents.known import NOBODY, Known, self_evident
from support.requests_of_documents.making import EXAMPLES, QUIET, cases, has_input, prepared, the_same_each_time
from support.running import Running
from support.signing import Signing
from support.spoiling import misread


async def check_every_answer(service: Running, signing: Signing, known: Sequence[Known]) -> None:
    """Send all of it, and odd requests to the pages on whatever is kept by then. Fails with every fault found.

    Hypothesis works in a thread of its own; the service answers in this loop.
    """
    await everything_is_fresh(service)
    trial = Trial(service, signing, asyncio.get_running_loop())
    await asyncio.to_thread(trial.run, service.service.api.openapi(), known)
    names: dict[str, list[Any]] = {}
    for one in known:
        for name, value in one.path.items():
            names.setdefault(name, []).append(value)
    began = time.perf_counter()
    sent, fallen = await odd_requests(service, signing, names)
    print(f"{trial.report.summary()}; {sent} odd requests to pages, {time.perf_counter() - began:.1f} s")
    print(trial.report.slowest())
    for address in fallen:
        trial.report.fault(address, "page", "fell over")
    assert not trial.report.wrong, trial.report.told()


async def everything_is_fresh(service: Running) -> None:
    """Every topic of the service was heard of a moment ago, and nothing is missing."""
    topics = sorted(service.runtime.blueprint.topics - {HEARTBEATS})
    async with service.runtime.pool.acquire() as conn:
        await projection.add_places(conn, [(topic, 0) for topic in topics])
        marks = [Mark(topic=topic, partition=0, position=0) for topic in topics]
        for sender in ("intake", "statistics", "plan-tracker", "notifier"):
            await projection.save_heartbeats(conn, sender, datetime.now(UTC), marks)
        await projection.save_freshness(conn, topics)


class Trial:
    """One service under trial."""

    def __init__(self, service: Running, signing: Signing, loop: asyncio.AbstractEventLoop) -> None:
        self.report = Report()
        self._service, self._client = service, service.client
        self._rules: dict[str, Rule] = service.service.api.state.rules
        self._signing = signing
        self._loop = loop

    def run(self, document: dict[str, Any], known: Sequence[Known]) -> None:
        """Known requests first: what is generated afterwards may change anything."""
        with warnings.catch_warnings(), the_same_each_time():
            warnings.simplefilter("ignore")
            schema = schemathesis.openapi.from_dict(document)
            schema.config.generation.with_security_parameters = False  # who asks is said here
            schema.config.checks.negative_data_rejection.expected_statuses = [str(status) for status in REFUSALS]
            operations = {one.ok().label: one.ok() for one in schema.get_all_operations()}
            every = [*self_evident(operations, known, self._rules), *known]
            known = [self._succeeds(operations[one.operation], one) for one in every]
            for name in operations.keys() - {one.operation for one in every}:
                self.report.fault(name, "no success", "no request is known that succeeds")
            for name, operation in operations.items():
                self._tried(name, operation, [one for one in known if one.operation == name])

    def _succeeds(self, operation: Any, one: Known) -> Known:
        """Send it; it comes back with the body that it was sent with."""
        if one.first is not None:
            self._done(one.first())
        if callable(one.body):
            one = replace(one, body=self._done(one.body()))
        answer = self._send(one.operation, one.case(operation), one.who, one.member)
        if not 200 <= answer.status_code < 300:
            text = f"should succeed, but {answer.status_code}: {answer.content[:600].decode(errors='replace')}"
            self.report.fault(one.operation, f"no success {one.path}", text)
        self._misread(operation, one)  # at once: what comes later may have it refused for another reason
        return one

    def _tried(self, name: str, operation: Any, known: Sequence[Known]) -> None:
        began = time.perf_counter()
        if name.endswith("/health/ready"):  # knowledge has aged meanwhile
            self._done(everything_is_fresh(self._service))
        try:
            self._generate(name, operation, known)
        except Exception as error:  # of the generator itself: the others are still tried
            self.report.fault(name, "generation", repr(error)[:500])
        self.report.seconds[name] += time.perf_counter() - began

    def _generate(self, name: str, operation: Any, known: Sequence[Known]) -> None:
        rule = self._rules[name]
        permitted = sorted(rule.roles) or [NOBODY]
        foreign = [] if rule.public else [*sorted(ROLES - rule.roles), NOBODY]
        self.report.statuses.setdefault(name, Counter())
        if not has_input(operation):
            self.report.example(name, prepared(operation.Case()))  # there is no other
            for who in permitted:
                self._send(name, operation.Case(), who)
            for who in foreign:
                self._turned_away(name, operation.Case(), who)
            return

        @QUIET
        @given(case=cases(operation, known), who=st.sampled_from(permitted))
        def one_example(case: Any, who: str) -> None:
            self.report.example(name, prepared(case))
            answer = self._send(name, case, who, known[0].member if known and who == known[0].who else None)
            if foreign and not unread(answer):
                self._turned_away(name, case, foreign.pop())

        one_example()
        if (count := len(self.report.examples[name])) < EXAMPLES:
            self.report.fault(name, "too few", f"{count} different examples of {EXAMPLES}")

    def _misread(self, operation: Any, one: Known) -> None:
        """Numbers, truth and days as another type: what may have been meant is not guessed."""
        if isinstance(one.body, dict | list) and one.media_type in (None, "application/json"):
            for body in misread(one.body):
                self._send(one.operation, one.case(operation, body=body), one.who, one.member)

    def _turned_away(self, name: str, case: Any, who: str) -> None:
        answer = self._send(name, case, who)
        if answer.status_code != (403 if who else 401):
            self.report.fault(name, f"as {who}", f"as {who or 'nobody'} it answered {answer.status_code}")

    def _send(self, name: str, case: Any, who: str, member: str | None = None) -> httpx.Response:
        """Send it as somebody; the answer is judged."""
        request = prepared(case)
        request.headers.update(self._headers(who, member))
        answer = self._done(self._answer(request))
        self.report.judge(name, case, request, answer, who)
        return answer

    def _done(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    async def _answer(self, request: requests.PreparedRequest) -> httpx.Response:
        headers = [(_bytes(name), _bytes(value)) for name, value in request.headers.items()]
        return await self._client.send(
            httpx.Request(request.method, request.url, headers=headers, content=request.body or b"")
        )

    def _headers(self, who: str, member: str | None) -> dict[str, str]:
        if not who:
            return {}
        of = member or ("vp" if who in OF_AN_INSTITUTION else None if who == "reader" else "iem")
        sections = SECTIONS if who == "contributor" else ()
        return {"Authorization": f"Bearer {self._signing.token(who, member=of, sections=sections)}"}


def _bytes(value: str | bytes) -> bytes:
    return value if isinstance(value, bytes) else value.encode("latin-1", errors="replace")
