"""The form of a report: what it shows and what comes back say the same; nothing typed is lost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_catalogue import QUARTERS, catalogue, codelists, indicators, institutions, load, plan, projects
from demonstration_submissions import submissions
from nrem_intake.reporting.domain.checking import completed, of_section, place_in, standing
from nrem_intake.reporting.domain.controls import FigureForm, ItemForm
from nrem_intake.reporting.domain.corrections import correction_lines, items_of_form, line_place
from nrem_intake.reporting.domain.draft import (
    ORDER,
    Changed,
    Locked,
    begin,
    discard,
    hand_over,
    save,
    send_back,
)
from nrem_intake.reporting.domain.entries import read, without, written
from nrem_intake.reporting.domain.figures import figure_forms
from nrem_intake.reporting.domain.history import History
from nrem_intake.reporting.domain.items import item_forms
from nrem_intake.reporting.domain.putting_aside import anew, have_back
from nrem_intake.reporting.domain.setting import Setting
from nrem_intake.reporting.domain.unusual import unexplained, unusual
from nrem_intake.submissions.domain.labels import build_labels
from nrem_intake.submissions.domain.validation import Refused, validate
from nrem_shared.contracts.submissions import SECTIONS, SubmissionContent, content_of

ALL = [(period, document) for period in QUARTERS for document in submissions(period)]
LABELS = build_labels(codelists(), indicators(), projects(), institutions(), plan().results)


def setting(period: str, member: str, history: History | None = None) -> Setting:
    owes = frozenset(item["institution"] for item in load("members.yaml")["working_group_2025"]["members"])
    return Setting(period, member, catalogue(period), LABELS, history or History(), owes)


def before(period: str, member: str) -> History:
    found: dict[str, SubmissionContent] = {}
    for earlier, document in ALL:
        if earlier < period and document["member"] == member and document["decision"]["outcome"] == "accepted":
            found[earlier] = content_of(document)
    return History(tuple(sorted(found.items())))


def shown(section: str, items: list[dict[str, Any]], made: Setting) -> tuple[ItemForm | FigureForm, ...]:
    return figure_forms(items, made) if section == "observations" else item_forms(section, items, made)


def posted(forms: tuple[ItemForm | FigureForm, ...]) -> Iterator[tuple[str, str]]:
    """What a browser sends, in the order of the page."""
    for form in forms:
        for part in form.lines if isinstance(form, FigureForm) else (form,):
            yield from part.posted()


@pytest.mark.parametrize("with_history", [False, True])
@pytest.mark.parametrize(("period", "document"), ALL, ids=[document["id"] for _, document in ALL])
def test_a_submission_shown_by_the_form_comes_back_exactly(
    period: str, document: dict[str, Any], with_history: bool
) -> None:
    member = document["member"]
    made = setting(period, member, before(period, member) if with_history else None)
    back: dict[str, Any] = {"nothing_to_report": document["nothing_to_report"]}
    for section in SECTIONS:
        standing_items = document[section] or []
        items = read(section, posted(shown(section, standing_items, made)))
        there = len(standing_items)
        # A challenge that did not end is reported as open again unless somebody says otherwise.
        assert section == "challenges" or len(items) == there
        back[section] = items[:there]
    assert content_of(back) == content_of(document)


TYPED = st.text(st.characters(codec="utf-8", exclude_characters="\x00\r"), max_size=40)


@given(st.sampled_from(["value", "comment", "empty"]), TYPED)
def test_whatever_is_typed_into_a_figure_stands_there_again(name: str, text: str) -> None:
    made = setting("2026-Q3", "lm")
    lines = [line for form in figure_forms([], made) for line in form.lines]
    fields = [pair for pair in lines[0].posted() if pair[0] != f"{lines[0].at}/{name}"]
    items = read("observations", [*fields, (f"{lines[0].at}/{name}", text)])
    again = [line for form in figure_forms(items, made) for line in form.lines if line.filled]
    if not text.strip():
        assert items == []
        return
    shown_again = {"value": again[0].value, "comment": again[0].comment, "empty": again[0].empty}[name].value
    assert shown_again == text or int(shown_again) == int("".join(text.split()))


@given(st.dictionaries(st.text(max_size=30), TYPED, max_size=5))
def test_fields_that_nobody_asked_for_do_no_harm(fields: dict[str, str]) -> None:
    prefixed = [(f"/activities/0/{name}", text) for name, text in fields.items()]
    for section in SECTIONS:
        read(section, [*fields.items(), *prefixed])


def test_written_fields_read_back() -> None:
    for _, document in ALL:
        for section in SECTIONS:
            items = document[section] or []
            back = {section: read(section, written(section, items))}
            assert content_of(back) == content_of({section: items})


def test_what_the_form_proposes_counts_only_once_something_was_entered() -> None:
    history = before("2026-Q2", "marta")
    made = setting("2026-Q2", "marta", history)
    forms = item_forms("activities", [], made)
    assert [form.carried for form in forms] == [True]
    fields = list(posted(forms))
    assert read("activities", fields) == []
    dated = [(name, "2026-05-05" if name.endswith("/date") else text) for name, text in fields]
    (activity,) = read("activities", dated)
    assert (activity["project_code"], activity["project_phase"], activity["date"]) == ("JP-01", "running", "2026-05-05")
    assert activity["code"] == "2026-Q2-marta-1"
    figures = figure_forms([], made)
    assert any(line.last for form in figures for line in form.lines)
    assert read("observations", posted(figures)) == []


def test_plans_stay_open_until_somebody_says_what_became_of_them() -> None:
    announced = {"code": "FP-1", "text": {"lv": "Plāns"}, "planned_for": "2026-Q2"}
    contents: list[dict[str, Any]] = [
        {"future_plans": [announced]},
        {"future_plans": [{"code": "FP-1", "outcome": "postponed", "planned_for": "2026-Q4"}]},
        {"future_plans": [{"code": "FP-1", "outcome": "realised"}]},
    ]
    quarters = [(f"2026-Q{number}", content_of(content)) for number, content in enumerate(contents, 1)]
    assert [list(History(quarters[:n]).plans) for n in range(4)] == [[], ["FP-1"], ["FP-1"], []]
    postponed = History(quarters[:2]).plans["FP-1"]
    assert postponed.planned_for == "2026-Q4"
    assert postponed.text is not None


def test_subordinate_bodies_that_do_not_report_themselves_are_reported_for() -> None:
    results = setting("2026-Q1", "iem").own_results
    assert any(behalf == "vpk" for _, behalf in results)
    assert not any(behalf == "vp" for _, behalf in results)


def test_an_indicator_that_is_not_valid_yet_is_not_asked_for() -> None:
    asked = {period: {form.code for form in figure_forms([], setting(period, "vp"))} for period in QUARTERS}
    assert "A18A_SUSP" not in asked["2026-Q2"]
    assert "A18A_SUSP" in asked["2026-Q3"]


def test_codes_that_are_not_valid_yet_are_not_offered() -> None:
    def forms_of_exploitation(period: str) -> set[str]:
        (form,) = (form for form in figure_forms([], setting(period, "vp")) if form.code == "SUSP")
        return {code for code, _ in form.lines[0].dimensions[-1].options}

    assert "SURROGACY" not in forms_of_exploitation("2026-Q2")
    assert "SURROGACY" in forms_of_exploitation("2026-Q3")


def test_a_figure_far_from_the_usual_is_told_and_a_comment_explains_it() -> None:
    row = {"indicator": "SERV_ACTIVE", "sex": "F", "age_group": "ADULT"}
    history = History([(f"2026-Q{n}", content_of({"observations": [{**row, "value": 9 + n}]})) for n in (1, 2)])
    (found,) = unusual([{**row, "value": 90}], history)
    assert (found.told.pointer, found.usual, found.explained) == ("/observations/0/value", 10, False)
    commented = [{**row, "value": 90, "comment": "Jauns pakalpojums"}]
    assert unexplained(commented, history) == ()
    assert [(one.item, one.explained) for one in unusual(commented, history)] == [("/observations/0", True)]
    assert unusual([{**row, "value": 12}], history) == ()
    assert unusual(["?", {**row, "value": "90x"}, {**row, "value": True}, {**row, "value": None}], history) == ()
    assert unusual([{**row, "sex": "M", "value": 90}], history) == (), "of another figure nobody knows what is usual"


def test_an_error_is_named_by_its_item_and_leads_to_its_control() -> None:
    made = setting("2026-Q1", "lm")
    items = [{"indicator": "SERV_NEW", "sex": "F", "age_group": "ADULT", "value": "trīs"}]
    checked = validate({"observations": items}, period="2026-Q1", member="lm", catalogue=made.catalogue, before={})
    assert isinstance(checked, Refused)
    (error,) = of_section(checked.errors, "observations")
    place = place_in(figure_forms(items, made), error.pointer, "observations")
    assert (place.field, place.label) == ("/observations/0/value", "report.field.value")
    assert [name["en"] for name in place.item if not isinstance(name, str)][1:] == ["female", "adult (18 and over)"]


def test_partners_of_a_joint_project_come_from_the_register() -> None:
    made = completed([{"type": "JOINT_PROJECT", "project_code": "JP-01"}], catalogue("2026-Q1"))
    assert made[0]["partners"] == ["vdi", "lm"]


def test_a_draft_is_saved_by_section_and_says_who_was_first() -> None:
    now = datetime(2026, 4, 1, tzinfo=UTC)
    draft = save(begin("2026-Q1", "vp", 0, None), "funding", [{"amount_eur": 1}], 0, "A", now, finished=False)
    other = save(draft, "challenges", [], 0, "B", now, finished=True)
    with pytest.raises(Changed) as raised:
        save(other, "funding", [], 0, "B", now, finished=False)
    assert raised.value.draft.sections["funding"].by == "A"
    states = standing(other, [], frozenset())
    assert (states["funding"][0], states["challenges"][0], states["activities"][0]) == (
        "begun",
        "complete",
        "not_begun",
    )
    handed = hand_over(other, "A")
    with pytest.raises(Locked):
        save(handed, "funding", [], 1, "B", now, finished=False)
    assert send_back(handed, "Trūkst").note == "Trūkst"
    back = have_back(anew(begin("2026-Q1", "vp", 0, None), discard(other), now), 0, 0, now)
    assert back.items("funding") == [{"amount_eur": 1}]
    assert list(ORDER) != list(SECTIONS)
    assert set(ORDER) == set(SECTIONS)


def test_an_item_is_taken_out_with_all_its_fields() -> None:
    fields = [("/funding/0/amount_eur", "1"), ("/funding/10/amount_eur", "2"), ("/funding/1/amount_eur", "3")]
    assert read("funding", without(fields, "/funding/1")) == [{"amount_eur": 1}, {"amount_eur": 2}]


ACCEPTED = content_of(
    {
        "observations": [
            {"indicator": "SERV_NEW", "sex": "F", "age_group": "ADULT", "value": 3},
            {"indicator": "SERV_EXT_GRANTED", "value": None, "empty": "unknown", "comment": "Nav saskaitīts"},
        ]
    }
)


def test_a_correction_names_only_what_was_filled_in() -> None:
    made = setting("2026-Q1", "lm")
    lines = correction_lines(ACCEPTED, {}, made)
    assert [line.accepted for line in lines[:3]] == ["3", "unknown", ""]
    standing_fields = {name: value for line in lines for name, value in line.hidden}
    assert items_of_form(ACCEPTED, standing_fields) == ([], [])
    added = next(line for line in lines if not line.accepted)
    typed = {
        **standing_fields,
        "/observations/0/value": "4",
        "/observations/0/reason": "Papildināts",
        "/observations/1/drop": "yes",
        f"{added.at}/value": "2",
    }
    items, places = items_of_form(ACCEPTED, typed)
    assert places == ["/observations/0", "/observations/1", added.at]
    assert items[0]["observation"] == {"indicator": "SERV_NEW", "sex": "F", "age_group": "ADULT"}
    assert (items[0]["old"], items[0]["new"]) == ({"value": 3, "empty": None}, {"value": 4})
    assert items[0]["reason"] == {"lv": "Papildināts"}
    assert (items[1]["new"], items[1]["reason"]) == (None, None)
    assert (items[2]["old"], items[2]["new"]) == (None, {"value": 2})
    assert set(items[2]["observation"]) == {"indicator", "sex", "age_group"}


def test_errors_of_a_correction_lead_to_their_lines() -> None:
    places = ["/observations/4", "/observations/7"]
    assert line_place("/items/1/reason", places) == "/observations/7/reason"
    assert line_place("/items/0/new/comment", places) == "/observations/4/comment"
    assert line_place("/items/0/new/value", places) == "/observations/4/value"
    assert line_place("/items/0/observation", places) == "/observations/4/value"
    assert line_place("/items", places) == ""


def test_what_a_correction_was_filled_with_stands_there_again() -> None:
    typed = {"/observations/0/value": "trīs", "/observations/0/reason": "Jo"}
    line = correction_lines(ACCEPTED, typed, setting("2026-Q1", "lm"))[0]
    assert (line.value.value, line.reason.value, line.accepted) == ("trīs", "Jo", "3")
