"""Personal data in reports: refused with kind and place, let pass, redacted; and files of evidence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx

from integration.intake.conftest import Intake
from unit.intake.test_evidence_files import PDF, PNG

PATH = "/api/periods/2026-Q1/submissions/vp"
FILES = "/api/periods/2026-Q1/evidence/vp"
PAGE = "/periods/2026-Q1/submissions/vp"
NUMBER = "Reģistra ieraksts 29123456 nav tālrunis"
REASON = {"lv": "Tas ir reģistra numurs", "en": "It is a number in a register"}


def challenge(text: str, **more: Any) -> dict[str, Any]:
    return {"challenges": [{"code": "CH-vp-5", "text": {"lv": text, **more}, "state": "open"}]}


def told(answer: httpx.Response) -> list[tuple[str, str, str]]:
    return [(one["pointer"], one["code"], one["detail"]) for one in answer.json()["errors"]]


async def test_every_piece_of_personal_data_is_told_with_kind_and_place(intake: Intake) -> None:
    vp = intake.as_member("vp")
    document = challenge("Anna, 161175-19997, tel. 29123456", en="anna@inbox.lv")
    answer = await intake.post(PATH, document, vp)
    assert answer.status_code == 422
    assert told(answer) == [
        ("/challenges/0/text/en", "personal_data", "From character 1 on the text holds an e-mail address."),
        ("/challenges/0/text/lv", "personal_data", "From character 7 on the text holds a personal code."),
        ("/challenges/0/text/lv", "personal_data", "From character 26 on the text holds a telephone number."),
    ]
    assert "19997" not in answer.text
    latvian = await intake.post(PATH, document, {**vp, "Accept-Language": "lv"})
    assert told(latvian)[1][2] == "Tekstā, sākot ar 7. zīmi, ir personas kods."


async def test_contacts_in_the_reference_data_may_be_written(intake: Intake) -> None:
    vp, coordinator = intake.as_member("vp"), intake.as_coordinator()
    text = "Zvaniet 67 829 000 vai rakstiet pasts@iestade.example; arī 116 006"
    assert (await intake.post("/api/validate/2026-Q1/vp", challenge(text), vp)).status_code == 422
    known = (await intake.get("/api/reference/codelist/allowed_contact", coordinator)).json()
    label = {"lv": "iestādes tālrunis", "en": "an institution's number"}
    codes = [*known["codes"], *({"code": code, "label": label} for code in ("67829000", "pasts@iestade.example"))]
    item = {name: known[name] for name in ("kind", "code", "title", "status")} | {"codes": codes}
    assert (await intake.post("/api/reference", [item], coordinator)).status_code == 200
    assert (await intake.post(PATH, challenge(text), vp)).status_code == 201


async def test_the_coordinator_lets_one_text_of_one_report_pass(intake: Intake) -> None:
    vp, coordinator = intake.as_member("vp"), intake.as_coordinator()
    assert (await intake.post(PATH, challenge(NUMBER), vp)).status_code == 422
    given = {"text": NUMBER, "reason": REASON}
    assert (await intake.post(f"{PATH}/let-pass", given, vp)).status_code == 403
    nothing = await intake.post(f"{PATH}/let-pass", {**given, "text": "Nekā"}, coordinator)
    assert [one["code"] for one in nothing.json()["errors"]] == ["nothing_to_let_pass"]
    passed = await intake.post(f"{PATH}/let-pass", given, coordinator)
    assert (passed.status_code, passed.json()["kinds"]) == (201, ["phone"])

    assert (await intake.post("/api/validate/2026-Q1/vp", challenge(NUMBER), vp)).status_code == 200
    assert (await intake.post(PATH, challenge(f"{NUMBER}!"), vp)).status_code == 422
    other = await intake.post(PATH.replace("/vp", "/vdi"), challenge(NUMBER), intake.as_member("vdi"))
    assert other.status_code == 422
    before = await intake.everything()
    assert NUMBER not in str(before["journal_payload"])
    assert (await intake.post(PATH, challenge(NUMBER), vp)).status_code == 201


async def test_a_text_is_redacted_by_version_and_by_position(intake: Intake) -> None:
    vp, coordinator = intake.as_member("vp"), intake.as_coordinator()
    document = {**challenge("Grūti Jānim", en="Hard for Jānis"), "observations": []}
    assert (await intake.post(PATH, document, vp)).status_code == 201
    reasons = [{"at": "/challenges/0", "text": {"lv": "Nenosauciet Jāni"}}]
    assert (
        await intake.post(f"{PATH}/versions/1/return", {"reasons": reasons}, coordinator, if_match='"1"')
    ).status_code == 200
    assert (await intake.post(PATH, challenge("Grūti Jānim"), vp, if_match='"2"')).status_code == 201

    wrong = {"places": ["/content/challenges/7"], "reason": {"lv": "Zvanīja 29123456"}}
    refused = await intake.post(f"{PATH}/versions/1/redactions", wrong, coordinator)
    assert [(p, c) for p, c, _ in told(refused)] == [("/places/0", "no_such_place"), ("/reason/lv", "personal_data")]
    assert (await intake.post(f"{PATH}/versions/1/redactions", wrong, vp)).status_code == 403

    wanted = {"places": ["/content/challenges/0/text"], "reason": {"lv": "Nosaukta persona"}}
    done = await intake.post(f"{PATH}/versions/1/redactions", wanted, coordinator)
    assert done.json() | {"texts": 2, "facts": 2, "versions": 2} == done.json()
    connection = await intake.connect()
    try:
        position = await connection.fetchval(
            "select position from facts.journal where type = 'nrem.submission.returned.v1'"
        )
    finally:
        await connection.close()
    again = await intake.post(
        "/api/redactions", {"position": position, "reason": {"lv": "Nosaukta persona"}}, coordinator
    )
    assert again.json()["facts"] == 1, again.text
    gone = await intake.post("/api/redactions", {"position": position, "reason": {"lv": "Vēlreiz"}}, coordinator)
    assert [c for _, c, _ in told(gone)] == ["redacted_already"]
    assert "Jān" not in str(await intake.everything())

    shown = (await intake.get(f"{PATH}/versions/1", vp)).json()
    assert shown["content"]["challenges"][0]["text"] == {"lv": "[dzēsts]", "en": "[redacted]"}
    assert shown["reasons"][0]["text"]["lv"] == "[dzēsts]"
    listed = (await intake.get("/api/redactions", coordinator)).json()
    assert [one["reason"] for one in listed] == ["Nosaukta persona"] * 3
    # Life goes on with the revisions that the redactions took.
    revision = (await intake.get(PATH, vp)).headers["etag"]
    assert revision == '"6"'
    accepted = await intake.post(f"{PATH}/versions/2/accept", None, coordinator, if_match=revision)
    assert accepted.status_code == 200, accepted.text


async def test_the_page_says_what_will_happen_before_it_does(intake: Intake) -> None:
    assert (await intake.post(PATH, challenge("Grūti Jānim"), intake.as_member("vp"))).status_code == 201
    who = {**intake.signing.cookie("coordinator", member="iem"), "Accept-Language": "en", "Accept": "text/html"}
    address = f"{PAGE}/versions/1/redact"
    assert "Grūti Jānim" in (await intake.get(address, who)).text
    empty = await intake.client.post(address, data={}, headers=who)
    assert empty.status_code == 422
    assert "No text is chosen." in empty.text
    given = {"places": "/content/challenges/0/text/lv", "reason": "A person was named"}
    asked = await intake.client.post(address, data=given, headers=who)
    assert "Payload and salt of 1 record go" in asked.text
    assert "Grūti Jānim" in str(await intake.everything())
    done = await intake.client.post(address, data={**given, "confirmed": "yes"}, headers=who)
    assert done.status_code == 303
    assert "Grūti Jānim" not in str(await intake.everything())


async def send(intake: Intake, name: str, content: bytes, who: dict[str, str]) -> httpx.Response:
    return await intake.client.post(FILES, files={"file": (name, content)}, headers=who)


async def test_a_file_is_sent_referred_to_downloaded_and_removed(intake: Intake, tmp_path: Path) -> None:
    vp, coordinator = intake.as_member("vp"), intake.as_coordinator()
    first = await send(intake, "Mācību apraksts.pdf", PDF, vp)
    assert first.status_code == 201, first.text
    kept = first.json()
    assert (await send(intake, "Cits vārds.pdf", PDF, vp)).json()["id"] == kept["id"]
    assert len([path for path in (tmp_path / "evidence").rglob("*") if path.is_file()]) == 1

    progress = {
        "result": "5.1",
        "status": "in_progress",
        "text": {"lv": "Notiek"},
        "evidence": [{"title": {"lv": "Apraksts"}, "kind": "document", "ref": kept["ref"], "sha256": "0" * 64}],
    }
    strange = {
        **progress,
        "evidence": [{**progress["evidence"][0], "ref": f"file:{'0' * 8}-{'0' * 4}-{'0' * 4}-{'0' * 4}-{'0' * 12}"}],
    }
    refused = await intake.post(PATH, {"plan_progress": [strange]}, vp)
    assert [(p, c) for p, c, _ in told(refused)] == [("/plan_progress/0/evidence/0/ref", "unknown_file")]
    sent = await intake.post(PATH, {"plan_progress": [progress]}, vp)
    assert sent.status_code == 201, sent.text
    one = (await intake.get(f"{PATH}/versions/1", vp)).json()["content"]["plan_progress"][0]["evidence"][0]
    assert {name: one[name] for name in ("sha256", "size", "media_type", "name")} == {
        name: kept[name] for name in ("sha256", "size", "media_type", "name")
    }

    address = f"/api/evidence/{kept['id']}"
    for who in (vp, coordinator):
        got = await intake.get(address, who)
        assert got.content == PDF
        assert got.headers["content-disposition"].startswith("attachment; filename*=UTF-8''M%C4%81c")
        assert got.headers["content-type"] == "application/octet-stream"
        assert got.headers["x-content-type-options"] == "nosniff"
        assert "sandbox" in got.headers["content-security-policy"]
    assert (await intake.get(address, intake.as_member("vdi"))).status_code == 404
    assert (await intake.get(FILES, intake.as_member("vdi"))).status_code == 404

    why = {"reason": {"lv": "Attēlā redzama persona"}}
    assert (await intake.post(f"{address}/remove", why, vp)).status_code == 403
    removed = await intake.post(f"{address}/remove", why, coordinator)
    assert removed.json()["removed_at"]
    assert (await intake.get(address, vp)).status_code == 410
    assert [path for path in (tmp_path / "evidence").rglob("*") if path.is_file()] == []


async def test_what_is_no_evidence_is_refused_with_every_reason(intake: Intake) -> None:
    vp = intake.as_member("vp")
    answer = await send(intake, "161175-19997.pdf", b"<html><script>1</script></html>", vp)
    assert [(p, c) for p, c, _ in told(answer)] == [("/file", "file_active"), ("/name", "personal_data")]
    large = await send(intake, "liels.png", PNG + b"\x00" * 10_500_000, vp)
    assert [c for _, c, _ in told(large)] == ["evidence_too_large"]
    assert (await send(intake, "a.pdf", PDF, intake.as_coordinator())).status_code == 403


async def test_the_page_of_files_in_both_languages(intake: Intake) -> None:
    who = {**intake.signing.cookie("member", member="vp"), "Accept": "text/html"}
    address = f"{PAGE}/evidence"
    empty = await intake.client.post(address, headers={**who, "Accept-Language": "en"})
    assert empty.status_code == 422
    assert "No file was chosen." in empty.text
    sent = await intake.client.post(address, files={"file": ("Apraksts.pdf", PDF)}, headers=who)
    assert sent.status_code == 303, sent.text
    for language, words in (("lv", "1 fails"), ("en", "1 file")):
        shown = await intake.get(address, {**who, "Accept-Language": language})
        assert words in shown.text
        assert "file:" in shown.text
    bad = await intake.client.post(address, files={"file": ("x.exe", b"MZ")}, headers={**who, "Accept-Language": "en"})
    assert "Files of this kind are not taken." in bad.text
