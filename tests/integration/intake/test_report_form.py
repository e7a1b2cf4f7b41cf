"""The form of a report without a script: sections, drafts, errors, checking, the next version, correcting."""

from __future__ import annotations

import pytest

from integration.intake.conftest import Intake
from integration.intake.report_pages import (
    PAGE,
    REPORT,
    fields_of,
    filled,
    post,
    report_figure,
    save,
    shown,
    submit,
    version,
)
from integration.intake.test_submission_pages import person
from integration.intake.test_submissions import content, referred


async def test_a_report_from_first_section_to_receipt(intake: Intake) -> None:
    vp = person(intake, "member", member="vp")
    tasks = await shown(intake, REPORT, vp)
    assert tasks.count("not begun") == 6
    assert f'action="{PAGE}/nothing"' in tasks

    added = await save(intake, "activities", vp, do="add", type="CAMPAIGN")
    assert (added.status_code, added.headers["location"]) == (
        303,
        f"{REPORT}/sections/activities?more=CAMPAIGN#new",
    )
    campaign = {"title/lv": "Kampaņa", "date": "2026-02-10", "audience": "PUBLIC", "reach": "1 200"}
    saved = await save(
        intake, "activities", vp, more="CAMPAIGN", **{f"/activities/0/{name}": text for name, text in campaign.items()}
    )
    assert saved.headers["location"] == f"{REPORT}/sections/observations", saved.text
    assert (await report_figure(intake, vp)).headers["location"] == f"{REPORT}/sections/plan_progress"
    tasks = await shown(intake, REPORT, vp)
    assert "2 of 6 sections complete" in tasks
    check = await shown(intake, f"{REPORT}/check", vp)
    assert "There are no errors." in check

    sent = await submit(intake, vp)
    assert (sent.status_code, sent.headers["location"]) == (303, f"{REPORT}/receipt"), sent.text
    assert "Version 1 was received." in await shown(intake, f"{REPORT}/receipt", vp)
    found = (await version(intake))["content"]
    assert found["activities"][0]["reach"] == 1200
    assert found["activities"][0]["code"] == "2026-Q1-vp-1"
    expected = {**referred(9), "destination": "SOCIAL_SERVICE", "comment": None, "empty": None}
    assert found["observations"] == [expected]


async def test_nothing_typed_is_lost_and_every_error_is_at_its_field(intake: Intake) -> None:
    vp = person(intake, "member", member="vp")
    wrong = await report_figure(intake, vp, value="deviņi")
    assert wrong.status_code == 422
    assert 'value="deviņi"' in wrong.text
    assert "Expected here: a whole number" in wrong.text
    assert 'href="#/observations/0/value"' in wrong.text
    assert 'id="/observations/0/value-error"' in wrong.text
    assert "1 error" in await shown(intake, REPORT, vp)
    check = await shown(intake, f"{REPORT}/check", vp)
    assert f'href="{REPORT}/sections/observations#/observations/0/value"' in check
    refused = await post(intake, f"{REPORT}/submit", vp, [("revision", "1")])
    assert refused.status_code == 422
    assert (await intake.everything())["submission"] == []


async def test_two_people_never_overwrite_each_other_silently(intake: Intake) -> None:
    vp = person(intake, "member", member="vp")
    at = f"{REPORT}/sections/challenges"
    before = fields_of(await shown(intake, f"{at}?more=one", vp), at)
    text = "/challenges/0/text/lv"
    assert (await post(intake, at, vp, filled(before, **{text: "Pirmais", "do": "return"}))).status_code == 303
    second = await post(intake, at, vp, filled(before, **{text: "Otrais", "do": "return"}))
    assert second.status_code == 409
    for said in ("Somebody else saved this section", ">Pirmais</td>", ">Otrais</td>", ">Otrais</textarea>"):
        assert said in second.text
    assert "Pirmais" in await shown(intake, at, vp)
    mine = fields_of(second.text, at)
    assert (await post(intake, at, vp, [*mine, ("do", "return")])).status_code == 303
    assert "Otrais" in await shown(intake, at, vp)
    script = await post(intake, at, vp, filled(before, **{text: "Trešais", "do": "autosave"}))
    assert script.status_code == 409
    assert "VP" in script.json()["said"] or "saved this section" in script.json()["said"]


async def test_a_script_saves_while_somebody_types(intake: Intake) -> None:
    vp = person(intake, "member", member="vp")
    first = await save(
        intake, "challenges", vp, more="one", do="autosave", **{"/challenges/0/text/lv": "Nepabeigts te"}
    )
    assert first.json() == {"revision": 1, "said": "The draft is saved."}
    assert "begun" in await shown(intake, REPORT, vp)
    assert "Nepabeigts te" in await shown(intake, f"{REPORT}/sections/challenges", vp)


async def test_discarding_can_be_undone(intake: Intake) -> None:
    vp = person(intake, "member", member="vp")
    await report_figure(intake, vp)
    assert (await post(intake, f"{REPORT}/discard", vp, [])).status_code == 303
    tasks = await shown(intake, REPORT, vp)
    assert tasks.count("not begun") == 6
    assert "A draft was put aside" in tasks
    assert (await post(intake, f"{REPORT}/restore", vp, [])).status_code == 303
    assert "1 of 6 sections complete" in await shown(intake, REPORT, vp)
    assert (await post(intake, f"{REPORT}/restore", vp, [])).status_code == 409


async def test_returned_reasons_stand_at_their_fields_and_the_next_version_follows(intake: Intake) -> None:
    vp, headers = person(intake, "member", member="vp"), intake.as_member("vp")
    assert (await intake.post(f"/api{PAGE}", content(referred(90)), headers)).status_code == 201
    reasons = [
        {"at": "/observations/0/value", "text": {"lv": "Neatbilst žurnālam"}},
        {"at": "", "text": {"lv": "Trūkst kampaņas"}},
    ]
    returned = await intake.post(
        f"/api{PAGE}/versions/1/return", {"reasons": reasons}, intake.as_coordinator(), if_match='"1"'
    )
    assert returned.status_code == 200, returned.text
    tasks = await shown(intake, REPORT, vp)
    assert "Trūkst kampaņas" in tasks
    assert "returned" in tasks
    section = await shown(intake, f"{REPORT}/sections/observations", vp)
    assert 'id="/observations/0/value-error"' in section
    assert "Neatbilst žurnālam" in section
    mended = await save(intake, "observations", vp, **{"/observations/0/value": "9"})
    assert mended.status_code == 303, mended.text
    assert (await submit(intake, vp)).headers["location"] == f"{REPORT}/receipt"
    assert (await version(intake, 2))["content"]["observations"][0]["value"] == 9


async def test_what_was_open_is_carried_over_and_only_what_is_said_is_reported(intake: Intake) -> None:
    before = {
        **content(referred(2)),
        "future_plans": [{"code": "FP-vp-1", "text": {"lv": "Apmācīt iecirkņus"}, "planned_for": "2026-Q2"}],
        "challenges": [{"code": "CH-vp-1", "text": {"lv": "Upuri neliecina"}, "state": "open"}],
    }
    headers = intake.as_member("vp")
    assert (await intake.post(f"/api{PAGE}", before, headers)).status_code == 201
    await intake.post(f"/api{PAGE}/versions/1/accept", {}, intake.as_coordinator(), if_match='"1"')
    page = "/periods/2026-Q2/submissions/vp/report"
    vp = person(intake, "member", member="vp")
    tasks = await shown(intake, page, vp)
    assert "1 item carried over" in tasks
    plans = await shown(intake, f"{page}/sections/future_plans", vp)
    assert "Apmācīt iecirkņus" in plans
    assert "carried over" in plans
    at = f"{page}/sections/future_plans"
    assert (await post(intake, at, vp, [*fields_of(plans, at), ("do", "continue")])).status_code == 303
    assert "is empty" in await shown(intake, f"{page}/check", vp)
    answered = filled(fields_of(await shown(intake, at, vp), at), **{"/future_plans/0/outcome": "realised"})
    await post(intake, at, vp, [*answered, ("do", "continue")])
    challenges = f"{page}/sections/challenges"
    await post(
        intake, challenges, vp, [*fields_of(await shown(intake, challenges, vp), challenges), ("do", "continue")]
    )
    text = await shown(intake, f"{page}/check", vp)
    await post(intake, f"{page}/submit", vp, fields_of(text, f"{page}/submit"))
    answer = await intake.get("/api/periods/2026-Q2/submissions/vp/versions/1", headers)
    found = answer.json()["content"]
    assert found["future_plans"] == [{"code": "FP-vp-1", "text": None, "planned_for": None, "outcome": "realised"}]
    assert [(one["code"], one["state"]) for one in found["challenges"]] == [("CH-vp-1", "open")]


async def test_a_late_correction_of_a_figure_by_the_form(intake: Intake) -> None:
    vp, headers = person(intake, "member", member="vp"), intake.as_member("vp")
    await intake.post(f"/api{PAGE}", content(referred(8)), headers)
    await intake.post(f"/api{PAGE}/versions/1/accept", {}, intake.as_coordinator(), if_match='"1"')
    at = f"{REPORT}/correction"
    assert (await intake.get(REPORT, vp)).headers["location"].endswith(at)
    text = await shown(intake, at, vp)
    without_reason = await post(intake, at, vp, filled(fields_of(text, at), **{"/observations/0/value": "7"}))
    assert without_reason.status_code == 422
    assert 'href="#/observations/0/reason"' in without_reason.text
    assert 'value="7"' in without_reason.text
    given = fields_of(without_reason.text, at)
    sent = await post(intake, at, vp, filled(given, **{"/observations/0/reason": "Divreiz ierakstīts"}))
    assert sent.status_code == 303, sent.text
    found = await version(intake, 2)
    assert [(one["old"]["value"], one["new"]["value"]) for one in found["corrected_figures"]] == [(8, 7)]


@pytest.mark.parametrize("language", ["lv", "en"])
async def test_every_section_of_every_member_can_be_shown(intake: Intake, language: str) -> None:
    for member in ("vp", "iem", "marta", "vdi", "prok"):
        who = person(intake, "member", member=member, language=language)
        at = f"/periods/2026-Q3/submissions/{member}/report"
        for path in ("", "/check", *(f"/sections/{name}" for name in ("observations", "plan_progress", "funding"))):
            assert f'lang="{language}"' in await shown(intake, at + path, who)
