"""A correction decided figure by figure, by form and by machine: what counts, what the member reads, what is listed."""

from __future__ import annotations

import json
from typing import Any

import httpx

from integration.intake.conftest import Intake
from integration.intake.test_reviewing import accept, submit
from integration.intake.test_submission_pages import PAGE, person
from integration.intake.test_submissions import PATH, content, referred

WHY = {"lv": "Žurnālā cits skaitlis", "en": "The log says otherwise"}


def key(**more: Any) -> dict[str, Any]:
    return {name: code for name, code in referred(**more).items() if name != "value"}


async def corrected(intake: Intake) -> None:
    """Two figures are accepted; a correction changes both and waits, at revision 3."""
    await submit(intake, "vp", content(referred(9), referred(2, sex="M")))
    await accept(intake, 1, 1)
    items = [
        {"observation": key(), "old": 9, "new": 7, "reason": {"lv": "Divreiz ierakstīts", "en": "Twice"}},
        {"observation": key(sex="M"), "old": 2, "new": 5, "reason": {"lv": "Atrasti vēl", "en": "More found"}},
    ]
    answer = await intake.post(f"{PATH}/corrections", {"items": items}, intake.as_member("vp"), if_match='"2"')
    assert answer.status_code == 201, answer.text


async def by_form(intake: Intake, who: dict[str, str], **fields: str) -> httpx.Response:
    data = {"revision": "3", **fields}
    return await intake.client.post(f"{PAGE}/versions/2/figures", data=data, headers=who)


async def test_the_coordinator_approves_one_figure_and_returns_the_other(intake: Intake) -> None:
    coordinator, vp = person(intake, "coordinator", member="iem"), person(intake, "member", member="vp")
    await corrected(intake)
    review = await intake.get(f"{PAGE}/versions/2/review", coordinator)
    assert f"{PAGE}/versions/2/figures" in review.text
    form = await intake.get(f"{PAGE}/versions/2/figures", coordinator)
    assert all(f"<{mark}>{number}</" in form.text for mark, number in (("del", 9), ("ins", 7), ("del", 2), ("ins", 5)))

    choices = {"choice/0": "return", "reason/0": "The log says otherwise", "choice/1": "approve"}
    done = await by_form(intake, coordinator, **choices)
    assert done.headers["location"] == "/queue?done=figures", done.text
    state = (await intake.get(PATH, intake.as_member("vp"))).json()
    assert (state["accepted_version"], state["pending_version"], state["revision"]) == (3, None, 6)
    assert [each["state"] for each in state["versions"]] == ["accepted", "returned", "accepted"]
    assert state["versions"][2]["part_of"] == 2
    third = (await intake.get(f"{PATH}/versions/3", intake.as_member("vp"))).json()
    values = {each["sex"]: each["value"] for each in third["content"]["observations"]}
    assert values == {"F": 9, "M": 5}

    part = (await intake.get(f"{PAGE}?version=3", vp)).text
    assert "Approved by" in part
    assert f'{PAGE}?version=2"' in part
    whole = (await intake.get(f"{PAGE}?version=2", vp)).text
    assert "The log says otherwise" in whole
    assert "Some figures of this correction were approved" in whole
    assert f'{PAGE}?version=3"' in whole

    listed = (await intake.get("/api/corrections?year=2026", intake.as_coordinator())).json()
    told = {(one["version"], one["figure"]["dimensions"]["sex"], one["state"]) for one in listed}
    assert told == {(2, "F", "returned"), (3, "M", "accepted")}
    (returned,) = [one for one in listed if one["version"] == 2]
    assert [reason["text"]["lv"] for reason in returned["returned_because"]] == ["The log says otherwise"]


async def test_the_journal_tells_return_part_and_acceptance_in_one_transaction(intake: Intake) -> None:
    await corrected(intake)
    body = {"returned": [{"figure": 1, "text": WHY}]}
    path = f"{PATH}/versions/2/figures"
    answer = await intake.post(path, body, intake.as_coordinator(), if_match='"3"')
    assert answer.status_code == 200, answer.text
    assert (answer.json()["state"], answer.json()["accepted_version"], answer.headers["etag"]) == ("accepted", 3, '"6"')
    connection = await intake.connect()
    rows = await connection.fetch(
        """
        select type, revision, recorded_at, payload from facts.journal join facts.journal_payload using (position)
         where subject = 'submission/2026-Q1/vp' and revision > 3 order by revision
        """
    )
    await connection.close()
    assert [row["type"].split(".")[2] for row in rows] == ["returned", "submitted", "accepted"]
    assert len({row["recorded_at"] for row in rows}) == 1
    assert json.loads(rows[0]["payload"])["reasons"] == [{"at": "/observations/1", "text": WHY, "figure": 1}]
    assert json.loads(rows[1]["payload"])["part_of"] == 2
    again = await intake.post(path, body, intake.as_coordinator(), if_match='"6"')
    assert again.status_code == 409


async def test_what_is_missing_is_said_at_each_figure_and_nothing_is_written(intake: Intake) -> None:
    coordinator = person(intake, "coordinator", member="iem")
    await corrected(intake)
    before = await intake.everything()
    bare = await by_form(intake, coordinator, **{"choice/0": "return"})
    assert bare.status_code == 422
    for place in ("reason/0", "choice/1"):
        assert f'href="#{place}"' in bare.text, place
    alike = await by_form(intake, coordinator, **{"choice/0": "approve", "choice/1": "approve"})
    assert "Accept or return the whole correction" in alike.text
    personal = {"choice/0": "return", "reason/0": "040198-12345", "choice/1": "approve"}
    refused = await by_form(intake, coordinator, **personal)
    assert refused.status_code == 422
    assert 'id="reason/0-error"' in refused.text
    for body, code in (({"returned": []}, 422), ({"returned": [{"figure": 9, "text": WHY}]}, 422)):
        answer = await intake.post(f"{PATH}/versions/2/figures", body, intake.as_coordinator(), if_match='"3"')
        assert answer.status_code == code, answer.text
    stale = {"returned": [{"figure": 0, "text": WHY}]}
    assert (
        await intake.post(f"{PATH}/versions/2/figures", stale, intake.as_coordinator(), if_match='"2"')
    ).status_code == 412
    assert await intake.everything() == before


async def test_only_a_waiting_correction_has_the_page_and_only_for_the_coordinator(intake: Intake) -> None:
    coordinator = person(intake, "coordinator", member="iem")
    await corrected(intake)
    decided = await intake.get(f"{PAGE}/versions/1/figures", coordinator)
    assert decided.headers["location"].startswith(f"{PAGE}/versions/1/review")
    assert (await intake.get(f"{PAGE}/versions/7/figures", coordinator)).status_code == 404
    assert (await intake.get(f"{PAGE}/versions/2/figures", person(intake, "member", member="vp"))).status_code == 403
