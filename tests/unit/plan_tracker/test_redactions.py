"""What a member had redacted goes from agendas and minutes; what it still says, and what others say, stays."""

from __future__ import annotations

from typing import Any

import pytest

from nrem_plan_tracker.redactions.domain import Standing, in_agenda, in_minutes

pytestmark = pytest.mark.unit


def challenge(code: str, lv: str, en: str | None = None) -> dict[str, Any]:
    return {"code": code, "text": {"lv": lv, "en": en}}


STANDING = Standing(
    [
        ("vp", "challenges", "CH-vp-1", challenge("CH-vp-1", "[dzēsts]", "[redacted]")),
        ("vp", "challenges", "CH-vp-1", challenge("CH-vp-1", "Cits teksts")),
        ("vp", "activities", "A-1", {"code": "A-1", "title": {"lv": "Mācības", "en": None}}),
        ("lm", "challenges", "CH-lm-1", challenge("CH-lm-1", "Trūkst vietu")),
    ]
)


def minutes(*items: tuple[str, str, str], member: str = "vp") -> dict[str, Any]:
    reported = [{"kind": kind, "code": code, "text": {"lv": text, "en": None}} for kind, code, text in items]
    return {"reports": [{"member": member, "items": reported}], "agenda": []}


def test_what_no_version_says_any_more_is_gone() -> None:
    document = minutes(("challenge", "CH-vp-1", "Anna gaida"), ("TRAINING", "A-1", "Mācības"))
    assert list(in_minutes(document, "vp", STANDING)) == ["Anna gaida"]


def test_what_another_version_says_and_what_is_marked_already_stays() -> None:
    document = minutes(("challenge", "CH-vp-1", "Cits teksts"), ("challenge_ended", "CH-vp-1", "[dzēsts]"))
    assert list(in_minutes(document, "vp", STANDING)) == []


def test_nothing_is_taken_from_those_who_had_nothing_redacted() -> None:
    document = minutes(("challenge", "CH-lm-1", "Vecs teksts"), member="lm")
    assert list(in_minutes(document, "lm", STANDING)) == []
    assert list(in_minutes(document, "vp", STANDING)) == []


def test_a_challenge_on_an_agenda_is_found_by_its_code() -> None:
    agenda = [
        {"challenge": "CH-vp-1", "text": {"lv": "Anna gaida", "en": "Anna waits"}},
        {"challenge": "CH-lm-1", "text": {"lv": "Trūkst vietu", "en": None}},
        {"challenge": None, "text": {"lv": "Anna gaida", "en": None}},
    ]
    assert list(in_agenda(agenda, "vp", STANDING)) == ["Anna gaida", "Anna waits"]
    assert list(in_agenda(agenda, "lm", STANDING)) == []


def test_a_code_that_was_redacted_takes_its_item_along() -> None:
    standing = Standing([("vp", "challenges", "dzests-1234-0", challenge("dzests-1234-0", "[dzēsts]"))])
    assert list(in_minutes(minutes(("challenge", "CH-anna", "Anna gaida")), "vp", standing)) == ["Anna gaida"]
