"""Files chosen in the report's form: kept at once, shown with name, size and type, taken out, told in the fact."""

from __future__ import annotations

import re

import httpx

from integration.intake.conftest import Intake
from integration.intake.report_pages import REPORT, fields_of, filled, shown, submit, version
from integration.intake.test_submission_pages import person
from unit.intake.test_evidence_files import PDF, PNG

AT = f"{REPORT}/sections/plan_progress"
ROW = "/plan_progress/0/evidence"

Chosen = dict[str, tuple[str, bytes]]


async def send(
    intake: Intake, who: dict[str, str], files: Chosen, text: str | None = None, do: str = "continue", **values: str
) -> httpx.Response:
    """The section as a browser sends it: what stands there with `values` typed over it, and the chosen files."""
    fields = filled(fields_of(text or await shown(intake, AT, who), AT), **values, do=do)
    data: dict[str, list[str]] = {}
    for name, value in fields:
        if not name.endswith("/file"):
            data.setdefault(name, []).append(value)
    parts = [(name, (file, content, "application/octet-stream")) for name, (file, content) in files.items()]
    return await intake.client.post(AT, data=data, files=parts or [("none", ("", b""))], headers=who)


ASSESSED = {"/plan_progress/0/status": "in_progress", "/plan_progress/0/text/lv": "Apmācības turpinās"}


async def test_a_chosen_file_is_kept_shown_and_referred_to_from_the_fact(intake: Intake) -> None:
    vp = person(intake, "member", member="vp")
    sent = await send(intake, vp, {f"{ROW}/0/file": ("Apmācību saraksts.pdf", PDF)})
    assert sent.status_code == 422, sent.text
    for place in ("title/lv", "status", "text/lv"):
        name = f"{ROW}/0/{place}" if place.startswith("title") else f"/plan_progress/0/{place}"
        assert f'href="#{name}"' in sent.text, place
    assert "Apmācību saraksts.pdf</a>" in sent.text
    assert re.search(r"PDF, 1\skB", sent.text), "its type and size are told"

    known = await shown(intake, AT, vp)
    again = await send(intake, vp, {}, known, **ASSESSED, **{f"{ROW}/0/title/lv": "Apmācību saraksts"})
    assert again.headers.get("location") == f"{REPORT}/sections/future_plans", again.text
    assert "Apmācību saraksts (Apmācību saraksts.pdf)" in await shown(intake, f"{REPORT}/check", vp)
    assert (await submit(intake, vp)).headers["location"] == f"{REPORT}/receipt"
    [told] = (await version(intake))["content"]["plan_progress"][0]["evidence"]
    assert (told["name"], told["size"], told["media_type"], told["kind"]) == (
        "Apmācību saraksts.pdf",
        len(PDF),
        "application/pdf",
        "document",
    )
    download = await intake.get(f"/api/evidence/{told['ref'].removeprefix('file:')}", vp)
    assert download.content == PDF


async def test_what_is_wrong_with_files_stands_at_their_fields_with_everything_else(intake: Intake) -> None:
    vp = person(intake, "member", member="vp")
    titles = {f"{ROW}/0/title/lv": "Viens"}
    first = await send(intake, vp, {f"{ROW}/0/file": ("viens.png", PNG)}, **titles)
    wrong: Chosen = {
        f"{ROW}/1/file": ("Anna 29123456.pdf", b"<html>"),
        "/plan_progress/1/evidence/0/file": ("x.exe", PDF),
    }
    sent = await send(intake, vp, wrong, first.text)
    assert sent.status_code == 422
    summary = sent.text[sent.text.index("govuk-error-summary") : sent.text.index("nrem-lead")]
    for at in (f"{ROW}/1/file", "/plan_progress/1/evidence/0/file", f"{ROW}/1/title/lv", "/plan_progress/0/status"):
        assert f'href="#{at}"' in summary, at
        assert f'id="{at}-error"' in sent.text, at
    assert "the file’s name." in summary
    assert "viens.png</a>" in sent.text, "what was good is kept, whatever else was wrong"
    assert "29123456" not in summary
    stored = await intake.get("/api/periods/2026-Q1/evidence/vp", vp)
    assert [one["name"] for one in stored.json()] == ["viens.png"]

    too_large = await send(intake, vp, {f"{ROW}/1/file": ("liels.txt", b"a" * (10 * 1024 * 1024 + 1))}, do="return")
    assert too_large.status_code == 422, "no button passes over a file that was refused"
    assert "The file is larger than 10240 kB." in too_large.text


async def test_a_file_is_taken_out_of_the_report(intake: Intake) -> None:
    vp = person(intake, "member", member="vp")
    values = {**ASSESSED, f"{ROW}/0/title/lv": "Viens"}
    assert (await send(intake, vp, {f"{ROW}/0/file": ("viens.png", PNG)}, **values)).status_code == 303
    out = await send(intake, vp, {}, do=f"remove:{ROW}/0")
    assert out.headers["location"] == f"{AT}#{ROW}"
    text = await shown(intake, AT, vp)
    assert "viens.png" not in text
    assert "Apmācības turpinās" in text


async def test_a_conflict_keeps_the_file_that_was_chosen(intake: Intake) -> None:
    vp = person(intake, "member", member="vp")
    before = await shown(intake, AT, vp)
    assert (await send(intake, vp, {}, before, do="return", **ASSESSED)).status_code == 303
    late = await send(intake, vp, {f"{ROW}/0/file": ("viens.png", PNG)}, before, do="return", **ASSESSED)
    assert late.status_code == 409
    assert "viens.png</a>" in late.text
    mine = await send(intake, vp, {}, late.text, do="return")
    assert mine.status_code == 303, mine.text
    assert "viens.png</a>" in await shown(intake, AT, vp)


async def test_who_may_not_fill_the_section_sends_no_file(intake: Intake) -> None:
    vp = person(intake, "member", member="vp")
    text = await shown(intake, AT, vp)
    other = person(intake, "contributor", member="vp", sections=("challenges",))
    assert (await send(intake, other, {f"{ROW}/0/file": ("viens.png", PNG)}, text)).status_code == 404
    km = person(intake, "member", member="km")
    assert (await send(intake, km, {f"{ROW}/0/file": ("viens.png", PNG)}, text)).status_code == 404
    assert (await intake.get("/api/periods/2026-Q1/evidence/vp", vp)).json() == []


async def test_a_section_without_files_stays_small(intake: Intake) -> None:
    vp = person(intake, "member", member="vp")
    form = {"revision": "0", "/plan_progress/0/text/lv": "a" * 600_000}
    plain = await intake.client.post(AT, data=form, headers=vp)
    assert plain.status_code == 413
