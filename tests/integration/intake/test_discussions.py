"""Questions and answers about items of a submission: on a stream of their own, read by both sides, for no one else."""

from __future__ import annotations

import json
from typing import Any

from integration.intake.conftest import Intake
from integration.intake.test_reviewing import returned, row, submit
from integration.intake.test_submission_pages import PAGE, form, person
from integration.intake.test_submissions import PATH, content, referred


async def said(intake: Intake, who: dict[str, str], text: str, at: str = "/observations/0", version: int = 1) -> Any:
    return await form(intake, f"{PAGE}/versions/{version}/discussion", who, at=at, text=text)


async def test_question_and_answer_stay_with_the_item_in_the_next_version(intake: Intake) -> None:
    coordinator, vp = person(intake, "coordinator", member="iem"), person(intake, "member", member="vp")
    await submit(intake, "vp", content(referred(9), referred(2, sex="M")))

    asked = await said(intake, coordinator, "Are those of March in it?")
    assert asked.headers["location"] == f"{PAGE}/versions/1/review#item-observations-0"
    assert "Are those of March in it?" in (await intake.get(PAGE, vp)).text
    assert "The coordinator asks." in (await intake.get("/", vp)).text
    answered = await said(intake, vp, "Yes, all of them.")
    assert answered.headers["location"] == f"{PAGE}?version=1#item-observations-0"
    assert "The coordinator asks." not in (await intake.get("/", vp)).text
    assert "The institution answered or asks." in row(await intake.get("/queue", coordinator), "State Police")
    assert "Yes, all of them." in (await intake.get(f"{PAGE}/versions/1/review", coordinator)).text
    assert "The institution answered or asks." not in (await intake.get("/queue", coordinator)).text

    await returned(intake, coordinator, revision=1, **{"reason/observations/1": "Kāpēc divi?"})
    await submit(intake, "vp", content(referred(3, sex="M"), referred(9)), revision=2)  # the other way round
    page = (await intake.get(f"{PAGE}/versions/2/review", coordinator)).text
    item = page.split('id="item-observations-1"')[1].split("</article>")[0]
    assert "Yes, all of them." in item
    assert "Yes, all of them." not in page.split('id="item-observations-0"')[1].split("</article>")[0]

    connection = await intake.connect()
    subject = "discussion/2026-Q1/vp"
    rows = await connection.fetch(
        "select type, revision from facts.journal where subject = $1 order by revision", subject
    )
    await connection.close()
    assert [tuple(each) for each in rows] == [("nrem.remark.made.v1", 1), ("nrem.remark.made.v1", 2)]


async def test_the_bus_hears_that_something_was_said_not_what(intake: Intake) -> None:
    coordinator, vp = person(intake, "coordinator", member="iem"), person(intake, "member", member="vp")
    await submit(intake, "vp", content(referred(9)))
    await said(intake, coordinator, "Are those of March in it?")
    await said(intake, coordinator, "And who sent them?", at="")
    await said(intake, vp, "Yes, all of them.")
    connection = await intake.connect()
    rows = await connection.fetch(
        """
        select type, payload from facts.journal join facts.journal_payload using (position)
         where subject = 'remark/2026-Q1/vp' order by revision
        """
    )
    await connection.close()
    assert {row["type"] for row in rows} == {"nrem.remark.announced.v1"}
    told = [json.loads(row["payload"]) for row in rows]
    assert [(one["number"], one["thread"], one["at"], one["side"]) for one in told] == [
        (1, 1, "/observations/0", "coordinator"),
        (2, 2, "", "coordinator"),
        (3, 1, "/observations/0", "member"),
    ]
    assert not any(word in row["payload"] for row in rows for word in ("March", "who sent", "Yes, all"))


async def test_a_remark_is_refused_where_a_submission_would_be(intake: Intake) -> None:
    vp = person(intake, "member", member="vp")
    await submit(intake, "vp", content(referred(9)))
    for text, told in (
        ("040198-12345 ir viena no viņām", "personal data"),
        ("  ", "This field is missing"),
        ("x" * 2001, "at most 2,000 characters"),
    ):
        answer = await said(intake, vp, text)
        assert answer.status_code == 422, text
        assert 'id="text-error"' in answer.text
        assert told in answer.text or told == "This field is missing"
    assert (await said(intake, vp, "?", at="/observations/7")).status_code in (404, 422)
    assert (await said(intake, vp, "?", version=4)).status_code == 404
    assert (await intake.get(f"{PATH}/discussion", intake.as_member("vp"))).json() == []


async def test_machines_discuss_too_and_nobody_else_listens(intake: Intake) -> None:
    await submit(intake, "vp", content(referred(9)))
    body = {"version": 1, "at": "/observations/0", "text": "Pēc žurnāla."}
    made = await intake.post(f"{PATH}/discussion", body, intake.as_member("vp"))
    assert made.status_code == 201, made.text
    assert made.json()["side"] == "member"
    assert made.json()["item"].startswith("observations/VICT_REFERRED/")
    heard = await intake.get(f"{PATH}/discussion", intake.as_coordinator())
    assert [each["text"]["lv"] for each in heard.json()] == ["Pēc žurnāla."]
    assert (await intake.get(f"{PATH}/discussion", intake.as_member("km"))).status_code == 404
    assert (await intake.post(f"{PATH}/discussion", body, intake.as_member("km"))).status_code == 404
    page = f"{PAGE}/versions/1/discussion?at=/observations/0"
    assert (await intake.get(page, person(intake, "member", member="km"))).status_code == 404
    assert (await intake.get(page, person(intake, "member", member="vp"))).status_code == 200
