"""A text over its limit comes back in the form that held it: which field, how long it may be, how much is too much."""

from __future__ import annotations

from collections.abc import Mapping
from html import unescape
from uuid import uuid4

import httpx
import pytest

from integration.intake.conftest import Intake
from integration.intake.report_pages import PAGE, REPORT, let_the_officer_sign, report_figure, save, submit
from integration.intake.test_submission_pages import person, upload
from integration.intake.test_submissions import PATH, content, referred

COORDINATOR, MEMBER, OTHER = ("coordinator", "iem"), ("member", "vp"), ("member", "km")
#: Who did not report yet may ask for time.
OWED = "/periods/2026-Q1/submissions/km"
VERSION = f"{PAGE}/versions/1"

#: (who, where it is sent, field, label, limit, other fields)
FORMS = [
    (OTHER, f"{OWED}/ask-extension", "reason", "Reason", 4000, {"day": "22 April 2026"}),
    (COORDINATOR, f"{OWED}/extension", "reason", "Reason", 4000, {"day": "2026-04-22"}),
    (COORDINATOR, f"{OWED}/refuse-extension", "refusal", "Why the due date stays", 4000, {}),
    (COORDINATOR, f"{VERSION}/redact", "reason", "Reason", 4000, {"places": "/content/observations/0/comment"}),
    (COORDINATOR, f"{PAGE}/let-pass", "text", "Text", 4000, {"reason": "Numurs"}),
    (COORDINATOR, f"{PAGE}/let-pass", "reason", "Reason", 4000, {"text": "29123456"}),
    (COORDINATOR, f"{VERSION}/return", "reason/observations/0", "correct", 4000, {"revision": "1"}),
    (COORDINATOR, f"{VERSION}/return", "reason", "correct", 4000, {"revision": "1"}),
    (COORDINATOR, f"{VERSION}/discussion", "text", "Question or answer", 2000, {}),
    (MEMBER, "/people", "name", "Name", 100, {"address": "a@vp.example", "sections": "challenges"}),
]


def check(answer: httpx.Response, field: str, label: str, limit: int, typed: str) -> None:
    assert answer.status_code == 422, answer.text[:800]
    said = unescape(answer.text)
    assert f'href="#{field}"' in answer.text, field
    assert f'id="{field}-error"' in answer.text, field
    over = len(typed) - limit
    assert f"at most {limit:,} characters. There are {over:,} characters too many: shorten the text." in said
    assert label in said
    assert typed in said, "what was typed is there"


@pytest.fixture
async def reported(intake: Intake) -> Intake:
    """The State Police reported; nothing was decided."""
    assert (
        await intake.post(PATH, content(referred(8, comment="Pēc žurnāla")), intake.as_member("vp"))
    ).status_code == 201
    return intake


async def test_each_form_gives_back_what_was_typed(reported: Intake) -> None:
    wish = {"until": "2026-04-22", "reason": {"lv": "Reģistra dati būs vēlāk"}}
    await reported.post("/api/periods/2026-Q1/extensions/km/ask", wish, reported.as_member("km"))
    before = await reported.everything()
    for (role, member), path, field, label, limit, more in FORMS:
        typed = "ā" * (limit + 1) + " beigas"
        who = person(reported, role, member=member)
        data: Mapping[str, str] = {**more, field: typed}
        check(await reported.client.post(path, data=dict(data), headers=who), field, label, limit, typed)
    assert await reported.everything() == before


async def test_the_hint_says_how_long_a_text_may_be_and_nothing_is_cut(reported: Intake) -> None:
    text = (await reported.get(f"{VERSION}/return", person(reported, "coordinator", member="iem"))).text
    assert "At most 4,000 characters." in text
    assert "maxlength" not in text
    latvian = person(reported, "coordinator", member="iem", language="lv")
    assert "Ne vairāk kā 4\u00a0000 rakstzīmes." in unescape((await reported.get(f"{VERSION}/return", latvian)).text)


async def test_reasons_of_a_correction_figure_by_figure(reported: Intake) -> None:
    coordinator = person(reported, "coordinator", member="iem")
    await reported.post(f"{PATH}/versions/1/accept", {}, reported.as_coordinator(), if_match='"1"')
    figure = {name: code for name, code in referred().items() if name != "value"}
    second = {"observation": {**figure, "sex": "M"}, "old": None, "new": 2, "reason": {"lv": "Trūka"}}
    items = [{"observation": figure, "old": 8, "new": 7, "reason": {"lv": "Divreiz"}}, second]
    await reported.post(f"{PATH}/corrections", {"items": items}, reported.as_member("vp"), if_match='"2"')
    typed = "ā" * 4100
    data = {"revision": "3", "choice/0": "approve", "choice/1": "return", "reason/1": typed}
    at = f"{PAGE}/versions/2/figures"
    check(await reported.client.post(at, data=data, headers=coordinator), "reason/1", "figure 2", 4000, typed)


async def test_why_it_is_entered_on_behalf_and_a_note_of_the_officer(intake: Intake) -> None:
    coordinator, typed = person(intake, "coordinator", member="iem"), "ā" * 1234
    sent = await upload(intake, coordinator, content(referred(4)), reason=typed)
    check(sent, "reason", "institution's place", 1000, typed)
    await report_figure(intake, person(intake, "member", member="vp"))
    data = {"revision": "1", "reason": typed}
    checked = await intake.client.post(f"{REPORT}/submit", data=data, headers=coordinator)
    check(checked, "reason", "institution's place", 1000, typed)
    await let_the_officer_sign(intake)
    await submit(intake, person(intake, "member", member="vp"))
    note = "ā" * 4321
    officer = person(intake, "officer", member="vp")
    back = await intake.client.post(f"{REPORT}/send-back", data={"note": note}, headers=officer)
    check(back, "note", "What to change", 4000, note)


async def test_a_text_of_the_report_says_how_many_characters_are_too_many(intake: Intake) -> None:
    who = person(intake, "member", member="vp")
    wrong = await save(intake, "challenges", who, more="1", **{"/challenges/0/text/lv": "ā" * 4002})
    assert wrong.status_code == 422, wrong.text[:500]
    assert "At most 4000 characters are allowed; the text has 4002: 2 too many." in wrong.text
    assert "ā" * 4002 in wrong.text


async def test_nothing_is_too_long_for_being_unknown(reported: Intake) -> None:
    """A file that nobody sent is still told as before."""
    data = {"file": str(uuid4()), "reason": "ā" * 4001}
    coordinator = person(reported, "coordinator", member="iem")
    assert (await reported.client.post(f"{PAGE}/evidence/remove", data=data, headers=coordinator)).status_code == 404
