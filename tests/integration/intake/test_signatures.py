"""What waits for the authorised officer's signature is told as a fact; corrections wait as reports do."""

from __future__ import annotations

import json
from typing import Any

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

AT = f"{REPORT}/correction"


async def facts(intake: Intake) -> list[tuple[str, int, dict[str, Any]]]:
    """Type, revision and data of what was told of the State Police's signature."""
    connection = await intake.connect()
    try:
        rows = await connection.fetch(
            """
            select j.type, j.revision, p.payload from facts.journal j join facts.journal_payload p using (position)
             where j.subject = 'signature/2026-Q1/vp' order by j.position
            """
        )
    finally:
        await connection.close()
    return [(row["type"], row["revision"], json.loads(row["payload"])) for row in rows]


async def test_handing_over_sending_back_and_signing_are_told_without_the_content(intake: Intake) -> None:
    await let_the_officer_sign(intake)
    focal, officer = person(intake, "member", member="vp"), person(intake, "officer", member="vp")
    await report_figure(intake, focal)
    handed = await submit(intake, focal)
    assert "signature/2026-Q1/vp@1" in handed.headers["set-cookie"].replace("%3A", ":").replace("%40", "@")
    await post(intake, f"{REPORT}/send-back", officer, [("note", "Pievienojiet mācības")])
    await submit(intake, focal)
    await post(intake, f"{REPORT}/send-back", focal, [])
    await submit(intake, focal)
    read = await shown(intake, f"{REPORT}/check", officer)
    await post(intake, f"{REPORT}/sign", officer, fields_of(read, f"{REPORT}/sign"))
    told = await facts(intake)
    kinds = [(type_.split(".")[2], data.get("outcome")) for type_, _, data in told]
    awaited, settled = ("awaited", None), "settled"
    assert kinds == [awaited, (settled, "sent_back"), awaited, (settled, "taken_back"), awaited, (settled, "signed")]
    assert [revision for _, revision, _ in told] == [1, 2, 3, 4, 5, 6]
    plain = {"period": "2026-Q1", "member": "vp", "kind": "report", "due": "2026-04-15", "illustrative": True}
    assert told[0][2] == {**plain, "prepared_by": "vp/member"}


async def test_nothing_is_handed_over_while_a_version_waits_or_counts(intake: Intake) -> None:
    await intake.post(f"/api{PAGE}", content(referred(8)), intake.as_member("vp"))
    await let_the_officer_sign(intake)
    focal = person(intake, "member", member="vp")
    waits = await post(intake, f"{PAGE}/nothing", focal, [("revision", "1")])
    assert waits.status_code == 422
    assert "Version 1 still waits for a decision." in waits.text
    await intake.post(f"/api{PAGE}/versions/1/accept", {}, intake.as_coordinator(), if_match='"1"')
    counts = await post(intake, f"{PAGE}/nothing", focal, [("revision", "2")])
    assert counts.status_code == 422
    assert await facts(intake) == []


async def accepted(intake: Intake) -> None:
    """Version 1 with eight persons referred counts, and from now on the officer signs."""
    await intake.post(f"/api{PAGE}", content(referred(8)), intake.as_member("vp"))
    await intake.post(f"/api{PAGE}/versions/1/accept", {}, intake.as_coordinator(), if_match='"1"')
    await let_the_officer_sign(intake)


async def prepare(intake: Intake, who: dict[str, str], value: str = "7") -> Any:
    text = await shown(intake, AT, who)
    wanted = {"/observations/0/value": value, "/observations/0/reason": "Divreiz ierakstīts"}
    return await post(intake, AT, who, filled(fields_of(text, AT), **wanted))


async def test_a_correction_waits_for_the_signature_with_its_figures_shown(intake: Intake) -> None:
    await accepted(intake)
    focal, officer = person(intake, "member", member="vp"), person(intake, "officer", member="vp")
    handed = await prepare(intake, focal)
    assert (handed.status_code, handed.headers["location"]) == (303, AT), handed.text
    assert [one["version"] for one in (await intake.get(f"/api{PAGE}", focal)).json()["versions"]] == [1]
    assert "Take it back" in await shown(intake, AT, focal)
    assert f'href="{AT}"' in await shown(intake, PAGE, officer)
    read = await shown(intake, AT, officer)
    assert "The correction waits for its signature." in read
    assert "Divreiz ierakstīts" in read

    back = await post(intake, f"{AT}/send-back", officer, [("note", "Lūdzu, pamatojiet sīkāk")])
    assert back.status_code == 303, back.text
    mended = await shown(intake, AT, focal)
    assert "Lūdzu, pamatojiet sīkāk" in mended
    assert dict(fields_of(mended, AT))["/observations/0/value"] == "7", "nothing typed is lost"
    assert (await prepare(intake, focal, "6")).status_code == 303
    signed = await post(intake, f"{AT}/sign", officer, [])
    assert signed.headers["location"] == f"{REPORT}/receipt", signed.text
    found = await version(intake, 2)
    assert (found["prepared_by"], found["signed_by"]) == ("vp/member", "vp/officer")
    assert [(one["old"]["value"], one["new"]["value"]) for one in found["corrected_figures"]] == [(8, 6)]
    told = await facts(intake)
    assert [(data["kind"], data.get("outcome")) for _, _, data in told] == [
        ("correction", None),
        ("correction", "sent_back"),
        ("correction", None),
        ("correction", "signed"),
    ]
    assert told[0][2]["due"] == "2026-04-10", "five working days after it was handed over, Easter between"


async def test_a_correction_by_file_waits_too_and_a_wrong_one_is_refused_first(intake: Intake) -> None:
    await accepted(intake)
    focal, officer = person(intake, "member", member="vp"), person(intake, "officer", member="vp")
    figure = {name: code for name, code in referred(0).items() if name != "value"}
    item = {"observation": figure, "old": 8, "new": 5, "reason": {"lv": "Pārskaitīts"}}
    wrong = await upload(intake, focal, {"items": [{**item, "old": 9}]}, revision=2)
    assert wrong.status_code == 422
    assert await facts(intake) == []
    handed = await upload(intake, focal, {"items": [item]}, revision=2)
    assert handed.headers["location"] == AT, handed.text
    again = await upload(intake, focal, {"items": [item]}, revision=2)
    assert again.status_code == 409, "one at a time"
    assert (await post(intake, f"{AT}/sign", focal, [])).status_code == 403
    assert (await post(intake, f"{AT}/sign", officer, [])).status_code == 303
    assert (await post(intake, f"{AT}/sign", officer, [])).status_code == 409


async def test_an_institution_without_sign_off_corrects_as_before(intake: Intake) -> None:
    await intake.post(f"/api{PAGE}", content(referred(8)), intake.as_member("vp"))
    await intake.post(f"/api{PAGE}/versions/1/accept", {}, intake.as_coordinator(), if_match='"1"')
    sent = await prepare(intake, person(intake, "member", member="vp"))
    assert sent.headers["location"] == f"{REPORT}/receipt"
    assert await facts(intake) == []
    officer = person(intake, "officer", member="vp")
    assert (await intake.get(AT, officer)).status_code in (302, 303, 307)
