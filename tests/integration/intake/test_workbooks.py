"""Reporting by workbook over HTTP: download, upload, look, submit exactly that; and the same for programs."""

from __future__ import annotations

import asyncio
import io
import re
from typing import Any

import httpx
import openpyxl
import pytest

from integration.intake.conftest import Intake
from integration.intake.test_submission_pages import person
from integration.intake.test_submissions import content, referred
from nrem_intake.spreadsheets.workshop import workshop_of
from support.eventually import eventually
from workbooks import first_empty_row, put, saved_again, sheet_of

PAGE = "/periods/2026-Q1/submissions/vp"
BOOK = f"{PAGE}/workbook"


async def download(intake: Intake, who: dict[str, str], page: str = PAGE, **query: str) -> bytes:
    answer = await intake.client.get(f"{page}/workbook.xlsx", headers=who, params=query)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].endswith("spreadsheetml.sheet")
    return answer.content


async def send(
    intake: Intake, who: dict[str, str], raw: bytes, page: str = PAGE, name: str = "x.xlsx"
) -> httpx.Response:
    files = {"workbook": ("x.xlsx", raw)}
    answer = await intake.client.post(f"{page}/workbook", files=files, headers=who)
    if answer.status_code != 303:
        return answer
    return await intake.get(answer.headers["location"], who)


def figure(book: Any, value: Any, **more: Any) -> list[str]:
    given = {"indicator": "VICT_REFERRED", "sex": "F", "age_group": "ADULT", "destination": "SERVICE_PROVIDER", **more}
    return put(book, "observations", first_empty_row(book, "observations"), **given, value=value)


def hidden(answer: httpx.Response) -> dict[str, str]:
    """The hidden fields of the form that submits."""
    form = answer.text[answer.text.index("/workbook/submit") :]
    return dict(re.findall(r'name="(upload|digest|revision)" value="([^"]*)"', form))


@pytest.fixture
def vp(intake: Intake) -> dict[str, str]:
    return person(intake, "member", member="vp")


async def test_from_download_to_submission(intake: Intake, vp: dict[str, str]) -> None:
    page = await intake.get(BOOK, vp)
    assert f'href="{BOOK}.xlsx?lang=en"' in page.text
    raw = await download(intake, vp, lang="en")
    assert raw == await download(intake, vp, lang="en"), "the same bytes"

    before = await intake.everything()
    cells: list[str] = []
    wrong = await send(intake, vp, saved_again(raw, lambda book: cells.extend(figure(book, -1))))
    assert wrong.status_code == 422
    assert f"Statistics!{cells[4]}: The number is negative." in wrong.text
    assert "/workbook/submit" not in wrong.text

    right = await send(intake, vp, saved_again(raw, lambda book: figure(book, "3")))
    assert right.status_code == 200
    assert "Statistics: 1 item" in right.text
    assert await intake.everything() == before, "nothing is submitted by looking"

    fields = hidden(right)
    done = await intake.client.post(f"{BOOK}/submit", data=fields, headers=vp)
    assert (done.status_code, done.headers["location"]) == (303, f"{PAGE}/report/receipt")
    version = (await intake.get(f"/api{PAGE}/versions/1", intake.as_member("vp"))).json()
    assert [(o["indicator"], o["value"]) for o in version["content"]["observations"]] == [("VICT_REFERRED", 3)]

    again = await intake.client.post(f"{BOOK}/submit", data=fields, headers=vp)
    assert again.status_code == 422
    assert "no longer kept" in again.text


async def test_only_what_was_looked_at_is_submitted(intake: Intake, vp: dict[str, str]) -> None:
    raw = await download(intake, vp)
    looked = hidden(await send(intake, vp, saved_again(raw, lambda book: figure(book, 3))))
    other = hidden(await send(intake, vp, saved_again(raw, lambda book: figure(book, 4))))
    mixed = await intake.client.post(f"{BOOK}/submit", data={**looked, "digest": other["digest"]}, headers=vp)
    assert mixed.status_code == 200, "it is shown again"
    assert hidden(mixed)["digest"] == looked["digest"]
    stranger = person(intake, "member", member="lm")
    theirs = await intake.client.post("/periods/2026-Q1/submissions/lm/workbook/submit", data=looked, headers=stranger)
    assert theirs.status_code == 422


async def test_an_upload_is_kept_for_an_hour(intake: Intake, vp: dict[str, str]) -> None:
    raw = await download(intake, vp)
    fields = hidden(await send(intake, vp, saved_again(raw, lambda book: figure(book, 3))))
    connection = await intake.connect()
    await connection.execute("update facts.workbook_upload set received_at = received_at - interval '61 minutes'")
    await connection.close()
    assert "no longer kept" in (await intake.get(f"{BOOK}?upload={fields['upload']}", vp)).text
    assert (await intake.client.post(f"{BOOK}/submit", data=fields, headers=vp)).status_code == 422


def bar(text: str) -> int | None:
    """How far the bar of a page is; null where it has none."""
    found = re.search(r'<progress id="reading" value="(\d+)" max="4"', text)
    return int(found[1]) if found else None


async def test_the_bar_of_an_upload_follows_its_reading(intake: Intake, vp: dict[str, str]) -> None:
    raw = saved_again(await download(intake, vp), lambda book: figure(book, 9))
    turns = workshop_of(intake.service.runtime).turns
    await turns.acquire()
    await turns.acquire()  # as two long workbooks would
    files = {"workbook": ("x.xlsx", raw)}
    sent = await intake.client.post(BOOK, files=files, headers=vp)
    at = sent.headers["location"]
    waits = await intake.get(at, vp)
    assert bar(waits.text) == 1
    assert "waits for its turn" in waits.text
    assert f'href="{at}"' in waits.text
    assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in waits.text
    turns.release()
    turns.release()
    seen = [1]

    async def read() -> bool:
        page = (await intake.get(at, vp)).text
        if (value := bar(page)) is not None:
            seen.append(value)
        return "Statistics: 1 item" in page

    await eventually(read)
    assert seen == sorted(seen)
    assert 2 in seen, "opening it takes a process of its own"


async def test_a_reading_that_was_cut_off_can_be_begun_again(intake: Intake, vp: dict[str, str]) -> None:
    connection = await intake.connect()
    await connection.execute(
        """
        insert into facts.workbook_upload (id, period, member, received_at, state)
        values ('b', '2026-Q1', 'vp', now() - interval '3 minutes', 'reading')
        """
    )
    await connection.close()
    cut_off = await intake.get(f"{BOOK}?upload=b", vp)
    assert "no longer kept" in cut_off.text
    assert 'type="file"' in cut_off.text, "it can be uploaded again"


async def test_a_returned_report_stands_in_the_workbook(intake: Intake, vp: dict[str, str]) -> None:
    sent = content(referred(9, comment="Pēc žurnāla"))
    assert (await intake.post(f"/api{PAGE}", sent, intake.as_member("vp"))).status_code == 201
    pending = await intake.get(BOOK, vp)
    assert "waits for review" in pending.text
    body = {"reasons": [{"at": "/observations/0", "text": {"lv": "Pārbaudiet"}}]}
    back = await intake.post(f"/api{PAGE}/versions/1/return", body, intake.as_coordinator(), if_match='"1"')
    assert back.status_code == 200, back.text

    raw = saved_again(await download(intake, vp), lambda book: book.move_sheet(book.worksheets[1], 3))
    looked = await send(intake, vp, raw)
    assert "Statistics: 1 item" in looked.text
    done = await intake.client.post(f"{BOOK}/submit", data=hidden(looked), headers=vp)
    assert done.status_code == 303
    version = (await intake.get(f"/api{PAGE}/versions/2", intake.as_member("vp"))).json()
    assert version["content"]["observations"] == [{**sent["observations"][0], "empty": None}]


@pytest.mark.parametrize(
    ("language", "reason"),
    [
        ("en", "The workbook is for 2026-Q2, and here a report for 2026-Q1 is submitted."),
        ("lv", "Izklājlapa ir par 2026-Q2"),
    ],
)
async def test_what_cannot_be_taken_is_refused_with_the_reason(intake: Intake, language: str, reason: str) -> None:
    who = person(intake, "member", member="vp", language=language)
    assert reason in (await send(intake, who, await download(intake, who, "/periods/2026-Q2/submissions/vp"))).text
    for raw in (b"period: 2026-Q1", b"PK\x03\x04"):
        assert (await send(intake, who, raw)).status_code == 422
    missing = await intake.client.post(BOOK, files={"workbook": ("", b"")}, headers=who)
    assert missing.status_code == 422
    large = await intake.client.post(BOOK, files={"workbook": ("x.xlsx", b"x" * 5_000_000)}, headers=who)
    assert large.status_code == 413


async def test_others_see_no_workbook(intake: Intake) -> None:
    lm = person(intake, "member", member="lm")
    for path in (BOOK, f"{BOOK}.xlsx"):
        assert (await intake.get(path, lm)).status_code == 404
    coordinator = person(intake, "coordinator", member="iem")
    assert (await intake.get(f"{BOOK}.xlsx", coordinator)).status_code == 200
    secretariat = person(intake, "secretariat", member="iem")
    assert (await intake.get(BOOK, secretariat)).status_code == 403


async def test_the_service_answers_while_a_workbook_is_read(intake: Intake, vp: dict[str, str]) -> None:
    raw = await download(intake, vp)
    sending = [asyncio.create_task(send(intake, vp, raw)) for _ in range(3)]
    slowest = 0.0
    loop = asyncio.get_running_loop()
    while not all(task.done() for task in sending):
        began = loop.time()
        assert (await intake.get("/api/periods/2026-Q1", vp)).status_code == 200
        slowest = max(slowest, loop.time() - began)
    assert slowest < 0.5


async def test_programs_read_a_workbook_and_submit_what_it_says(intake: Intake) -> None:
    headers = intake.as_member("vp")
    raw = saved_again(await download(intake, headers), lambda book: figure(book, 3))

    async def says(raw: bytes, who: dict[str, str] = headers) -> httpx.Response:
        return await intake.client.post("/api/workbooks", content=raw, headers=who)

    read = (await says(raw)).json()
    assert (read["period"], read["member"], read["errors"]) == ("2026-Q1", "vp", [])
    assert read["cells"]["/observations/0/value"].startswith("Statistika!")
    assert (await intake.post(f"/api{PAGE}", read["content"], headers)).status_code == 201

    wrong = (await says(saved_again(raw, lambda book: figure(book, "1,234", sex="M")))).json()["errors"]
    assert [(e["code"], e["pointer"]) for e in wrong] == [("workbook_cell_ambiguous_number", "/observations/1/value")]
    assert (await says(raw, intake.as_member("lm"))).status_code == 404
    refused = await says(b"PK")
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["code"] == "workbook_no_workbook"


async def test_drop_downs_offer_what_is_valid_in_the_quarter(intake: Intake, vp: dict[str, str]) -> None:
    offered = {}
    for period in ("2026-Q1", "2026-Q3"):
        book = openpyxl.load_workbook(io.BytesIO(await download(intake, vp, f"/periods/{period}/submissions/vp")))
        lists = next(sheet for sheet in book if sheet["A1"].value == "nrem:choices")
        column = next(cell.column for cell in lists[1] if cell.value == "form_of_exploitation")
        offered[period] = {row[column].value for row in lists.iter_rows(min_row=2)}
        sheet = sheet_of(book, "observations")
        assert sheet.protection.sheet
        assert any(rule.type == "list" for rule in sheet.data_validations.dataValidation)
    assert "FORCED_MARRIAGE" in offered["2026-Q3"]
    assert "FORCED_MARRIAGE" not in offered["2026-Q1"]
