"""Whatever is sent, validation answers: valid content, or refusals whose pointers lead somewhere."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_catalogue import QUARTERS, catalogue
from demonstration_submissions import before, submissions
from nrem_intake.submissions.domain.pointers import resolves
from nrem_intake.submissions.domain.validation import Refused, Valid, validate
from nrem_shared.contracts.submissions import SECTIONS, SubmissionContent

pytestmark = pytest.mark.unit

TEXT = st.text(max_size=12) | st.sampled_from(["~", "/", "a/b~c", "010190-12345", "\x00", "\ud800", "OTHER", "vp"])
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | TEXT
NAMES = TEXT | st.sampled_from(
    ["lv", "en", "indicator", "value", "empty", "comment", "code", "type", "text", "measured", "evidence", "result"]
)
JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4), max_leaves=12
)
DOCUMENTS = st.fixed_dictionaries(
    {},
    optional={
        "nothing_to_report": SCALARS,
        "member": SCALARS,
        **{section: st.lists(JSON, max_size=3) | JSON for section in SECTIONS},
    },
)


def parent(pointer: str) -> str:
    return pointer.rpartition("/")[0]


def check(document: Any, member: str = "vp", period: str = "2026-Q3") -> None:
    untouched = copy.deepcopy(document)
    result = validate(
        document, period=period, member=member, catalogue=catalogue(period), before=before(member, period)
    )

    assert repr(document) == repr(untouched)
    if isinstance(result, Valid):
        assert SubmissionContent.model_validate_json(result.content.model_dump_json()) == result.content
        return
    found = [(e.pointer, e.code) for e in result.errors]
    assert found
    assert found == sorted(set(found))
    for error in result.errors:
        assert resolves(document, error.pointer) or resolves(document, parent(error.pointer)), error
        assert "12345" not in json.dumps(dict(error.parameters))


@given(JSON)
def test_anything_is_answered(document: Any) -> None:
    check(document)


@given(DOCUMENTS)
def test_anything_in_the_sections_is_answered(document: dict[str, Any]) -> None:
    check(document)


@st.composite
def damaged(draw: st.DrawFn) -> tuple[dict[str, Any], str, str]:
    """A valid demonstration submission with a few places replaced, removed or added to."""
    period = draw(st.sampled_from(QUARTERS))
    document = copy.deepcopy(draw(st.sampled_from(submissions(period))))
    for _ in range(draw(st.integers(1, 4))):
        _damage(draw, document)
    return document, document["member"] if isinstance(document.get("member"), str) else "vp", period


def _damage(draw: st.DrawFn, document: Any) -> None:
    node = document
    while True:
        keys = list(node) if isinstance(node, dict) else list(range(len(node)))
        if not keys:
            return
        key = draw(st.sampled_from(keys))
        if isinstance(node[key], dict | list) and node[key] and draw(st.booleans()):
            node = node[key]
            continue
        action = draw(st.sampled_from(["replace", "remove", "add"]))
        if action == "replace":
            node[key] = draw(JSON)
        elif action == "remove":
            del node[key]
        elif isinstance(node, dict):
            node[draw(NAMES)] = draw(JSON)
        else:
            node.append(copy.deepcopy(node[key]))
        return


@given(damaged())
def test_a_damaged_submission_is_answered(case: tuple[dict[str, Any], str, str]) -> None:
    check(*case)


@given(
    st.lists(
        st.sampled_from([(s["member"], section, place, period)
                         for period in QUARTERS for s in submissions(period)
                         for section in SECTIONS for place in range(len(s[section]))]),
        min_size=1, max_size=1,
    ),
    SCALARS,
)  # fmt: skip
def test_a_scalar_in_place_of_an_item_is_one_error(place: list[tuple[str, str, int, str]], scalar: Any) -> None:
    member, section, index, period = place[0]
    document = copy.deepcopy(next(s for s in submissions(period) if s["member"] == member and len(s[section]) > index))
    document[section].append(scalar)
    result = validate(
        document, period=period, member=member, catalogue=catalogue(period), before=before(member, period)
    )
    assert isinstance(result, Refused)
    assert [(e.pointer, e.code) for e in result.errors] == [(f"/{section}/{len(document[section]) - 1}", "malformed")]
