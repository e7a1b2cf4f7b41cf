"""A report of several people: the authorised officer signs, the coordinator enters, a contributor fills sections."""

from __future__ import annotations

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
from integration.intake.test_submission_pages import person, upload
from integration.intake.test_submissions import content, referred


async def test_whichever_page_a_report_comes_by_it_waits_for_the_signature(intake: Intake) -> None:
    await let_the_officer_sign(intake)
    focal, officer = person(intake, "member", member="vp"), person(intake, "officer", member="vp")
    wrong = await upload(intake, focal, content(referred(-1)))
    assert wrong.status_code == 422
    handed = await upload(intake, focal, content(referred(4)))
    assert handed.headers["location"] == REPORT
    assert "waits for its signature" in await shown(intake, REPORT, focal)
    assert (await upload(intake, focal, content(referred(5)))).status_code == 409
    assert (await post(intake, f"{REPORT}/send-back", focal, [])).status_code == 303
    asked = (await post(intake, f"{PAGE}/nothing", focal, [("revision", "0")])).text
    nothing = await post(intake, f"{PAGE}/nothing", focal, fields_of(asked, f"{PAGE}/nothing"))
    assert nothing.headers["location"] == REPORT
    assert (await intake.everything())["submission"] == []
    read = await shown(intake, f"{REPORT}/check", officer)
    assert "nothing to report" in read
    await post(intake, f"{REPORT}/sign", officer, fields_of(read, f"{REPORT}/sign"))
    assert (await version(intake))["nothing_to_report"] is True


async def test_the_officer_signs_what_the_focal_point_prepared(intake: Intake) -> None:
    await let_the_officer_sign(intake)
    focal, officer = person(intake, "member", member="vp"), person(intake, "officer", member="vp")
    await report_figure(intake, focal)
    handed = await submit(intake, focal)
    assert (handed.status_code, handed.headers["location"]) == (303, REPORT)
    assert (await intake.everything())["submission"] == []
    assert "waits for its signature" in await shown(intake, REPORT, focal)
    locked = await post(intake, f"{REPORT}/sections/challenges", focal, [("revision", "0")])
    assert locked.status_code == 409

    back = await post(intake, f"{REPORT}/send-back", officer, [("note", "Pievienojiet mācības")])
    assert back.status_code == 303, back.text
    assert "Pievienojiet mācības" in await shown(intake, REPORT, focal)
    await submit(intake, focal)
    read = await shown(intake, f"{REPORT}/check", officer)
    signed = await post(intake, f"{REPORT}/sign", officer, fields_of(read, f"{REPORT}/sign"))
    assert signed.headers["location"] == f"{REPORT}/receipt", signed.text
    found = await version(intake)
    assert (found["prepared_by"], found["signed_by"]) == ("vp/member", "vp/officer")
    connection = await intake.connect()
    assert await connection.fetchval("select count(*) from facts.report_draft") == 0
    await connection.close()


async def test_the_coordinator_enters_a_report_with_a_reason(intake: Intake) -> None:
    coordinator = person(intake, "coordinator", member="iem")
    await report_figure(intake, coordinator)
    refused = await submit(intake, coordinator, reason=" ")
    assert refused.status_code == 422
    assert "Say why you enter it" in refused.text
    assert (await submit(intake, coordinator, reason="Saņemts uz papīra")).headers["location"] == f"{REPORT}/receipt"
    found = await version(intake)
    assert found["on_behalf"]["lv"] == "Saņemts uz papīra"
    assert found["entered_by"] is not None
    assert "Saņemts uz papīra" in await shown(intake, PAGE, person(intake, "member", member="vp"))


async def test_a_contributor_fills_their_sections_and_no_others(intake: Intake) -> None:
    who = person(intake, "contributor", member="vp", sections=("challenges",))
    tasks = await shown(intake, REPORT, who)
    assert f"{REPORT}/sections/challenges" in tasks
    assert f"{REPORT}/sections/activities" not in tasks
    saved = await save(intake, "challenges", who, more="one", **{"/challenges/0/text/lv": "Trūkst tulku"})
    assert (saved.status_code, saved.headers["location"]) == (303, REPORT)
    for path in ("sections/activities", "check"):
        assert (await intake.get(f"{REPORT}/{path}", who)).status_code in (403, 404), path
    assert (await post(intake, f"{REPORT}/submit", who, [("revision", "1")])).status_code == 403
    assert "Trūkst tulku" in await shown(intake, f"{REPORT}/sections/challenges", person(intake, "member", member="vp"))


async def test_the_report_of_another_member_does_not_exist(intake: Intake) -> None:
    km = person(intake, "member", member="km")
    for path in ("", "/check", "/sections/funding", "/receipt", "/correction"):
        assert (await intake.get(REPORT + path, km)).status_code == 404, path
    assert (await post(intake, f"{REPORT}/submit", km, [("revision", "0")])).status_code == 404
