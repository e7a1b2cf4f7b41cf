"""Pages of reference data: codes and indicators with their validity, added, changed and called otherwise, as facts."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import httpx
import pytest

from integration.intake.conftest import Intake
from integration.intake.report_pages import REPORT, report_figure, shown
from integration.intake.test_administration import AT, coordinator, fields_in_error, subjects
from integration.intake.test_submission_pages import form, person


async def test_codes_get_validity_and_history_and_new_ones_join(intake: Intake) -> None:
    who, page = coordinator(intake), f"{AT}/reference/codelist/age_group"
    assert fields_in_error(await form(intake, f"{page}/codes", who, entry="ADULT", valid_to="2026-13-01")) == {
        "entry",
        "label_lv",
        "label_en",
        "valid_to",
    }
    new = {"entry": "ELDER", "label_lv": "Vecāks cilvēks", "label_en": "Elderly", "valid_from": "2026-07-01"}
    preview = await form(intake, f"{page}/codes", who, **new)
    assert (preview.status_code, await subjects(intake, "reference/codelist/age_group")) == (200, KNOWN_ONCE)
    for words in ("Age group", "Elderly", "Persons referred for support", "2026-Q3", "can be chosen:"):
        assert words in preview.text, words
    again = await form(intake, f"{page}/codes", who, **confirming(preview), edit="yes")
    assert (again.status_code, 'value="ELDER"' in again.text) == (200, True)
    assert (await form(intake, f"{page}/codes", who, **confirming(preview))).headers["location"] == page
    ends = {"valid_from": "2026-07-01", "valid_to": "2026-06-01"}
    assert fields_in_error(await form(intake, f"{page}/codes/ELDER", who, **ends)) == {"valid_to"}
    await confirmed(intake, f"{page}/codes/ELDER", who, valid_to="2027-12-31")
    shown = (await intake.get(page, who)).text
    assert "until 31 Dec 2027" in shown
    assert '<span translate="no">ELDER</span>: Valid until' in shown
    assert shown.count("nrem-timeline__what") == 3
    assert (await intake.get(f"{page}/codes/NONE", who)).status_code == 404


async def test_an_indicator_that_ended_is_no_longer_reported(intake: Intake) -> None:
    page = f"{AT}/reference/indicator/VICT_REFERRED"
    who = coordinator(intake)
    await report_figure(intake, person(intake, "member", member="vp"))
    preview = await form(intake, f"{page}/validity", who, valid_from="", valid_to="2026-01-31")
    assert "the indicator will no longer be asked for." in preview.text
    assert "draft hold" not in preview.text, "the quarter of the draft is still asked"
    await confirmed(intake, f"{page}/validity", who, valid_from="", valid_to="2026-01-31")
    row = {"indicator": "VICT_REFERRED", "sex": "F", "age_group": "ADULT", "destination": "STATE_POLICE", "value": 1}
    body = {"observations": [row]}
    for period, codes in (("2026-Q1", []), ("2026-Q2", ["no_longer_valid"])):
        answer = await intake.post(f"/api/validate/{period}/vp", body, intake.as_member("vp"))
        assert [error["code"] for error in answer.json().get("errors", [])] == codes, period


async def test_a_draft_that_holds_a_code_which_ends_is_named_before_it_ends(intake: Intake) -> None:
    page, who = f"{AT}/reference/codelist/age_group/codes/ADULT", coordinator(intake)
    await report_figure(intake, person(intake, "member", member="vp"))
    preview = await form(intake, page, who, valid_to="2025-12-31")
    assert "can no longer be chosen:" in preview.text
    assert re.search(r"1 draft holds it already.*2026-Q1</span> · State Police", preview.text, re.DOTALL), preview.text


NEW_INDICATOR = {
    "code": "VICT_HOUSED",
    "title_lv": "Izmitināti upuri",
    "title_en": "Victims housed",
    "unit": "persons",
    "measure": "flow",
    "quarters_to_year": "sum",
    "across_reporters": "not_additive",
    "dimensions": ["destination", "sex"],
    "reporters": "some",
    "reported_by": ["vp"],
    "valid_from": "2026-01-01",
    "valid_to": "",
}


KNOWN_ONCE = [("nrem.reference.changed.v1", 1)]


async def confirmed(intake: Intake, path: str, who: dict[str, str], **values: Any) -> None:
    """Send a form, and what its preview holds."""
    kept = await form(intake, path, who, **confirming(await form(intake, path, who, **values)))
    assert kept.status_code == 303, kept.text


def confirming(preview: httpx.Response) -> dict[str, Any]:
    """What the form of a preview holds."""
    found: dict[str, Any] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', preview.text):
        if name != "form_token":
            found.setdefault(name, []).append(unescape(value))
    assert "confirmed" in found, preview.text
    return found


async def test_an_indicator_is_added_shown_first_and_reported_then(intake: Intake) -> None:
    who, page = coordinator(intake), f"{AT}/add-indicator"
    assert fields_in_error(await form(intake, page, who, reporters="some", valid_from="soon")) == {
        *("code", "title_lv", "title_en", "unit", "measure", "quarters_to_year", "across_reporters", "reported_by"),
        "valid_from",
    }
    taken = {**NEW_INDICATOR, "code": "VICT_REFERRED", "unit": "spoons", "dimensions": ["colour"], "measure": "stock"}
    assert fields_in_error(await form(intake, page, who, **taken)) == {"code", "unit", "dimensions", "quarters_to_year"}

    preview = await form(intake, page, who, **NEW_INDICATOR)
    assert preview.status_code == 200, preview.text
    for words in ("Victims housed", "persons", "Sex", "State Police"):
        assert words in preview.text
    assert await subjects(intake, "reference/indicator/VICT_HOUSED") == []  # shown, not kept
    kept = await form(intake, page, who, **confirming(preview))
    assert (kept.status_code, kept.headers["location"]) == (303, f"{AT}/reference/indicator/VICT_HOUSED"), kept.text
    assert await subjects(intake, "reference/indicator/VICT_HOUSED") == [("nrem.reference.changed.v1", 1)]
    item = (await intake.get("/api/reference/indicator/VICT_HOUSED", intake.as_coordinator())).json()
    assert item["dimension_lists"] == {"destination": "referral_destination"}
    row = {"indicator": "VICT_HOUSED", "sex": "F", "destination": "STATE_POLICE", "value": 1}
    for member, codes in (("vp", []), ("km", ["not_reporter"])):
        answer = await intake.post("/api/validate/2026-Q1/" + member, {"observations": [row]}, intake.as_member(member))
        assert [error["code"] for error in answer.json().get("errors", [])] == codes, answer.text


async def test_who_reports_an_indicator_and_what_it_is_called_changes(intake: Intake) -> None:
    who, page = coordinator(intake), f"{AT}/indicators/VICT_REFERRED/change"
    item = (await intake.get("/api/reference/indicator/VICT_REFERRED", intake.as_coordinator())).json()
    same = {
        **{name: item[name] for name in ("unit", "measure", "quarters_to_year", "across_reporters", "dimensions")},
        **{"title_lv": item["title"]["lv"], "title_en": item["title"]["en"]},
        **({"reporters": "all"} if item["reported_by"] == "all" else {"reporters": "some"}),
        "reported_by": [] if item["reported_by"] == "all" else item["reported_by"],
    }
    nothing = await form(intake, page, who, **same)
    assert nothing.headers["location"] == f"{AT}/reference/indicator/VICT_REFERRED"
    changed = {**same, "title_en": "Referred, corrected", "reporters": "some", "reported_by": ["vp"]}
    preview = await form(intake, page, who, **changed)
    assert "Reported by" in preview.text
    assert "Referred, corrected" in preview.text

    # Somebody else changes it before it is confirmed: it is shown again, nothing is kept.
    other = {**item, "title": {"lv": "Cits", "en": "Another"}}
    assert (await intake.post("/api/reference", [other], intake.as_coordinator())).status_code == 200
    late = await form(intake, page, who, **confirming(preview))
    assert late.status_code == 409
    assert "Something changed since you looked" in late.text
    assert (await form(intake, page, who, **confirming(late))).status_code == 303
    now = (await intake.get("/api/reference/indicator/VICT_REFERRED", intake.as_coordinator())).json()
    assert (now["revision"], now["title"]["en"], now["reported_by"]) == (3, "Referred, corrected", ["vp"])
    assert (now["why"], now["part_of"]) == (item["why"], item["part_of"])  # what the form does not hold


@pytest.mark.parametrize(
    ("place", "code"), [("codelist/age_group", "age_group"), ("codelist/age_group/ADULT", "age_group")]
)
async def test_labels_are_corrected(intake: Intake, place: str, code: str) -> None:
    who, page = coordinator(intake), f"{AT}/labels/{place}"
    assert fields_in_error(await form(intake, page, who, label_lv="", label_en="x" * 501)) == {"label_lv", "label_en"}
    preview = await form(intake, page, who, label_lv="Labots", label_en="Corrected")
    assert await subjects(intake, f"reference/codelist/{code}") == [("nrem.reference.changed.v1", 1)]
    assert (await form(intake, page, who, **confirming(preview))).status_code == 303
    assert "Corrected" in (await intake.get(f"{AT}/reference/codelist/{code}", who)).text
    assert await subjects(intake, f"reference/codelist/{code}") == [("nrem.reference.changed.v1", n) for n in (1, 2)]
    for nowhere in ("codelist/none", "codelist/age_group/NONE", "project/none"):
        assert (await intake.get(f"{AT}/labels/{nowhere}", who)).status_code == 404


NEW_LIST = {
    "code": "shelter_kind",
    "title_lv": "Patvēruma veids",
    "title_en": "Kind of shelter",
    **{"entry-0-code": "STATE", "entry-0-lv": "valsts patvērums", "entry-0-en": "state shelter"},
    **{"entry-1-code": "PRIVATE", "entry-1-lv": "privāts patvērums", "entry-1-en": "private shelter"},
}


async def test_a_new_list_is_shown_kept_and_divides_a_new_indicator(intake: Intake) -> None:
    who, page = coordinator(intake), f"{AT}/add-codelist"
    assert fields_in_error(await form(intake, page, who)) == {"code", "title_lv", "title_en", "entry-0-code"}
    taken = {**NEW_LIST, "code": "sex", "entry-1-code": "state", "entry-1-en": ""}
    assert fields_in_error(await form(intake, page, who, **taken)) == {"code", "entry-1-code", "entry-1-en"}
    more = await form(intake, page, who, **NEW_LIST, do="more")
    assert (more.status_code, 'value="PRIVATE"' in more.text, 'id="entry-7-code"' in more.text) == (200, True, True)

    preview = await form(intake, page, who, **NEW_LIST)
    assert "No indicator is divided by this list yet." in preview.text
    assert await subjects(intake, "reference/codelist/shelter_kind") == []
    kept = await form(intake, page, who, **confirming(preview))
    assert kept.headers["location"] == f"{AT}/reference/codelist/shelter_kind", kept.text
    assert fields_in_error(await form(intake, page, who, **confirming(preview))) == {"code"}, "it is there now"

    divided = {**NEW_INDICATOR, "dimensions": ["sex", *MANY], "other_dimensions": ["shelter_kind"]}
    preview = await form(intake, f"{AT}/add-indicator", who, **divided)
    said = r"2026-Q3</span></strong>:\s+the indicator will be asked for\. In whose form: State Police"
    assert re.search(said, preview.text), preview.text
    edit = await form(intake, f"{AT}/add-indicator", who, **confirming(preview), edit="yes")
    assert re.search(r'value="shelter_kind" checked', edit.text)
    assert (await form(intake, f"{AT}/add-indicator", who, **confirming(preview))).status_code == 303

    row = {"indicator": "VICT_HOUSED", "shelter_kind": "STATE", **dict.fromkeys(MANY, ""), **KNOWN_CODES, "value": 1}
    answer = await intake.post("/api/validate/2026-Q1/vp", {"observations": [row]}, intake.as_member("vp"))
    assert answer.json()["valid"] is True, answer.text
    section = await shown(intake, f"{REPORT}/sections/observations", person(intake, "member", member="vp"))
    assert "Kind of shelter" in section
    assert "field.shelter_kind" not in section


#: With these the grid is too large to be shown whole: each dimension is chosen.
MANY = ("age_group", "citizenship")
KNOWN_CODES = {"sex": "F", "age_group": "ADULT", "citizenship": "LV"}
