"""Every error at once, each with its place; structural errors hide nothing elsewhere."""

from __future__ import annotations

from typing import Any

import pytest

from data_catalogue import catalogue
from nrem_intake.submissions.domain.validation import Refused, Valid, validate

pytestmark = pytest.mark.unit


def errors(document: Any, member: str = "vp", period: str = "2026-Q3") -> list[tuple[str, str]]:
    result = validate(document, period=period, member=member, catalogue=catalogue(period), before={})
    return [(e.pointer, e.code) for e in result.errors] if isinstance(result, Refused) else []


def referred(**changes: Any) -> dict[str, Any]:
    row = {
        "indicator": "VICT_REFERRED",
        "sex": "F",
        "age_group": "ADULT",
        "destination": "SERVICE_PROVIDER",
        "value": 1,
    }
    return {name: value for name, value in {**row, **changes}.items() if value is not ...}


def activity(**changes: Any) -> dict[str, Any]:
    item = {"code": "A1", "type": "EVENT", "title": {"lv": "Pasākums"}, "date": "2026-09-10", "audience": "PUBLIC"}
    return {name: value for name, value in {**item, **changes}.items() if value is not ...}


@pytest.mark.parametrize("document", [None, 1, "text", [], [{}], True])
def test_a_document_that_is_no_object_is_malformed(document: Any) -> None:
    assert errors(document) == [("", "malformed")]


def test_sections_may_be_left_out() -> None:
    assert errors({"observations": [referred()]}) == []
    assert errors({"nothing_to_report": True}) == []
    assert errors({}) == [("/nothing_to_report", "empty")]


def test_structural_errors_do_not_hide_those_of_other_items() -> None:
    document = {
        "observations": [17, referred(value="3"), referred(sex="F2", value=-1), referred(value=..., extra="x")],
        "activities": {"code": "A1"},
        "surprise": 1,
    }
    assert errors(document) == [
        ("/activities", "malformed"),
        ("/observations/0", "malformed"),
        ("/observations/1/value", "malformed"),
        ("/observations/2/sex", "unknown_code"),
        ("/observations/2/value", "negative"),
        ("/observations/3/extra", "unknown_field"),
        ("/observations/3/value", "missing"),
        ("/surprise", "unknown_field"),
    ]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (referred(value=True), [("/observations/0/value", "malformed")]),
        (referred(value=1.5), [("/observations/0/value", "malformed")]),
        (referred(value=float("nan")), [("/observations/0/value", "malformed")]),
        (referred(value=10**10), [("/observations/0/value", "too_large")]),
        (referred(value=3.0), []),
        (referred(value=0), []),
        (referred(value=None, empty="unknown", comment="Nav datu"), []),
        (referred(value=None, comment="Nav datu"), [("/observations/0/empty", "missing")]),
        (referred(value=None, empty="suppressed", comment="x"), [("/observations/0/empty", "unknown_code")]),
        (referred(value=2, empty="unknown"), [("/observations/0/empty", "value_and_empty")]),
        (referred(comment="x" * 2001), [("/observations/0/comment", "too_long")]),
        (referred(comment="\x00"), [("/observations/0/comment", "malformed")]),
        (referred(comment="\ud800"), [("/observations/0/comment", "malformed")]),
        (referred(sex=...), [("/observations/0/sex", "missing")]),
        (referred(sex=1), [("/observations/0/sex", "malformed")]),
        (referred(indicator=...), [("/observations/0/indicator", "missing")]),
        (
            referred(indicator="ACT_EVENT", sex=..., age_group=..., destination=..., audience="PUBLIC"),
            [("/observations/0/indicator", "not_reporter")],
        ),
    ],
)
def test_an_observation(row: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert errors({"observations": [row]}) == expected


def test_a_route_that_nobody_reports_is_refused() -> None:
    row = {
        "indicator": "VICT_REG", "registering_route": "ABROAD", "victim_status": "IDENTIFIED", "sex": "F",
        "age_group": "ADULT", "citizenship": "LV", "form_of_exploitation": "LABOUR", "value": 1,
    }  # fmt: skip
    assert errors({"observations": [row]}) == [("/observations/0/registering_route", "not_reporter")]


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        (activity(), []),
        (activity(title={}), [("/activities/0/title/lv", "missing")]),
        (activity(title="Mācības"), [("/activities/0/title", "malformed")]),
        (activity(title={"lv": "x" * 4001}), [("/activities/0/title/lv", "too_long")]),
        (activity(title={"lv": "Mācības", "ru": "x"}), [("/activities/0/title/ru", "unknown_field")]),
        (activity(date="10.09.2026"), [("/activities/0/date", "malformed_date")]),
        (activity(date="20260910"), [("/activities/0/date", "malformed_date")]),
        (activity(date=...), [("/activities/0/date", "missing")]),
        (activity(continues=None), [("/activities/0/continues", "missing")]),
        (activity(type="MATERIAL"), [("/activities/0/languages", "missing")]),
        (activity(type="MATERIAL", languages=["lv", "xx"]), [("/activities/0/languages/1", "unknown_code")]),
        (activity(plan_result="99.9"), [("/activities/0/plan_result", "unknown_code")]),
        (activity(first_contact=[{"institution_kind": "MUNICIPAL_POLICE", "participants": 1}]),
         [("/activities/0/first_contact", "parts_exceed_total")]),
        (activity(type="JOINT_PROJECT", project_code="JP-01", project_phase="running", partners=["vdi"]),
         [("/activities/0/partners", "partners_differ"), ("/activities/0/project_code", "not_lead")]),
        (activity(type="JOINT_PROJECT"),
         [("/activities/0/project_code", "missing"), ("/activities/0/project_phase", "missing")]),
    ],
)  # fmt: skip
def test_an_activity(item: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert errors({"activities": [item]}) == expected


def test_an_item_is_named_once() -> None:
    assert errors({"activities": [activity(), activity()]}) == [("/activities/1", "duplicate_key")]


def test_a_plan_is_announced_with_its_text_and_quarter() -> None:
    assert errors({"future_plans": [{"code": "FP-1"}]}) == [
        ("/future_plans/0/planned_for", "missing"),
        ("/future_plans/0/text", "missing"),
    ]
    assert errors({"future_plans": [{"code": "FP-1", "outcome": "realised"}]}) == []


def test_more_items_than_a_section_takes() -> None:
    funding = [{"source": "ALLOCATED_BUDGET", "purpose": "CAMPAIGN", "amount_eur": 1}] * 201
    assert errors({"funding": funding}) == [("/funding", "too_many")]


def test_a_file_for_somebody_else_is_refused() -> None:
    document = {"member": "km", "period": "2026-Q2", "nothing_to_report": True}
    assert errors(document) == [("/member", "other_stream"), ("/period", "other_stream")]


def test_personal_data_is_never_repeated() -> None:
    code = "010190-12345"
    document = {
        code: 1,
        "observations": [referred(sex=code, comment=f"par {code}"), {"indicator": code, "value": 1}],
        "challenges": [{"code": code, "text": {"lv": code, "en": code, code: "x"}, "state": code}],
        "activities": [activity(partners=[code], project_code=code, date=code)],
    }
    result = validate(document, period="2026-Q3", member="vp", catalogue=catalogue("2026-Q3"), before={})

    assert isinstance(result, Refused)
    assert len([e for e in result.errors if e.code == "personal_data"]) == 10
    assert "12345" not in repr(result)


def test_content_keeps_what_was_sent() -> None:
    result = validate(
        {"observations": [referred(value=3.0)]},
        period="2026-Q3", member="vp", catalogue=catalogue("2026-Q3"), before={},
    )  # fmt: skip
    assert isinstance(result, Valid)
    assert result.content.observations[0].value == 3
