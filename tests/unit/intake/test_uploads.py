"""Files that a person sends: JSON or YAML, read as the same document."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nrem_intake.submissions.uploads import Unreadable, parse

pytestmark = pytest.mark.unit

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(max_size=6), VALUES, max_size=4))
def test_json_is_read_as_it_was_written(document: dict[str, Any]) -> None:
    assert parse(json.dumps(document).encode()) == document


@given(st.binary(max_size=40))
def test_any_bytes_are_a_document_or_unreadable(raw: bytes) -> None:
    with suppress(Unreadable):
        parse(raw)


def test_a_date_in_yaml_stays_a_text() -> None:
    assert parse(b"date: 2026-09-10\nvalue: 3") == {"date": "2026-09-10", "value": 3}


@pytest.mark.parametrize(("raw", "line"), [(b"a: 1\nb: [1", 2), (b"a: 1\n\xff", 2), (b"a: &x [1]\nb: *x", 0)])
def test_the_line_that_cannot_be_read_is_named(raw: bytes, line: int) -> None:
    with pytest.raises(Unreadable) as error:
        parse(raw)
    assert error.value.line == line


def test_a_country_is_no_truth_value() -> None:
    assert parse(b"citizenship: NO\nwhere: off\nknown: true") == {"citizenship": "NO", "where": "off", "known": True}


def test_a_key_that_stands_twice_is_refused_with_its_line() -> None:
    with pytest.raises(Unreadable) as refused:
        parse(b"value: 3\nsex: F\nvalue: 4")
    assert refused.value.line == 3
