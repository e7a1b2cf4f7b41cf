"""What has an end: drafts that were never submitted, and quarters that are closed."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from integration.intake.conftest import Intake
from integration.intake.report_pages import (
    PAGE,
    REPORT,
    let_the_officer_sign,
    report_figure,
    shown,
    submit,
)
from integration.intake.test_report_files import ASSESSED, ROW, send
from integration.intake.test_signatures import facts
from integration.intake.test_submission_pages import person
from integration.intake.test_submissions import content, referred
from unit.intake.test_evidence_files import PDF, PNG

FILES = "/api/periods/2026-Q1/evidence/vp"

#: The first quarter's report is due on 15 April 2026: 90 days later it is 14 July.
LAST_DAY, DAY_AFTER = "2026-07-14T18:00:00+00:00", "2026-07-15T06:00:00+00:00"


async def drafts(intake: Intake) -> int:
    connection = await intake.connect()
    try:
        found: int = await connection.fetchval("select count(*) from facts.report_draft")
    finally:
        await connection.close()
    return found


async def files(intake: Intake) -> list[str]:
    return [one["name"] for one in (await intake.get(FILES, intake.as_member("vp"))).json()]


async def test_a_draft_lives_ninety_days_beyond_its_due_date_and_says_so(intake: Intake, tmp_path: Path) -> None:
    vp = person(intake, "member", member="vp")
    await report_figure(intake, vp)
    assert "are kept until 14 July 2026" in await shown(intake, REPORT, vp)
    await send(intake, vp, {f"{ROW}/0/file": ("viens.pdf", PDF)}, do="return")
    await intake.set_clock(LAST_DAY)
    assert (await drafts(intake), await files(intake)) == (1, ["viens.pdf"])
    await intake.set_clock(DAY_AFTER)
    assert (await drafts(intake), await files(intake)) == (0, [])
    assert await asyncio.to_thread(lambda: [path for path in tmp_path.rglob("*") if len(path.name) == 64]) == []
    assert "are kept until" not in await shown(intake, REPORT, vp)


async def test_what_is_still_worked_on_stays(intake: Intake) -> None:
    vp = person(intake, "member", member="vp")
    await report_figure(intake, vp)
    await intake.set_clock("2026-07-01T06:00:00+00:00")
    assert (await report_figure(intake, vp, "4")).status_code == 303
    await intake.set_clock(DAY_AFTER)
    assert await drafts(intake) == 1
    assert "are kept until 29 September 2026" in await shown(intake, REPORT, vp)


async def test_files_of_a_report_that_was_submitted_stay(intake: Intake) -> None:
    vp = person(intake, "member", member="vp")
    values = {**ASSESSED, f"{ROW}/0/title/lv": "Viens"}
    await send(intake, vp, {f"{ROW}/0/file": ("viens.png", PNG)}, **values)
    assert (await submit(intake, vp)).status_code == 303
    await intake.set_clock("2027-01-15T06:00:00+00:00")
    assert await files(intake) == ["viens.png"]


async def test_a_signature_that_never_came_is_waited_for_no_more(intake: Intake) -> None:
    await let_the_officer_sign(intake)
    vp = person(intake, "member", member="vp")
    await report_figure(intake, vp)
    await submit(intake, vp)
    await intake.set_clock(DAY_AFTER)
    assert await drafts(intake) == 0
    assert [data.get("outcome") for _, _, data in await facts(intake)] == [None, "lapsed"]


async def close(intake: Intake) -> dict[str, Any]:
    answer = await intake.post("/api/periods/2026-Q1/close", {}, intake.as_coordinator())
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_a_first_report_after_closing_is_taken_as_late_and_leaves_the_manifest_alone(intake: Intake) -> None:
    vp, coordinator = intake.as_member("vp"), intake.as_coordinator()
    await intake.set_clock("2026-05-04T06:00:00+00:00")
    manifest = (await close(intake))["manifest"]
    assert manifest["accepted"] == {}
    form = await shown(intake, REPORT, person(intake, "member", member="vp"))
    assert "The quarter was closed on 4 May 2026." in form
    sent = await intake.post(f"/api{PAGE}", content(referred(8)), vp)
    assert (sent.status_code, sent.json()["late"]) == (201, True), sent.text
    taken = await intake.post(f"/api{PAGE}/versions/1/accept", {}, coordinator, if_match='"1"')
    assert taken.json()["accepted_version"] == 1
    assert (await intake.get("/api/periods/2026-Q1", coordinator)).json()["manifest"] == manifest


async def test_after_closing_a_return_is_answered_and_what_was_accepted_is_corrected(intake: Intake) -> None:
    vp, coordinator = intake.as_member("vp"), intake.as_coordinator()
    await intake.post(f"/api{PAGE}", content(referred(8)), vp)
    await close(intake)
    reasons = [{"at": "/observations/0", "text": {"lv": "Neatbilst žurnālam"}}]
    await intake.post(f"/api{PAGE}/versions/1/return", {"reasons": reasons}, coordinator, if_match='"1"')
    again = await intake.post(f"/api{PAGE}", content(referred(7)), vp, if_match='"2"')
    assert (again.status_code, again.json()["late"]) == (201, False), "on time is on time, whatever came later"
    await intake.post(f"/api{PAGE}/versions/2/accept", {}, coordinator, if_match='"3"')
    figure = {name: code for name, code in referred(0).items() if name != "value"}
    item = {"observation": figure, "old": 7, "new": 6, "reason": {"lv": "Pārskaitīts"}}
    corrected = await intake.post(f"/api{PAGE}/corrections", {"items": [item]}, vp, if_match='"4"')
    assert corrected.status_code == 201, corrected.text
    more = await intake.post(
        "/api/periods/2026-Q1/extensions/km", {"due": "2026-05-29", "reason": {"lv": "x"}}, coordinator
    )
    assert more.status_code == 409, "nothing is given more time where the quarter is closed"
