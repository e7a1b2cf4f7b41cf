"""The coordinator corrects figures on a member's behalf: by form, file and API, with a reason, marked everywhere."""

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
    shown,
    version,
)
from integration.intake.test_submission_pages import form, person, upload
from integration.intake.test_submissions import content, referred

AT = f"{REPORT}/correction"
WHY = "Saņemts pa pastu"
SAME = "The same person entered it and decided on it."
FIGURE = {name: code for name, code in referred().items() if name != "value"}
ITEM = {"observation": FIGURE, "old": 8, "new": 7, "reason": {"lv": "Divreiz ierakstīts"}}


@pytest.fixture
async def coordinator(intake: Intake) -> dict[str, str]:
    """After the State Police's eight persons referred were accepted."""
    await intake.post(f"/api{PAGE}", content(referred(8)), intake.as_member("vp"))
    await intake.post(f"/api{PAGE}/versions/1/accept", {}, intake.as_coordinator(), if_match='"1"')
    return person(intake, "coordinator", member="iem")


async def typed(intake: Intake, who: dict[str, str], **values: str) -> Any:
    wanted = {"/observations/0/value": "7", "/observations/0/reason": "Divreiz ierakstīts", **values}
    return await post(intake, AT, who, filled(fields_of(await shown(intake, AT, who), AT), **wanted))


async def entered(intake: Intake) -> None:
    """Version 2 stands as entered on the member's behalf, and displaces nothing."""
    found = await version(intake, 2)
    assert (found["on_behalf"]["lv"], found["entered_by"].rpartition("/")[2]) == (WHY, "coordinator")
    assert [(one["old"]["value"], one["new"]["value"]) for one in found["corrected_figures"]] == [(8, 7)]
    state = (await intake.get(f"/api{PAGE}", intake.as_member("vp"))).json()
    assert (state["accepted_version"], state["pending_version"]) == (1, 2)


@pytest.mark.parametrize("signs", [False, True])
async def test_figures_are_corrected_by_the_form_with_a_reason_and_marked_wherever_they_stand(
    intake: Intake, coordinator: dict[str, str], signs: bool
) -> None:
    if signs:
        await let_the_officer_sign(intake)
    assert f'href="{AT}"' in await shown(intake, PAGE, coordinator)
    done = await typed(intake, coordinator, reason=WHY)
    assert (done.status_code, done.headers["location"]) == (303, f"{REPORT}/receipt"), done.text
    await entered(intake)
    member = person(intake, "member", member="vp")
    assert WHY in await shown(intake, PAGE, member)
    assert "Entered on the institution&#39;s behalf." in await shown(intake, "/", member)
    assert "entered on its behalf" in await shown(intake, "/queue", coordinator)
    assert WHY in await shown(intake, f"{PAGE}/versions/2/review", coordinator)
    assert WHY in await shown(intake, "/corrections", coordinator)
    assert WHY in await shown(intake, "/corrections/download", coordinator)


async def test_everything_wrong_is_told_at_once_and_nothing_is_kept(
    intake: Intake, coordinator: dict[str, str]
) -> None:
    before = await intake.everything()
    wrong = await typed(intake, coordinator, **{"/observations/0/reason": "", "reason": ""})
    assert wrong.status_code == 422
    assert 'href="#reason"' in wrong.text
    assert 'href="#/observations/0/reason"' in wrong.text
    named = await typed(intake, coordinator, reason="Zvanīja Anna, 010190-12345")
    assert named.status_code == 422
    assert 'href="#reason"' in named.text
    assert await intake.everything() == before


async def test_whoever_entered_it_may_decide_and_is_marked(intake: Intake, coordinator: dict[str, str]) -> None:
    assert (await typed(intake, coordinator, reason=WHY)).status_code == 303
    assert "You entered this" in await shown(intake, f"{PAGE}/versions/2/review", coordinator)
    accepted = await form(intake, f"{PAGE}/versions/2/accept", coordinator, revision=3)
    assert accepted.status_code == 303, accepted.text
    for page in (PAGE, "/corrections"):
        assert SAME in await shown(intake, page, coordinator), page
    assert SAME in await shown(intake, PAGE, person(intake, "member", member="vp"))
    listed = (await intake.get("/api/corrections", intake.as_coordinator())).json()
    assert [(one["decided_by_enterer"], one["on_behalf"]["lv"]) for one in listed] == [(True, WHY)]
    assert await _accepted_by_enterer(intake) == [False, True]


async def test_another_coordinator_decides_without_a_mark(intake: Intake, coordinator: dict[str, str]) -> None:
    assert (await typed(intake, coordinator, reason=WHY)).status_code == 303
    token = intake.signing.token("coordinator", member="iem", subject="contact:another")
    another = {"Authorization": f"Bearer {token}", "Accept-Language": "en"}
    assert "You entered this" not in await shown(intake, f"{PAGE}/versions/2/review", another)
    done = await intake.post(f"/api{PAGE}/versions/2/accept", {}, another, if_match='"3"')
    assert done.status_code == 200, done.text
    assert SAME not in await shown(intake, PAGE, coordinator)
    assert await _accepted_by_enterer(intake) == [False, False]


async def test_a_correction_by_file_says_everything_at_once_and_is_marked(
    intake: Intake, coordinator: dict[str, str]
) -> None:
    wrong = await upload(intake, coordinator, {"items": [{**ITEM, "old": 9}]}, revision=2)
    assert wrong.status_code == 422
    assert "Say why you enter it" in wrong.text
    assert "/items/0/old" in wrong.text
    done = await upload(intake, coordinator, {"items": [ITEM]}, revision=2, reason=WHY)
    assert done.status_code == 303, done.text
    await entered(intake)


async def test_the_api_asks_for_the_reason_too(intake: Intake, coordinator: dict[str, str]) -> None:
    at, who = f"/api{PAGE}/corrections", intake.as_coordinator()
    bare = await intake.post(at, {"items": [{**ITEM, "old": 9}]}, who, if_match='"2"')
    assert bare.status_code == 422, bare.text
    assert {one["pointer"] for one in bare.json()["errors"]} == {"/items/0/old", "/on_behalf"}
    assert (await intake.post(at, {"items": [ITEM]}, who)).status_code == 428
    own = await intake.post(at, {"items": [ITEM], "on_behalf": {"lv": WHY}}, intake.as_member("vp"), if_match='"2"')
    assert [one["pointer"] for one in own.json()["errors"]] == ["/on_behalf"]
    assert (await intake.post(at, {"items": [ITEM]}, intake.as_member("km"), if_match='"2"')).status_code == 404
    done = await intake.post(at, {"items": [ITEM], "on_behalf": {"lv": WHY}}, who, if_match='"2"')
    assert done.status_code == 201, done.text
    await entered(intake)


async def test_what_the_institution_prepared_is_neither_shown_nor_overtaken(
    intake: Intake, coordinator: dict[str, str]
) -> None:
    focal, officer = person(intake, "member", member="vp"), person(intake, "officer", member="vp")
    read = await shown(intake, AT, coordinator)
    await let_the_officer_sign(intake)
    assert (await typed(intake, focal, **{"/observations/0/value": "6"})).headers["location"] == AT
    there = await intake.get(AT, coordinator)
    assert (there.status_code // 100, there.headers["location"]) == (3, PAGE)
    assert "waits for its officer" in (await shown(intake, PAGE, coordinator))
    wanted = {"/observations/0/value": "7", "/observations/0/reason": "Divreiz ierakstīts", "reason": WHY}
    assert (await post(intake, AT, coordinator, filled(fields_of(read, AT), **wanted))).status_code == 409
    body = {"items": [ITEM], "on_behalf": {"lv": WHY}}
    waits = await intake.post(f"/api{PAGE}/corrections", body, intake.as_coordinator(), if_match='"2"')
    assert waits.status_code == 409, waits.text
    await post(intake, f"{AT}/send-back", officer, [("note", "Lūdzu, pamatojiet")])
    assert (await typed(intake, coordinator, reason=WHY)).status_code == 303
    await intake.post(f"/api{PAGE}/versions/2/accept", {}, intake.as_coordinator(), if_match='"3"')
    kept = dict(fields_of(await shown(intake, AT, focal), AT))
    assert kept["/observations/0/value"] == "6", "what the institution had typed is there"


async def test_an_approved_part_names_who_entered_the_whole(intake: Intake, coordinator: dict[str, str]) -> None:
    second = {**FIGURE, "sex": "M"}
    added = {"observation": second, "old": None, "new": 3, "reason": {"lv": "Nebija ierakstīts"}}
    body = {"items": [ITEM, added], "on_behalf": {"lv": WHY}}
    sent = await intake.post(f"/api{PAGE}/corrections", body, intake.as_coordinator(), if_match='"2"')
    assert sent.status_code == 201, sent.text
    decided = {"returned": [{"figure": 1, "text": {"lv": "Nav pamatots"}}]}
    done = await intake.post(f"/api{PAGE}/versions/2/figures", decided, intake.as_coordinator(), if_match='"3"')
    assert done.status_code == 200, done.text
    assert "iem entered on the institution" in (await version(intake, 3))["on_behalf"]["en"]
    assert await _accepted_by_enterer(intake) == [False, True]
    listed = (await intake.get("/api/corrections", intake.as_coordinator())).json()
    assert {one["version"]: one["decided_by_enterer"] for one in listed} == {2: True, 3: False}


async def _accepted_by_enterer(intake: Intake) -> list[bool]:
    """What the acceptances of the journal say, in their order."""
    connection = await intake.connect()
    try:
        rows = await connection.fetch(
            """
            select p.payload::jsonb ->> 'accepted_by_enterer' as same
              from facts.journal j join facts.journal_payload p using (position)
             where j.type = 'nrem.submission.accepted.v1' order by j.position
            """
        )
    finally:
        await connection.close()
    return [row["same"] == "true" for row in rows]
