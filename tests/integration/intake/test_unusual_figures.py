"""A figure far from what the member reported before: every route says so, none refuses it, and the review marks it."""

from __future__ import annotations

from typing import Any

import pytest

from integration.intake.conftest import Intake
from integration.intake.report_pages import (
    PAGE,
    REPORT,
    fields_of,
    filled,
    let_the_officer_sign,
    post,
    report_figure,
    shown,
    submit,
    version,
)
from integration.intake.test_submission_pages import person, upload
from integration.intake.test_submissions import content, referred
from integration.intake.test_workbooks import download, figure, hidden, send
from workbooks import saved_again

SOCIAL = "SOCIAL_SERVICE"
SAID = "The number 99999 is far from the usual one (2)."
UNUSUAL = content(referred(99999, SOCIAL))


@pytest.fixture
async def usual(intake: Intake) -> Intake:
    """Two persons a quarter were referred to a social service in the two quarters before."""
    periods = [
        {"period": period, "submissions": [{"member": "vp", **content(referred(2, SOCIAL))}]}
        for period in ("2025-Q3", "2025-Q4")
    ]
    body = {"group": "working_group_2025", "periods": periods}
    brought = await intake.client.post("/api/imports", json=body, headers=intake.as_coordinator())
    assert brought.status_code == 201, brought.text
    return intake


async def test_programs_are_warned_and_not_refused(usual: Intake) -> None:
    vp = usual.as_member("vp")
    asked = await usual.post("/api/validate/2026-Q1/vp", UNUSUAL, vp)
    assert asked.status_code == 200
    assert asked.json()["valid"] is True
    (warning,) = asked.json()["warnings"]
    assert (warning["pointer"], warning["code"]) == ("/observations/0/value", "unusual")
    assert warning["text"].startswith(SAID)
    for other in (content(referred(2, SOCIAL)), content(referred(99999, SOCIAL, comment="Liela lieta"))):
        assert (await usual.post("/api/validate/2026-Q1/vp", other, vp)).json()["warnings"] == []
    assert (await usual.post(f"/api{PAGE}", UNUSUAL, vp)).status_code == 201


@pytest.mark.parametrize("comment", [{}, {"comment": "Liela lieta"}])
async def test_whoever_reviews_sees_what_is_usual_with_or_without_a_comment(
    usual: Intake, comment: dict[str, str]
) -> None:
    given = content(referred(5, "STATE_POLICE"), referred(99999, SOCIAL, **comment))
    assert (await usual.post(f"/api{PAGE}", given, usual.as_member("vp"))).status_code == 201
    review = await shown(usual, f"{PAGE}/versions/1/review", person(usual, "coordinator", member="iem"))
    assert review.count("usually about 2") == 1
    assert review.index('id="item-observations-1"') < review.index("usually about 2")


async def test_a_file_that_is_checked_or_looked_at_says_so_before_it_is_submitted(usual: Intake) -> None:
    vp = person(usual, "member", member="vp")
    checked = await upload(usual, vp, UNUSUAL, check="yes")
    assert checked.status_code == 200
    assert "There are no errors." in checked.text
    assert SAID in checked.text
    assert SAID not in (await upload(usual, vp, content(referred(3, SOCIAL)), check="yes")).text

    cells: list[str] = []
    raw = await download(usual, vp, lang="en")
    fill: Any = {"destination": SOCIAL}
    looked = await send(usual, vp, saved_again(raw, lambda book: cells.extend(figure(book, 99999, **fill))))
    assert looked.status_code == 200
    assert f"Statistics!{cells[4]}" in looked.text
    assert SAID in looked.text
    done = await usual.client.post(f"{PAGE}/workbook/submit", data=hidden(looked), headers=vp)
    assert done.status_code == 303


async def test_the_form_says_it_at_the_field_once_and_asks_before_submitting(usual: Intake) -> None:
    vp = person(usual, "member", member="vp")
    at = f"{REPORT}/sections/observations"
    told = await report_figure(usual, vp, "99999")
    assert told.status_code == 422
    assert told.text.count(SAID) == 2, "in the summary and at the field"
    changed = filled(fields_of(told.text, at), do="continue")
    other = [(name, "88888" if value == "99999" else value) for name, value in changed]
    again = await post(usual, at, vp, other)
    assert again.status_code == 422, "another number was never told"
    onward = await post(usual, at, vp, filled(fields_of(again.text, at), do="continue"))
    assert onward.status_code == 303

    check = await shown(usual, f"{REPORT}/check", vp)
    assert "The number 88888 is far from the usual one (2)." in check
    assert f'href="{at}#/observations/' in check
    refused = await post(usual, f"{REPORT}/submit", vp, without_tick(fields_of(check, f"{REPORT}/submit")))
    assert refused.status_code == 422
    assert "tick that they are right" in refused.text
    assert (await submit(usual, vp, right="yes")).headers["location"] == f"{REPORT}/receipt"
    assert [one["value"] for one in (await version(usual))["content"]["observations"]] == [88888]


def without_tick(fields: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(name, value) for name, value in fields if name != "right"]


async def test_a_comment_explains_it_and_nothing_is_asked(usual: Intake) -> None:
    vp = person(usual, "member", member="vp")
    at = f"{REPORT}/sections/observations"
    told = await report_figure(usual, vp, "99999")
    fields = fields_of(told.text, at)
    row = next(name for name, value in fields if value == "99999").removesuffix("/value")
    onward = await post(usual, at, vp, filled(fields, **{f"{row}/comment": "Liela lieta"}, do="continue"))
    assert onward.status_code == 303
    check = await shown(usual, f"{REPORT}/check", vp)
    assert SAID not in check
    assert 'name="right"' not in check
    assert (await submit(usual, vp)).headers["location"] == f"{REPORT}/receipt"


async def test_an_officer_signs_what_was_sent_by_file_and_is_led_nowhere_else(usual: Intake) -> None:
    await let_the_officer_sign(usual)
    focal, officer = person(usual, "member", member="vp"), person(usual, "officer", member="vp")
    handed = await upload(usual, focal, UNUSUAL)
    assert (handed.status_code, handed.headers["location"]) == (303, REPORT), handed.text
    read = await shown(usual, f"{REPORT}/check", officer)
    assert SAID in read
    assert "/report/sections/" not in read, "pages that officers may not open"
    signed = await post(usual, f"{REPORT}/sign", officer, fields_of(read, f"{REPORT}/sign"))
    assert signed.headers["location"] == f"{REPORT}/receipt", signed.text
    found = await version(usual)
    assert (found["prepared_by"], found["signed_by"]) == ("vp/member", "vp/officer")


async def test_an_officer_who_cannot_sign_for_an_error_is_told_to_send_it_back(usual: Intake) -> None:
    await let_the_officer_sign(usual)
    focal, officer = person(usual, "member", member="vp"), person(usual, "officer", member="vp")
    await upload(usual, focal, UNUSUAL)
    connection = await usual.connect()
    try:  # as where what is in force changes while it waits
        await connection.execute(
            "update facts.report_draft set document = jsonb_set(document, $1, to_jsonb($2::text))",
            ["observations", "0", "destination"],
            "NOWHERE",
        )
    finally:
        await connection.close()
    read = await shown(usual, f"{REPORT}/check", officer)
    assert "Send it back" in read
    assert "NOWHERE" in read
    assert "/report/sections/" not in read
    assert f'action="{REPORT}/sign"' not in read
    assert (await post(usual, f"{REPORT}/send-back", officer, [("note", "Labojiet")])).status_code == 303
