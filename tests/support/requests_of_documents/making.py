"""Requests made from a document: valid by it, not valid by it, and known ones with one value spoiled.

They depend on the document and the known requests alone, not on what else was imported, ran before, or was answered.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import requests
import schemathesis
from hypothesis import HealthCheck, Phase, assume, settings
from hypothesis import strategies as st
from hypothesis.internal.conjecture.providers import AVAILABLE_PROVIDERS, CONSTANTS_CACHE, HypothesisProvider
from hypothesis.internal.constants_ast import Constants
from schemathesis import GenerationMode, SerializationContext
from schemathesis.generation.feedback import FeedbackSources
from schemathesis.transport.serialization import serialize_binary

from support.requests_of_documents.known import Known
from support.running import ADDRESS
from support.spoiling import spoiled

EXAMPLES = 50
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: Characters of a body from which on making one anew takes seconds; known ones are spoiled so many times as often.
_LONG, _MANY = 4000, 8

QUIET = settings(
    max_examples=EXAMPLES,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@schemathesis.serializer(WORKBOOK)
def _workbook(_: SerializationContext, value: Any) -> bytes:
    return value if isinstance(value, bytes) else serialize_binary(value)


class _Steady(HypothesisProvider):
    """Hypothesis tries constants that it finds in whatever code of ours is imported by then; here it has none."""

    @cached_property
    def _local_constants(self) -> Constants:
        return Constants()


@contextmanager
def the_same_each_time() -> Iterator[None]:
    """What is drawn inside is the same in every run of the same tests."""
    ordinary = AVAILABLE_PROVIDERS["hypothesis"]
    AVAILABLE_PROVIDERS["hypothesis"] = _Steady
    CONSTANTS_CACHE.cache.clear()
    try:
        yield
    finally:
        AVAILABLE_PROVIDERS["hypothesis"] = ordinary
        CONSTANTS_CACHE.cache.clear()


@st.composite
def cases(draw: st.DrawFn, operation: Any, known: Sequence[Known]) -> Any:
    """Valid by the document, not valid by it, or known with one value spoiled; real names in half of the paths."""
    # Nothing but the document feeds them: no answer to an earlier request does.
    sources = [operation.as_strategy(generation_mode=mode, feedback=FeedbackSources()) for mode in GenerationMode]
    if known:
        sources += [_spoiled(operation, known)] * (_MANY if _is_long(known[0].body) else 1)
    case = draw(st.one_of(sources))
    if known and known[0].path and draw(st.booleans()):
        case.path_parameters = dict(draw(st.sampled_from(known)).path)
    assume(_is_asked(case))
    return case


@st.composite
def _spoiled(draw: st.DrawFn, operation: Any, known: Sequence[Known]) -> Any:
    one = draw(st.sampled_from(known))
    path = draw(spoiled(one.path, flat=True)) if one.path else {}
    return one.case(
        operation,
        path_parameters={name: quote(str(value), safe="", errors="replace") for name, value in path.items()},
        query=draw(spoiled(one.query, flat=True)) if one.query else {},
        body=draw(spoiled(one.body)) if isinstance(one.body, dict | list) else one.body,
    )


def prepared(case: Any) -> requests.PreparedRequest:
    """The case as it goes over the wire."""
    return requests.Request(**case.as_transport_kwargs(base_url=ADDRESS)).prepare()


def has_input(operation: Any) -> bool:
    """Whether there is more than one request to it."""
    return bool(operation.body or operation.query or operation.path_parameters or operation.headers)


def _is_asked(case: Any) -> bool:
    """Whether it can be sent, to this operation: an empty name or a slash in one makes the address another's."""
    try:
        path = unquote(urlsplit(prepared(case).path_url).path)
    except (UnicodeEncodeError, requests.RequestException):
        return False  # no client can send it
    template = re.sub(r"\\{\w+\\}", "[^/]+", re.escape(case.path))
    return re.fullmatch(template, path, re.DOTALL) is not None and not {".", ".."} & set(path.split("/"))


def _is_long(body: Any) -> bool:
    return isinstance(body, dict | list) and len(str(body)) > _LONG
