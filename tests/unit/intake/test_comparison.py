"""What a version says beside the previous answer; items keep their names whatever their places."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_catalogue import codelists, indicators, institutions, projects
from nrem_intake.reviewing.domain.comparison import Compared, compare
from nrem_intake.submissions.domain.item_keys import key_at, keyed, keys_of
from nrem_intake.submissions.domain.labels import build_labels
from nrem_shared.contracts.base import LocalizedText
from nrem_shared.contracts.submissions import ReasonForReturn, SubmissionContent

pytestmark = pytest.mark.unit

LABELS = build_labels(codelists(), indicators(), projects(), institutions(), ())


def figure(value: int | None, sex: str = "F", **more: Any) -> dict[str, Any]:
    return {"indicator": "VICT_REFERRED", "sex": sex, "age_group": "ADULT", "value": value, **more}


def activity(code: str, participants: int = 10) -> dict[str, Any]:
    common = {"type": "TRAINING", "title": {"lv": "Mācības"}, "date": "2026-02-10", "audience": "PUBLIC"}
    return {"code": code, "participants": participants, **common}


def content(**sections: Any) -> SubmissionContent:
    return SubmissionContent.model_validate(sections)


def rows(now: SubmissionContent, before: SubmissionContent | None, *, same_quarter: bool = True) -> list[Compared]:
    return [row for section in compare(now, before, LABELS, same_quarter=same_quarter) for row in section.rows]


def told(found: list[Compared]) -> list[tuple[str, str]]:
    return [(row.key.split("/")[-1], row.what) for row in found]


def test_added_changed_removed_and_the_same() -> None:
    before = content(observations=[figure(9), figure(2, "M"), figure(1, "U")])
    now = content(observations=[figure(2, "M"), figure(8), figure(3, "X")])
    found = rows(now, before)
    assert told(found) == [
        ("age_group=ADULT|sex=M", "same"),
        ("age_group=ADULT|sex=F", "changed"),
        ("age_group=ADULT|sex=X", "added"),
        ("age_group=ADULT|sex=U", "removed"),
    ]
    (change,) = found[1].changes
    assert (change.name, change.old, change.new) == ("value", 9, 8)


def test_a_number_that_becomes_unknown_changes_two_fields() -> None:
    (row,) = rows(content(observations=[figure(None, empty="unknown")]), content(observations=[figure(9)]))
    assert [(c.name, c.old, c.new) for c in row.changes] == [("value", 9, None), ("empty", None, "unknown")]


def test_codes_are_told_by_their_names() -> None:
    before = content(challenges=[{"code": "C-1", "text": {"lv": "Nav tulku"}, "state": "new"}])
    now = content(challenges=[{"code": "C-1", "text": {"lv": "Nav tulku", "en": "No interpreters"}, "state": "ended"}])
    (row,) = rows(now, before)
    assert [change.name for change in row.changes] == ["text", "state"]
    assert row.changes[0].new == {"lv": "Nav tulku", "en": "No interpreters"}


def test_beside_another_quarter_activities_are_not_compared_but_figures_are() -> None:
    before = content(activities=[activity("A-1")], observations=[figure(9)])
    now = content(activities=[activity("A-2")], observations=[figure(4)])
    assert told(rows(now, before, same_quarter=False)) == [("age_group=ADULT|sex=F", "changed"), ("A-2", "same")]


def test_without_anything_before_nothing_is_called_new() -> None:
    assert told(rows(content(observations=[figure(9)]), None)) == [("age_group=ADULT|sex=F", "same")]


def test_why_an_item_was_returned_stands_with_it_in_the_next_version() -> None:
    before = content(observations=[figure(9), figure(2, "M")])
    now = content(observations=[figure(2, "M"), figure(8)])
    reason = ReasonForReturn(at="/observations/0/value", text=LocalizedText(lv="Neatbilst"))
    (section,) = compare(now, before, LABELS, same_quarter=True, reasons=[reason])
    assert [bool(row.item.reasons) for row in section.rows] == [False, True]


@given(st.permutations([figure(1, "F"), figure(2, "M"), figure(3, "U"), figure(4, "X")]))
def test_places_do_not_matter(shuffled: list[dict[str, Any]]) -> None:
    before = content(observations=[figure(1, "F"), figure(2, "M"), figure(3, "U"), figure(4, "X")])
    assert {row.what for row in rows(content(observations=shuffled), before)} == {"same"}


def test_a_name_leads_to_its_place_and_back() -> None:
    funds = {"source": "STATE", "purpose": "TRAINING", "amount_eur": 1}
    found = content(observations=[figure(1)], activities=[activity("A-1")], funding=[funds, funds])
    for place, name in keys_of(found).items():
        assert key_at(found, place) == name
        assert key_at(found, f"{place}/value") == name
    assert list(keyed(found, "funding")) == ["funding/STATE/TRAINING", "funding/STATE/TRAINING#2"]
    assert key_at(found, "") == ""
    assert key_at(found, "/observations") == ""
