"""The pages of submissions, in both languages: lists, one submission, the upload form, the queue, the return."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from integration.intake.conftest import Intake
from integration.intake.test_submissions import content, referred

PAGE = "/periods/2026-Q1/submissions/vp"


def person(
    intake: Intake, *roles: str, member: str, language: str = "en", sections: tuple[str, ...] = ()
) -> dict[str, str]:
    cookie = intake.signing.cookie(*roles, member=member, sections=sections)
    return {**cookie, "Accept-Language": language, "Accept": "text/html"}


async def form(
    intake: Intake, path: str, who: dict[str, str], file: bytes | None = None, **fields: Any
) -> httpx.Response:
    files = {"document": ("report.json", file)} if file is not None else None
    sent = {name: value if isinstance(value, list) else str(value) for name, value in fields.items()}
    return await intake.client.post(path, data=sent, files=files, headers=who)


async def upload(intake: Intake, who: dict[str, str], document: Any, revision: int = 0, **more: Any) -> httpx.Response:
    raw = document if isinstance(document, bytes) else json.dumps(document).encode()
    return await form(intake, f"{PAGE}/upload", who, raw, revision=revision, **more)


async def test_from_upload_to_acceptance_by_forms(intake: Intake) -> None:
    vp = person(intake, "member", member="vp")
    coordinator = person(intake, "coordinator", member="iem")

    sent = await upload(intake, vp, content(referred(9, comment="Pēc žurnāla")))
    assert (sent.status_code, sent.headers["location"]) == (303, PAGE)
    assert "nrem_after" in sent.headers["set-cookie"]

    queue = await intake.get("/queue", coordinator)
    assert "State Police, 2026-Q1" in queue.text
    returning = await intake.get(f"{PAGE}/versions/1/return", coordinator)
    assert 'name="reason/observations/0"' in returning.text
    back = await form(
        intake,
        f"{PAGE}/versions/1/return",
        coordinator,
        revision=1,
        **{"reason/observations/0": "Neatbilst žurnālam", "reason": "", "due": ""},
    )
    assert back.status_code == 303, back.text

    shown = await intake.get(PAGE, vp)
    assert "Neatbilst žurnālam" in shown.text
    assert "17 April 2026" not in shown.text
    assert "10 April 2026" in shown.text
    overview = await intake.get("/", vp)
    assert "Returned: Neatbilst žurnālam" in overview.text

    assert (await upload(intake, vp, content(referred(8)), revision=2)).status_code == 303
    accepted = await form(intake, f"{PAGE}/versions/2/accept", coordinator, revision=3)
    assert accepted.headers["location"] == "/queue?done=accepted"
    figure = {name: code for name, code in referred().items() if name != "value"}
    correction = {"items": [{"observation": figure, "old": 8, "new": 7, "reason": {"lv": "Divreiz ierakstīts"}}]}
    assert (await upload(intake, vp, correction, revision=4)).status_code == 303
    shown = await intake.get(PAGE, vp)
    assert "Divreiz ierakstīts" in shown.text
    assert "Version 2" in shown.text


async def test_every_error_of_a_file_is_shown_with_its_place(intake: Intake) -> None:
    vp = person(intake, "member", member="vp")
    before = await intake.everything()
    answer = await upload(intake, vp, content(referred(-1), referred(2, sex="X")))

    assert answer.status_code == 422
    for text in (
        "Statistics, item 1, number: The number is negative.",
        "Statistics, item 2, sex",
        "/observations/1/sex",
    ):
        assert text in answer.text
    assert await intake.everything() == before


@pytest.mark.parametrize(
    ("file", "text"),
    [
        (b"observations: [", "cannot be read (line 1)"),
        (b"\xff\xfe\x00", "cannot be read (line 1)"),
        (b"a: &x [1]\nb: *x", "cannot be read"),
        (b" " * 270_000, "larger than 256 kB"),
        (b"", "Expected here: an object"),
    ],
)
async def test_a_file_that_cannot_be_read(intake: Intake, file: bytes, text: str) -> None:
    answer = await upload(intake, person(intake, "member", member="vp"), file)
    assert answer.status_code == 422
    assert text in answer.text


async def test_a_yaml_file_with_plain_dates(intake: Intake) -> None:
    vp = person(intake, "member", member="vp")
    document = (
        "activities:\n- {code: A1, type: EVENT, title: {lv: Pasākums}, date: 2026-02-10, audience: PUBLIC}\n".encode()
    )
    checked = await upload(intake, vp, document, check="yes")
    assert "There are no errors." in checked.text
    assert (await intake.everything())["submission"] == []
    assert (await upload(intake, vp, document)).status_code == 303


async def test_nothing_to_report_in_one_click_and_back(intake: Intake) -> None:
    vp = person(intake, "member", member="vp")
    assert (await form(intake, f"{PAGE}/nothing", vp, revision=0)).status_code == 303
    assert "nothing to report for this quarter" in (await intake.get(PAGE, vp)).text
    assert (await form(intake, f"{PAGE}/versions/1/withdraw", vp, revision=1)).status_code == 303
    assert "withdrawn" in (await intake.get(PAGE, vp)).text


async def test_a_page_that_is_out_of_date_changes_nothing(intake: Intake) -> None:
    vp, coordinator = person(intake, "member", member="vp"), person(intake, "coordinator", member="iem")
    await upload(intake, vp, content())
    answer = await form(intake, f"{PAGE}/versions/1/accept", coordinator, revision=7)
    assert answer.status_code == 409
    assert "changed this record" in answer.text


@pytest.mark.parametrize("language", ["lv", "en"])
async def test_all_pages_in_both_languages(intake: Intake, language: str) -> None:
    vp = person(intake, "member", member="vp", language=language)
    coordinator = person(intake, "coordinator", member="iem", language=language)
    paths = ["/", PAGE, f"{PAGE}/upload"]
    for path in paths:
        assert (await intake.get(path, vp)).status_code == 200, path
    assert (await intake.get("/queue", coordinator)).status_code == 200
    await upload(intake, vp, content())
    for path in paths[:2]:
        assert (await intake.get(path, vp)).status_code == 200, path
    for path in ("/", "/?period=2026-Q2", "/queue", PAGE, f"{PAGE}?version=1", f"{PAGE}/versions/1/return"):
        answer = await intake.get(path, coordinator)
        assert answer.status_code == 200, path
        assert f'lang="{language}"' in answer.text


async def test_pages_of_others_do_not_exist(intake: Intake) -> None:
    km = person(intake, "member", member="km")
    for path in (PAGE, f"{PAGE}/upload", "/periods/2031-Q1/submissions/km", f"{PAGE}?version=9"):
        assert (await intake.get(path, km)).status_code == 404, path
    assert (await form(intake, f"{PAGE}/nothing", km, revision=0)).status_code == 404
    assert (await intake.get("/queue", km)).status_code == 403
    assert (await intake.get("/", {"Accept": "text/html"})).status_code == 307


async def test_where_a_form_could_only_refuse_it_is_not_shown(intake: Intake) -> None:
    vp, coordinator = person(intake, "member", member="vp"), person(intake, "coordinator", member="iem")
    assert (await upload(intake, vp, content(referred(9)))).status_code == 303
    waiting = (await intake.get(f"{PAGE}/upload", vp)).text
    assert "waits for review" in waiting
    assert f'action="{PAGE}/upload"' not in waiting
    at = f"{PAGE}/versions/1/return"
    assert (await intake.get(at, coordinator)).status_code == 200
    await intake.post(f"/api{PAGE}/versions/1/accept", {}, intake.as_coordinator(), if_match='"1"')
    decided = await intake.get(at, coordinator)
    assert (decided.status_code // 100, decided.headers["location"]) == (3, f"{PAGE}/versions/1/review")
