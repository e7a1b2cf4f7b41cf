"""What nothing can keep is found in a body, wherever it stands; what only looks like it is let through."""

from __future__ import annotations

import json

import pytest

from nrem_shared.runtime.readable import unreadable_in


def found(document: object) -> list[tuple[str, str]]:
    body = json.dumps(document).encode()
    return [(error.pointer, error.code) for error in unreadable_in(body, json.loads(body))]


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("a\x00b", "no_text"),
        ("\ud800", "no_text"),
        ("0001-01-01", "far_day"),
        ("9999-12-31T23:59:59-12:00", "far_day"),
        ("1899-12-31", "far_day"),
        ("0000-Q1", "far_day"),
        (2**63, "far_number"),
        (-(10**400), "far_number"),
        (float("inf"), "far_number"),
        (float("nan"), "far_number"),
    ],
)
def test_each_is_named_with_its_place(value: object, code: str) -> None:
    assert found({"rows": [{"a": 1}, {"a/b": value}]}) == [("/rows/1/a~1b", code)]


def test_names_are_texts_too_and_all_faults_are_told() -> None:
    document = {"a\x00": 1, "b": ["\x00", "fine", "0000-00-00"]}
    assert found(document) == [("/a\N{REPLACEMENT CHARACTER}", "no_text"), ("/b/0", "no_text"), ("/b/2", "far_day")]


@pytest.mark.parametrize(
    "value",
    [
        "2026-02-30",
        "1900-01-01",
        "2026-Q5",
        "2199-12-31",
        "Likums 1793-01-21 un vēlāk",
        "\\u0000",
        "😀",
        2**63 - 1,
        0.1,
        None,
        "",
    ],
)
def test_everything_else_is_for_the_route_to_judge(value: object) -> None:
    assert found({"a": value}) == []
