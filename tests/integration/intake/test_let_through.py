"""What free text may say wherever it is written: allowed contacts, texts let pass; a refused note comes back."""

from __future__ import annotations

from html import unescape
from typing import Any

import httpx
import pytest

from integration.intake.conftest import Intake
from integration.intake.report_pages import PAGE, REPORT, let_the_officer_sign, post, report_figure, shown, submit
from integration.intake.test_signatures import AT, accepted, prepare
from integration.intake.test_submission_pages import person
from integration.intake.test_submissions import content, referred

HELPLINE = "67829000"
SAID = f"Zvaniet {HELPLINE}"
NUMBER = "Reģistra ieraksts 29123456 nav tālrunis"
PATH = f"/api{PAGE}"


async def allow(intake: Intake) -> None:
    coordinator = intake.as_coordinator()
    known = (await intake.get("/api/reference/codelist/allowed_contact", coordinator)).json()
    codes = [*known["codes"], {"code": HELPLINE, "label": {"lv": "tālrunis", "en": "number"}}]
    item = {name: known[name] for name in ("kind", "code", "title", "status")} | {"codes": codes}
    assert (await intake.post("/api/reference", [item], coordinator)).status_code == 200


async def let_pass(intake: Intake) -> None:
    given = {"text": NUMBER, "reason": {"lv": "Tas ir reģistra numurs"}}
    answer = await intake.post(f"{PATH}/let-pass", given, intake.as_coordinator())
    assert answer.status_code == 201, answer.text


async def counts(intake: Intake) -> None:
    await intake.post(PATH, content(referred(8)), intake.as_member("vp"))
    done = await intake.post(f"{PATH}/versions/1/accept", {}, intake.as_coordinator(), if_match='"1"')
    assert done.status_code == 200, done.text


async def correct(intake: Intake, reason: str) -> httpx.Response:
    figure = {name: code for name, code in referred(0).items() if name != "value"}
    items = [{"observation": figure, "old": 8, "new": {"value": 7, "comment": reason}, "reason": {"lv": reason}}]
    return await intake.post(f"{PATH}/corrections", {"items": items}, intake.as_member("vp"), if_match='"2"')


async def give_back(intake: Intake, reason: str) -> httpx.Response:
    await intake.post(PATH, content(referred(8)), intake.as_member("vp"))
    body = {"reasons": [{"at": "/observations/0", "text": {"lv": reason}}]}
    return await intake.post(f"{PATH}/versions/1/return", body, intake.as_coordinator(), if_match='"1"')


async def say(intake: Intake, text: str) -> httpx.Response:
    await intake.post(PATH, content(referred(8)), intake.as_member("vp"))
    given = {"at": "", "text": text}
    who = person(intake, "coordinator", member="iem")
    return await intake.client.post(f"{PAGE}/versions/1/discussion", data=given, headers=who)


async def ask(intake: Intake, reason: str) -> httpx.Response:
    wish = {"until": "2026-04-30", "reason": {"lv": reason}}
    return await intake.post("/api/periods/2026-Q1/extensions/vp/ask", wish, intake.as_member("vp"))


@pytest.mark.parametrize("command", [give_back, say, ask])
async def test_texts_about_a_report_are_let_through_as_those_in_it(intake: Intake, command: Any) -> None:
    assert (await command(intake, NUMBER)).status_code == 422
    await let_pass(intake)
    done = await command(intake, NUMBER)
    assert done.status_code in (200, 201, 303), done.text


async def test_a_correction_may_say_a_contact_and_what_was_let_pass(intake: Intake) -> None:
    await counts(intake)
    refused = await correct(intake, SAID)
    told = [(one["pointer"], one["code"]) for one in refused.json()["errors"]]
    assert told == [("/items/0/reason/lv", "personal_data")]
    await allow(intake)
    await let_pass(intake)
    assert (await correct(intake, f"{NUMBER}!")).status_code == 422
    assert (await correct(intake, NUMBER)).status_code == 201


async def test_a_contact_may_stand_in_the_reasons_of_corrections_and_redactions(intake: Intake) -> None:
    await allow(intake)
    await counts(intake)
    assert (await correct(intake, SAID)).status_code == 201
    wanted = {"places": ["/content/observations/0"], "reason": {"lv": SAID}}
    refused = await intake.post(f"{PATH}/versions/1/redactions", wanted, intake.as_coordinator())
    assert "personal_data" not in refused.text
    given = {"text": NUMBER, "reason": {"lv": SAID}}
    assert (await intake.post(f"{PATH}/let-pass", given, intake.as_coordinator())).status_code == 201


async def test_a_refused_note_comes_back_with_the_error_at_its_field(intake: Intake) -> None:
    await let_the_officer_sign(intake)
    focal, officer = person(intake, "member", member="vp"), person(intake, "officer", member="vp")
    await report_figure(intake, focal)
    await submit(intake, focal)
    await _comes_back(intake, f"{REPORT}/send-back", officer)
    await allow(intake)
    done = await post(intake, f"{REPORT}/send-back", officer, [("note", SAID)])
    assert done.status_code == 303, done.text
    assert SAID in await shown(intake, REPORT, focal)
    late = await post(intake, f"{REPORT}/send-back", officer, [("note", SAID)])
    assert late.status_code == 409, "it waits no more"


async def test_so_does_one_about_a_correction(intake: Intake) -> None:
    await accepted(intake)
    focal, officer = person(intake, "member", member="vp"), person(intake, "officer", member="vp")
    await prepare(intake, focal)
    await _comes_back(intake, f"{AT}/send-back", officer)
    assert "Divreiz ierakstīts" in await shown(intake, AT, officer), "it still waits"
    await allow(intake)
    assert (await post(intake, f"{AT}/send-back", officer, [("note", SAID)])).status_code == 303


async def _comes_back(intake: Intake, at: str, officer: dict[str, str]) -> None:
    refusals = (
        (SAID, "From character 9 on the text holds a telephone number."),
        ("ā" * 4001, "at most 4,000 characters"),
    )
    for note, why in refusals:
        refused = await post(intake, at, officer, [("note", note)])
        assert refused.status_code == 422
        text = unescape(refused.text)
        assert 'href="#note"' in text, "the summary leads to the field"
        assert 'id="note-error"' in text
        assert why in text
        assert f">{note}</textarea>" in text, "nothing typed is lost"
