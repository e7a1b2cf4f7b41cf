"""Extensions over HTTP and as pages: given, asked for, refused, and what is not late any more."""

from __future__ import annotations

from typing import Any

from integration.intake.conftest import Intake
from integration.intake.test_submission_pages import form, person
from integration.intake.test_submissions import PATH, content, errors

EXTENSION = "/api/periods/2026-Q1/extensions/vp"
LIST = "/api/periods/2026-Q1/extensions"
REASON = {"lv": "Reģistra dati būs vēlāk", "en": None}
PAGE = "/periods/2026-Q1/submissions/vp"


async def give(intake: Intake, due: str, reason: Any = REASON) -> Any:
    return await intake.post(EXTENSION, {"due": due, "reason": reason}, intake.as_coordinator())


async def test_with_an_extension_a_later_report_is_not_late(intake: Intake) -> None:
    given = await give(intake, "2026-04-22")
    assert given.status_code == 201, given.text
    assert given.json()["given"] == {"until": "2026-04-22", "reason": REASON}
    assert given.headers["nrem-after"] == "intake:extension/2026-Q1/vp@1"

    await intake.set_clock("2026-04-20T06:00:00+00:00")
    vp = await intake.post(PATH, content(), intake.as_member("vp"))
    assert vp.json() | {"late": False, "due": "2026-04-22", "revision": 1} == vp.json()
    nothing = {"nothing_to_report": True}
    km = await intake.post(PATH.replace("vp", "km"), nothing, intake.as_member("km"))
    assert km.json() | {"late": True, "due": "2026-04-15"} == km.json()


async def test_what_is_refused_changes_nothing(intake: Intake) -> None:
    before = await intake.everything()
    assert errors(await give(intake, "2026-04-15")) == [("/due", "extension_not_later")]
    assert errors(await give(intake, "2026-03-31")) == [("/due", "extension_in_past")]
    assert (await give(intake, "2026-04-22", {"lv": ""})).status_code == 422
    body = {"due": "2026-04-22", "reason": REASON}
    coordinator = intake.as_coordinator()
    assert (await intake.post(f"{LIST}/nobody", body, coordinator)).status_code == 409
    assert (await intake.post("/api/periods/2031-Q1/extensions/vp", body, coordinator)).status_code == 404
    assert await intake.everything() == before
    await intake.post(PATH, content(), intake.as_member("vp"))
    assert (await give(intake, "2026-04-22")).status_code == 409
    closed = await intake.post("/api/periods/2026-Q1/close", None, coordinator)
    assert closed.status_code == 200, closed.text
    assert (await intake.post(f"{LIST}/km", body, coordinator)).status_code == 409


async def test_who_may_ask_give_and_see(intake: Intake) -> None:
    vp, km, coordinator = intake.as_member("vp"), intake.as_member("km"), intake.as_coordinator()
    wish = {"until": "2026-04-22", "reason": REASON}
    assert (await intake.post(EXTENSION, {"due": "2026-04-22", "reason": REASON}, vp)).status_code == 403
    assert (await intake.post(f"{EXTENSION}/refuse", {"reason": REASON}, vp)).status_code == 403
    assert (await intake.post(f"{EXTENSION}/ask", wish, km)).status_code == 404
    assert (await intake.post(f"{EXTENSION}/ask", wish, coordinator)).status_code == 403
    assert (await intake.post(f"{EXTENSION}/refuse", {"reason": REASON}, coordinator)).status_code == 409

    asked = await intake.post(f"{EXTENSION}/ask", wish, vp)
    assert (asked.status_code, asked.json()["asked"]["until"], asked.json()["given"]) == (201, "2026-04-22", None)
    assert [one["member"] for one in (await intake.get(LIST, vp)).json()] == ["vp"]
    assert (await intake.get(LIST, km)).json() == []
    assert [one["member"] for one in (await intake.get(LIST, coordinator)).json()] == ["vp"]
    refused = await intake.post(f"{EXTENSION}/refuse", {"reason": REASON}, coordinator)
    assert (refused.status_code, refused.json()["asked"], refused.json()["refused"]["until"]) == (
        200,
        None,
        "2026-04-22",
    )
    first = await intake.post(PATH, content(), vp)
    assert first.json()["due"] == "2026-04-15"


async def test_the_forms_lead_from_the_request_to_the_new_date(intake: Intake) -> None:
    vp, coordinator = person(intake, "member", member="vp"), person(intake, "coordinator", member="iem")
    page = await intake.client.get(PAGE, headers=vp)
    assert f'href="{PAGE}/ask-extension"' in page.text
    assert (await intake.client.get(f"{PAGE}/ask-extension", headers=vp)).status_code == 200
    empty = await form(intake, f"{PAGE}/ask-extension", vp, day="", reason="")
    assert empty.status_code == 422
    assert "There is no such date." in empty.text
    assert "A reason is missing." in empty.text
    asked = await form(intake, f"{PAGE}/ask-extension", vp, day="2026-04-22", reason="Dati vēlāk")
    assert (asked.status_code, asked.headers["location"]) == (303, PAGE)

    shown = await intake.client.get(PAGE, headers=coordinator)
    assert "Decide on the time asked for" in shown.text
    decide = await intake.client.get(f"{PAGE}/extension", headers=coordinator)
    assert "Dati vēlāk" in decide.text
    assert 'value="2026-04-22"' in decide.text
    early = await form(intake, f"{PAGE}/extension", coordinator, day="2026-04-10", reason="x")
    assert early.status_code == 422
    assert "is not later than the due date in force" in early.text
    nothing = await form(intake, f"{PAGE}/refuse-extension", coordinator, refusal=" ")
    assert nothing.status_code == 422
    given = await form(intake, f"{PAGE}/extension", coordinator, day="2026-04-23", reason="Saskaņots")
    assert given.status_code == 303
    after = await intake.client.get(PAGE, headers=vp)
    assert "The due date was moved to 23 April 2026." in after.text
    assert "Saskaņots" in after.text
    overview = await intake.client.get("/", headers=vp)
    assert "23 April 2026" in overview.text
    assert (await intake.client.get(f"{PAGE}/extension", headers=vp)).status_code == 403
    assert (
        await intake.client.get(f"{PAGE}/ask-extension", headers=person(intake, "member", member="km"))
    ).status_code == 404
