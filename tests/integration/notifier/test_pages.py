"""Pages and routes: what each role sees, in both languages."""

from __future__ import annotations

import re
from typing import Any

import pytest

from integration.notifier.stage import Stage
from integration.notifier.test_mails import PERIOD, at, opened
from support.signing import Signing

LANGUAGES = ("lv", "en")
PAGES = ("/", "/ledger", "/why", "/problems", "/policies", "/calendar", "/mailboxes")


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", re.sub(r"<(style|script)\b.*?</\1>", "", html, flags=re.DOTALL)))


async def quarter(stage: Stage) -> None:
    await stage.know()
    await opened(stage, "em", "lm")
    for day in ("2026-10-08", "2026-10-12"):
        await stage.at(at(day))


@pytest.mark.parametrize("language", LANGUAGES)
async def test_every_page_for_the_coordinator(stage: Stage, signing: Signing, language: str) -> None:
    await quarter(stage)
    headers = signing.cookie("coordinator", member="iem")
    for path in PAGES:
        page = await stage.running.client.get(f"{path}?lang={language}", headers=headers)
        assert page.status_code == 200, (path, page.text[:2000])
        assert page.headers["content-language"] == language
        assert len(page.content) < 150_000
    address = "focal_point@em.example"
    box = await stage.running.client.get(f"/mailboxes/{address}?lang={language}")
    number = re.findall(rf"/mailboxes/{address}/(\d+)", box.text)[0]
    for path in (f"/mailboxes/{address}/{number}", f"/mailboxes/{address}/{number}/html"):
        assert (await stage.running.client.get(path)).status_code == 200


async def test_why_and_why_not(stage: Stage, signing: Signing) -> None:
    await quarter(stage)
    headers = signing.bearer("coordinator")

    async def reason(institution: str, day: str, role: str = "focal_point") -> tuple[str, str]:
        params = {"institution": institution, "role": role, "day": day}
        found = (await stage.running.client.get("/api/why", params=params, headers=headers)).json()
        one = next(each for each in found if each["obligation"] == f"QUARTER/{PERIOD}/{institution}")
        return one["reason"], one["step"]

    assert await reason("em", "2026-10-12") == ("told", "BEFORE-3")
    assert await reason("em", "2026-10-08") == ("told", "BEFORE-7")
    assert await reason("em", "2026-10-09") == ("nothing_planned", "BEFORE-1")
    assert await reason("em", "2026-10-14") == ("not_yet", "BEFORE-1")
    assert await reason("em", "2026-06-30") == ("not_known_yet", "")
    assert await reason("em", "2026-10-12", "authorised_officer") == ("nothing_planned", "ESCALATION+5")


async def test_a_member_sees_its_own_only(stage: Stage, signing: Signing) -> None:
    await quarter(stage)
    headers = signing.bearer("member", member="em")
    client = stage.running.client
    ledger = (await client.get("/api/ledger?since=2026-09-01", headers=headers)).json()
    assert {row["institution"] for row in ledger} == {"em"}
    owed = (await client.get("/api/obligations", headers=headers)).json()
    assert [one["key"] for one in owed] == [f"QUARTER/{PERIOD}/em"]
    assert (await client.get("/api/ledger?institution=lm", headers=headers)).status_code == 404
    assert (await client.get("/api/why?institution=lm", headers=headers)).status_code == 404
    page = await client.get("/?lang=en", headers=signing.cookie("member", member="em"))
    assert "LM" not in text_of(page.text)
    for path in ("/problems", "/policies"):
        assert (await client.get(path, headers=signing.cookie("member", member="em"))).status_code == 403


async def test_a_calendar_belongs_to_whoever_has_its_address(stage: Stage, signing: Signing) -> None:
    await quarter(stage)
    headers = signing.bearer("member", member="em")
    first = (await stage.running.client.post("/api/calendars", json={}, headers=headers)).json()["url"]
    path = first.split("/reminders", 1)[1]
    calendar = await stage.running.client.get(path)
    assert calendar.headers["content-type"].startswith("text/calendar")
    assert "SUMMARY:Ceturkšņa iesniegums: 2026. gada 3. ceturksnis\\, EM" in calendar.text.replace("\r\n ", "")
    await stage.running.client.post("/api/calendars", json={}, headers=headers)
    assert (await stage.running.client.get(path)).status_code == 404


async def test_remind_now_and_test_mail(stage: Stage, signing: Signing) -> None:
    await quarter(stage)
    headers: dict[str, Any] = signing.bearer("coordinator")
    body = {"obligation": f"QUARTER/{PERIOD}/em", "line": "Lūdzu, līdz piektdienai."}
    made = await stage.running.client.post("/api/reminders", json=body, headers=headers)
    assert made.status_code == 201, made.text
    await stage.look()
    newest = (await stage.inbox("focal_point@em.example"))[-1]
    assert newest.subject.startswith("Koordinators atgādina")
    assert "Lūdzu, līdz piektdienai." in newest.text
    sent = await stage.running.client.post("/api/mail/test", json={"address": "x@y.example"}, headers=headers)
    assert sent.status_code == 201
    await stage.look()
    assert [mail.subject for mail in await stage.inbox("x@y.example")] == ["NREM pasta pārbaude"]
    shown = (await stage.running.client.get(f"/api/mails/{sent.json()['mail']}", headers=headers)).json()
    assert (shown["kind"], shown["state"], shown["attempts"]) == ("test", "sent", 1)
    assert shown["server"] == "the demonstration's own mailboxes"
    assert "x@y.example" not in str(shown)
    unknown = "/api/mails/00000000-0000-4000-8000-000000000000"
    assert (await stage.running.client.get(unknown, headers=headers)).status_code == 404
    own = signing.bearer("member", member="em")
    assert (await stage.running.client.get(f"/api/mails/{sent.json()['mail']}", headers=own)).status_code == 403
