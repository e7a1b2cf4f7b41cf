"""Requests that schemathesis makes from a service's own OpenAPI document, and what every answer to them must keep to.

    await check_every_answer(service, signing, [Known("POST /api/periods", "coordinator", body={...}), ...])

First every known request is sent, in its order, and must succeed: each operation is seen to work. Then each operation
gets `EXAMPLES` requests: valid ones, ones that break the document, and known ones with one value spoiled. The seed is
fixed. Roles that the table does not name, and nobody, send some of them too and must be turned away.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import time
import warnings
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import httpx
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode, SerializationContext
from schemathesis.checks import not_a_server_error
from schemathesis.core import NOT_SET
from schemathesis.core.failures import FailureGroup
from schemathesis.core.transport import Response
from schemathesis.generation.feedback import FeedbackSources
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from schemathesis.transport.serialization import serialize_binary

from nrem_shared.contracts.operations import Mark
from nrem_shared.contracts.submissions import SECTIONS
from nrem_shared.contracts.topics import HEARTBEATS
from nrem_shared.runtime.identity import Rule
from nrem_shared.runtime.identity.principal import OF_AN_INSTITUTION, ROLES
from nrem_shared.runtime.projection import store as projection
from support.odd_pages import odd_requests
from support.running import ADDRESS, Running
from support.signing import Signing
from support.spoiling import spoiled

EXAMPLES = 50
#: Characters of a body from which on making one anew takes seconds; known ones are spoiled so many times as often.
_LONG, _MANY = 4000, 8
NOBODY = ""
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_QUIET = settings(
    max_examples=EXAMPLES,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@dataclass(frozen=True)
class Known:
    """A request that succeeds: `who` is a role, `member` whose it is; `path` has real names.

    A `body` that is not known yet is a function that is called when it is sent.
    """

    operation: str
    who: str
    path: dict[str, Any] = field(default_factory=dict)
    query: dict[str, Any] = field(default_factory=dict)
    body: Any = NOT_SET
    headers: dict[str, str] = field(default_factory=dict)
    member: str | None = None
    media_type: str | None = None
    first: Callable[[], Coroutine[Any, Any, Any]] | None = None  # what has to happen before


@dataclass
class Report:
    """Per operation: requests by status, and what was wrong (each kind of fault once)."""

    statuses: dict[str, Counter[int]] = field(default_factory=dict)
    examples: Counter[str] = field(default_factory=Counter)
    wrong: dict[str, dict[str, str]] = field(default_factory=dict)
    seconds: Counter[str] = field(default_factory=Counter)

    def fault(self, operation: str, kind: str, text: str) -> None:
        self.wrong.setdefault(operation, {}).setdefault(kind, text)

    def told(self) -> str:
        """Everything that was wrong."""
        found = [f"{name}: {text}" for name, faults in self.wrong.items() for text in faults.values()]
        return f"{len(found)} faults\n" + "\n".join(found)

    def slowest(self) -> str:
        """Where the time went."""
        return ", ".join(f"{name} {seconds:.1f}" for name, seconds in self.seconds.most_common(8))

    def summary(self) -> str:
        """One line of figures."""
        few = sum(1 for count in self.examples.values() if count < EXAMPLES)
        requests_sent = sum(sum(one.values()) for one in self.statuses.values())
        return (
            f"{len(self.statuses)} operations, {sum(self.examples.values())} examples ({few} operations have fewer"
            f" than {EXAMPLES} possible inputs), {requests_sent} requests, {sum(self.seconds.values()):.1f} s"
        )


@schemathesis.serializer(WORKBOOK)
def _workbook(_: SerializationContext, value: Any) -> bytes:
    return value if isinstance(value, bytes) else serialize_binary(value)


async def everything_is_fresh(service: Running) -> None:
    """Every topic of the service was heard of a moment ago, and nothing is missing."""
    topics = sorted(service.runtime.blueprint.topics - {HEARTBEATS})
    async with service.runtime.pool.acquire() as conn:
        await projection.add_places(conn, [(topic, 0) for topic in topics])
        marks = [Mark(topic=topic, partition=0, position=0) for topic in topics]
        for sender in ("intake", "statistics", "plan-tracker", "notifier"):
            await projection.save_heartbeats(conn, sender, datetime.now(UTC), marks)
        await projection.save_freshness(conn, topics)


async def position_of(service: Running, type_: str) -> int:
    """Where the newest fact of a type stands in the service's journal."""
    async with service.runtime.pool.acquire() as conn:
        return int(await conn.fetchval("select max(position) from facts.journal where type = $1", type_))


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
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            schema = schemathesis.openapi.from_dict(document)
            operations = {one.ok().label: one.ok() for one in schema.get_all_operations()}
            every = [*_self_evident(operations, known, self._rules), *known]
            known = [self._succeeds(operations[one.operation], one) for one in every]
            for name in operations.keys() - {one.operation for one in every}:
                self.report.fault(name, "no success", "no request is known that succeeds")
            for name, operation in operations.items():
                began = time.perf_counter()
                if name.endswith("/health/ready"):  # knowledge has aged meanwhile
                    self._done(everything_is_fresh(self._service))
                try:
                    self._generate(name, operation, [one for one in known if one.operation == name])
                except Exception as error:  # of the generator itself: the others are still tried
                    self.report.fault(name, "generation", repr(error)[:500])
                self.report.seconds[name] += time.perf_counter() - began

    def _succeeds(self, operation: Any, one: Known) -> Known:
        """Send it; it comes back with the body that it was sent with."""
        if one.first is not None:
            self._done(one.first())
        if callable(one.body):
            one = replace(one, body=self._done(one.body()))
        case = operation.Case(
            path_parameters=one.path,
            query=one.query,
            body=one.body,
            headers=one.headers,
            media_type=one.media_type or (None if one.body is NOT_SET else "application/json"),
        )
        response = self._send(one.operation, case, one.who, one.member)
        if not 200 <= response.status_code < 300:
            text = f"should succeed, but {response.status_code}: {response.content[:600].decode(errors='replace')}"
            self.report.fault(one.operation, f"no success {one.path}", text)
        return one

    def _generate(self, name: str, operation: Any, known: Sequence[Known]) -> None:
        rule = self._rules[name]
        permitted = sorted(rule.roles) or [NOBODY]
        foreign = [] if rule.public else [*sorted(ROLES - rule.roles), NOBODY]
        self.report.statuses.setdefault(name, Counter())
        if not _has_input(operation):
            self.report.examples[name] += 1  # there is no other
            for who in permitted:
                self._send(name, operation.Case(), who)
            for who in foreign:
                self._turned_away(name, operation.Case(), who)
            return

        @_QUIET
        @given(case=_cases(operation, known), who=st.sampled_from(permitted))
        def one_example(case: Any, who: str) -> None:
            self.report.examples[name] += 1
            response = self._send(name, case, who, known[0].member if known and who == known[0].who else None)
            if foreign and not _unread(response):
                self._turned_away(name, case, foreign.pop())

        one_example()

    def _turned_away(self, name: str, case: Any, who: str) -> None:
        response = self._send(name, case, who)
        if response.status_code != (403 if who else 401):
            self.report.fault(name, f"as {who}", f"as {who or 'nobody'} it answered {response.status_code}")

    def _send(self, name: str, case: Any, who: str, member: str | None = None) -> Response:
        """Send it as somebody, count the answer, and note what the checks say."""
        prepared = _prepared(case)
        prepared.headers.update(self._headers(who, member))
        answer = self._done(self._answer(prepared))
        self.report.statuses.setdefault(name, Counter())[answer.status_code] += 1
        response = _as_response(answer, prepared)
        with contextlib.suppress(FailureGroup):
            try:
                case.validate_response(response, checks=CHECKS)
            except FailureGroup as group:
                for failure in group.exceptions:
                    kind = f"{type(failure).__name__} {response.status_code}"
                    self.report.fault(name, kind, _told(failure, prepared, response, who))
        return response

    def _done(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    async def _answer(self, prepared: requests.PreparedRequest) -> httpx.Response:
        headers = [(_bytes(name), _bytes(value)) for name, value in prepared.headers.items()]
        return await self._client.send(
            httpx.Request(prepared.method, prepared.url, headers=headers, content=prepared.body or b"")
        )

    def _headers(self, who: str, member: str | None) -> dict[str, str]:
        if not who:
            return {}
        of = member or ("vp" if who in OF_AN_INSTITUTION else None if who == "reader" else "iem")
        sections = SECTIONS if who == "contributor" else ()
        return {"Authorization": f"Bearer {self._signing.token(who, member=of, sections=sections)}"}


def _self_evident(operations: dict[str, Any], known: Sequence[Known], rules: dict[str, Rule]) -> Iterator[Known]:
    """Requests that need nothing but the right role."""
    named = {one.operation for one in known}
    for name, operation in operations.items():
        if name not in named and not operation.path_parameters and not operation.body:
            roles = rules[name].roles
            who = next((role for role in ("coordinator", "member", "operator") if role in roles), NOBODY)
            yield Known(name, who)


@st.composite
def _cases(draw: st.DrawFn, operation: Any, known: Sequence[Known]) -> Any:
    """Valid by the document, not valid by it, or known with one value spoiled; real names in half of the paths."""
    # Nothing but the document feeds them: the same requests whatever else was imported or ran before.
    sources = [operation.as_strategy(generation_mode=mode, feedback=FeedbackSources()) for mode in GenerationMode]
    if known:
        sources += [_spoiled(operation, known)] * (_MANY if _is_long(known[0].body) else 1)
    case = draw(st.one_of(sources))
    if known and known[0].path and draw(st.booleans()):
        case.path_parameters = dict(draw(st.sampled_from(known)).path)
    assume(_is_asked(case))
    return case


def _unread(response: Response) -> bool:
    """Whether the body is none at all: then nobody is told anything else, whoever asks."""
    return response.status_code == 400 or b"json_invalid" in response.content


def _prepared(case: Any) -> requests.PreparedRequest:
    return requests.Request(**case.as_transport_kwargs(base_url=ADDRESS)).prepare()


def _has_input(operation: Any) -> bool:
    return bool(operation.body or operation.query or operation.path_parameters or operation.headers)


def _is_asked(case: Any) -> bool:
    """Whether it can be sent, to this operation: an empty name or a slash in one makes the address another's."""
    try:
        path = unquote(urlsplit(_prepared(case).path_url).path)
    except (UnicodeEncodeError, requests.RequestException):
        return False  # no client can send it
    template = re.sub(r"\\{\w+\\}", "[^/]+", re.escape(case.path))
    return re.fullmatch(template, path, re.DOTALL) is not None and not {".", ".."} & set(path.split("/"))


def _is_long(body: Any) -> bool:
    return isinstance(body, dict | list) and len(str(body)) > _LONG


@st.composite
def _spoiled(draw: st.DrawFn, operation: Any, known: Sequence[Known]) -> Any:
    one = draw(st.sampled_from(known))
    path = draw(spoiled(one.path, flat=True)) if one.path else {}
    return operation.Case(
        path_parameters={name: quote(str(value), safe="", errors="replace") for name, value in path.items()},
        query=draw(spoiled(one.query, flat=True)) if one.query else {},
        body=draw(spoiled(one.body)) if isinstance(one.body, dict | list) else one.body,
        headers=one.headers,
        media_type=one.media_type or (None if one.body is NOT_SET else "application/json"),
    )


def _as_response(answer: httpx.Response, prepared: requests.PreparedRequest) -> Response:
    headers: dict[str, list[str]] = {}
    for name, value in answer.headers.multi_items():
        headers.setdefault(name, []).append(value)
    return Response(answer.status_code, headers, answer.content, prepared, 0.0, False)


def _told(failure: Exception, prepared: requests.PreparedRequest, response: Response, who: str) -> str:
    sent = (prepared.body or b"")[:400]
    return (
        f"{type(failure).__name__} {response.status_code}: {str(failure)[:500]}\n"
        f"    {prepared.method} {prepared.url} as {who or 'nobody'} {sent!r}\n    → {response.content[:300]!r}"
    )


def _bytes(value: str | bytes) -> bytes:
    return value if isinstance(value, bytes) else value.encode("latin-1", errors="replace")
