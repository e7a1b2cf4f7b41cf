"""What was typed is never emptied silently: something else is sent only after asking, and the draft can be had back."""

from __future__ import annotations

import pytest

from integration.intake.conftest import Intake
from integration.intake.report_pages import (
    PAGE,
    REPORT,
    fields_of,
    let_the_officer_sign,
    post,
    report_figure,
    save,
    shown,
    submit,
    version,
)
from integration.intake.test_submission_pages import form, person, upload
from integration.intake.test_submissions import content, referred
from integration.intake.test_workbooks import download, figure, hidden, send
from workbooks import saved_again

TEXT = "Trūkst tulku"
NOTHING = f"{PAGE}/nothing"


async def write_challenge(intake: Intake, text: str = TEXT) -> None:
    """A contributor fills the section that is theirs."""
    who = person(intake, "contributor", member="vp", sections=("challenges",))
    saved = await save(intake, "challenges", who, more="one", **{"/challenges/0/text/lv": text})
    assert saved.status_code == 303, saved.text


async def have_back(intake: Intake, who: dict[str, str]) -> None:
    tasks = await shown(intake, REPORT, who)
    assert "Challenges (1)" in tasks
    back = await post(intake, f"{REPORT}/restore", who, fields_of(tasks, f"{REPORT}/restore"))
    assert back.status_code == 303, back.text
    assert TEXT in await shown(intake, f"{REPORT}/sections/challenges", who)


async def sign(intake: Intake) -> None:
    officer = person(intake, "officer", member="vp")
    text = await shown(intake, f"{REPORT}/check", officer)
    signed = await post(intake, f"{REPORT}/sign", officer, fields_of(text, f"{REPORT}/sign"))
    assert signed.headers["location"] == f"{REPORT}/receipt", signed.text


async def return_it(intake: Intake, number: int = 1) -> None:
    reasons = {"reasons": [{"at": "", "text": {"lv": "Trūkst kampaņas"}}]}
    at = f"/api{PAGE}/versions/{number}/return"
    returned = await intake.post(at, reasons, intake.as_coordinator(), if_match="*")
    assert returned.status_code == 200, returned.text


@pytest.mark.parametrize("language", ["lv", "en"])
async def test_nothing_to_report_says_first_what_would_be_put_aside(intake: Intake, language: str) -> None:
    vp = person(intake, "member", member="vp", language=language)
    await write_challenge(intake)
    before = await intake.everything()
    asked = (await post(intake, NOTHING, vp, [("revision", "0")])).text
    assert {"lv": "Problēmas (1)", "en": "Challenges (1)"}[language] in asked
    assert await intake.everything() == before

    confirmed = fields_of(asked, NOTHING)
    await write_challenge(intake, "Trūkst arī telpu")  # after the page was shown
    again = await post(intake, NOTHING, vp, confirmed)
    assert again.status_code == 200
    assert await intake.everything() == before, "that was not what the reader had seen"
    done = await post(intake, NOTHING, vp, fields_of(again.text, NOTHING))
    assert done.headers["location"] == f"{REPORT}/receipt"


async def test_after_nothing_to_report_was_withdrawn_nothing_has_to_be_typed_again(intake: Intake) -> None:
    vp = person(intake, "member", member="vp")
    await report_figure(intake, vp)
    await write_challenge(intake)
    asked = (await post(intake, NOTHING, vp, [("revision", "0")])).text
    assert (await post(intake, NOTHING, vp, fields_of(asked, NOTHING))).status_code == 303
    assert (await form(intake, f"{PAGE}/versions/1/withdraw", vp, revision=1)).status_code == 303
    await have_back(intake, vp)
    assert "The submission changed in another way" not in await shown(intake, REPORT, vp)
    sent = await submit(intake, vp)
    assert sent.headers["location"] == f"{REPORT}/receipt", sent.text
    assert (await version(intake, 2))["content"]["challenges"][0]["text"]["lv"] == TEXT


async def test_a_file_of_an_institution_that_signs_puts_a_draft_aside_only_if_told_so(intake: Intake) -> None:
    await let_the_officer_sign(intake)
    focal, officer = person(intake, "member", member="vp"), person(intake, "officer", member="vp")
    await write_challenge(intake)
    asked = await upload(intake, focal, content(referred(-1)))
    assert asked.status_code == 422
    for said in ("Challenges (1)", "The number is negative.", 'href="#aside"', "Tick that you put it aside"):
        assert said in asked.text, "all errors at once"
    assert TEXT in await shown(intake, f"{REPORT}/sections/challenges", focal)

    stale = await upload(intake, focal, content(referred(4)), aside=7)
    assert stale.status_code == 422
    assert (await upload(intake, focal, content(referred(4)), aside=1)).headers["location"] == REPORT
    assert (await post(intake, f"{REPORT}/send-back", officer, [("note", "Trūkst problēmu")])).status_code == 303
    assert 'value="4"' in await shown(intake, f"{REPORT}/sections/observations", focal)
    await have_back(intake, focal)
    tasks = await shown(intake, REPORT, focal)
    assert "Statistics (1)" in tasks, "the file's content is put aside in its place"
    assert "Trūkst problēmu" in tasks


async def test_nothing_to_report_that_the_officer_sends_back_is_what_was_typed_again(intake: Intake) -> None:
    await let_the_officer_sign(intake)
    focal, officer = person(intake, "member", member="vp"), person(intake, "officer", member="vp")
    await write_challenge(intake)
    asked = (await post(intake, NOTHING, focal, [("revision", "0")])).text
    assert (await post(intake, NOTHING, focal, fields_of(asked, NOTHING))).headers["location"] == REPORT
    assert "nothing to report" in await shown(intake, f"{REPORT}/check", officer)
    assert (await post(intake, f"{REPORT}/send-back", officer, [("note", "Ir")])).status_code == 303
    assert TEXT in await shown(intake, f"{REPORT}/sections/challenges", focal)


async def test_what_was_put_aside_is_there_after_the_officer_signed_something_else(intake: Intake) -> None:
    await let_the_officer_sign(intake)
    focal = person(intake, "member", member="vp")
    await write_challenge(intake)
    asked = (await post(intake, NOTHING, focal, [("revision", "0")])).text
    await post(intake, NOTHING, focal, fields_of(asked, NOTHING))
    await sign(intake)
    assert (await version(intake))["nothing_to_report"] is True
    await return_it(intake)
    await have_back(intake, focal)
    assert (await submit(intake, focal)).headers["location"] == REPORT
    await sign(intake)
    assert (await version(intake, 2))["content"]["challenges"][0]["text"]["lv"] == TEXT
    connection = await intake.connect()
    assert await connection.fetchval("select count(*) from facts.report_draft") == 0
    await connection.close()


async def test_a_draft_follows_a_submission_that_changed_in_another_way(intake: Intake) -> None:
    vp = person(intake, "member", member="vp")
    await write_challenge(intake)
    assert (await intake.post(f"/api{PAGE}", content(referred(9)), intake.as_member("vp"))).status_code == 201
    assert (await post(intake, f"{REPORT}/take-over", vp, [])).status_code == 409, "it waits for a decision"
    await return_it(intake)
    tasks = await shown(intake, REPORT, vp)
    assert "The submission changed in another way since this draft was begun." in tasks
    refused = await submit(intake, vp)
    assert refused.status_code == 409
    taken = await post(intake, f"{REPORT}/take-over", vp, fields_of(tasks, f"{REPORT}/take-over"))
    assert (taken.status_code, taken.headers["location"]) == (303, REPORT)
    assert "in another way" not in await shown(intake, REPORT, vp)
    assert (await submit(intake, vp)).headers["location"] == f"{REPORT}/receipt"
    assert (await version(intake, 2))["content"]["challenges"][0]["text"]["lv"] == TEXT


@pytest.mark.parametrize("signs", [False, True])
async def test_a_workbook_puts_a_draft_aside_only_if_told_so(intake: Intake, signs: bool) -> None:
    if signs:
        await let_the_officer_sign(intake)
    vp = person(intake, "member", member="vp")
    await write_challenge(intake)
    raw = await download(intake, vp)
    looked = await send(intake, vp, saved_again(raw, lambda book: figure(book, 3)))
    assert "Challenges (1)" in looked.text
    at = f"{PAGE}/workbook/submit"
    asked = await intake.client.post(at, data=hidden(looked), headers=vp)
    assert asked.status_code == 422
    assert 'href="#aside"' in asked.text
    done = await intake.client.post(at, data={**hidden(asked), "aside": "1"}, headers=vp)
    assert done.status_code == 303, done.text
    if signs:
        assert (await post(intake, f"{REPORT}/send-back", vp, [])).status_code == 303
    else:
        assert (await form(intake, f"{PAGE}/versions/1/withdraw", vp, revision=1)).status_code == 303
    await have_back(intake, vp)


async def test_the_page_that_mails_lead_to_offers_every_way(intake: Intake) -> None:
    text = await shown(intake, PAGE, person(intake, "member", member="vp"))
    for way in ("/report", "/workbook", "/upload"):
        assert f'href="{PAGE}{way}"' in text
    assert f'action="{NOTHING}"' in text
    assert "Fill in the report here, submit a spreadsheet or a file" in text
