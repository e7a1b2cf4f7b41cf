"""Home, the page of an obligation, and the coordinator's tools: what each role sees and may do."""

from __future__ import annotations

from datetime import date
from typing import Any

import httpx
import pytest

from integration.notifier.stage import Stage
from integration.notifier.story import returned, submitted
from integration.notifier.test_mails import DUE, PERIOD, at, opened, task
from integration.notifier.test_pages import text_of
from nrem_shared.contracts.base import LocalizedText
from nrem_shared.contracts.submissions import ExtensionAsked, SubmissionExtended
from support.signing import Signing

QUARTER = f"QUARTER/{PERIOD}/em"
REASON = LocalizedText(lv="Dati vēlāk", en="Data come later")


async def stand(stage: Stage) -> None:
    """On 20 October em has not reported, tsb was returned, km waits for a review, lm asked for time in vain."""
    await stage.know()
    await opened(stage, "em", "tsb", "km", "lm")
    await task(stage, "T-2026-09", "em", date(2026, 10, 30), date(2026, 9, 20))
    for member, day in (("tsb", "2026-10-10"), ("km", "2026-10-14")):
        sent = at(day, 11)
        await stage.tell(f"submission/{PERIOD}/{member}", submitted(PERIOD, member, DUE, 1, sent), sent)
    sent_back = returned(PERIOD, "tsb", date(2026, 10, 23), 1)
    await stage.tell(f"submission/{PERIOD}/tsb", sent_back, at("2026-10-16", 10))
    asked = ExtensionAsked(period=PERIOD, member="lm", due=DUE, until=date(2026, 10, 27), reason=REASON)
    await stage.tell(f"extension/{PERIOD}/lm", asked, at("2026-10-14", 12))
    await stage.move(at("2026-10-20", 10))


async def get(stage: Stage, path: str, headers: dict[str, str], language: str = "en") -> httpx.Response:
    joined = "&" if "?" in path else "?"
    return await stage.running.client.get(f"{path}{joined}lang={language}", headers=headers)


async def test_the_coordinators_day(stage: Stage, signing: Signing) -> None:
    await stand(stage)
    day = (await get(stage, "/api/today", signing.bearer("coordinator", member="iem"))).json()
    shown = day["coordinator"]
    assert [one["key"] for one in shown["missing"]] == [QUARTER, f"QUARTER/{PERIOD}/lm"]
    assert [one["key"] for one in shown["review"]] == [f"REVIEW/{PERIOD}/km/1"]
    assert [one["key"] for one in shown["returned"]] == [f"RESUBMIT/{PERIOD}/tsb/1"]
    assert [(one["member"], one["until"]) for one in shown["asked"]] == [("lm", "2026-10-27")]
    assert (day["member"], day["services"]) == (None, None)
    page = await get(stage, "/today", signing.cookie("coordinator", member="iem"))
    text = text_of(page.text)
    for words in ("Missing reports", "5 days overdue", "Requests for more time", "Data come later", "To review"):
        assert words in text, words
    assert f'href="/reminders/obligation?key={QUARTER}"' in page.text
    assert f'href="/intake/periods/{PERIOD}/submissions/lm/extension"' in page.text


async def test_a_members_day(stage: Stage, signing: Signing) -> None:
    await stand(stage)
    tsb = await get(stage, "/today", signing.cookie("member", member="tsb"))
    assert "Returned to you" in text_of(tsb.text)
    assert f'href="/intake/periods/{PERIOD}/submissions/tsb"' in tsb.text
    em = (await get(stage, "/api/today", signing.bearer("member", member="em"))).json()
    assert [one["key"] for one in em["member"]["reports"]] == [QUARTER]
    assert [one["key"] for one in em["member"]["tasks"]] == ["TASK/T-2026-09"]
    assert (em["coordinator"], em["sending"], em["services"]) == (None, None, None)
    km = await get(stage, "/today", signing.cookie("member", member="km"))
    assert "Nothing needs you today." in text_of(km.text)


async def test_the_operators_day_and_panel(stage: Stage, signing: Signing) -> None:
    await stand(stage)
    operator = signing.cookie("operator")
    await stage.running.client.post("/api/sending", json={"paused": True, "reason": "moving"}, headers=operator)
    day = (await get(stage, "/api/today", operator)).json()
    assert {one["service"] for one in day["services"]} == {"intake", "statistics", "plan-tracker", "notifier"}
    assert all(one["silent"] for one in day["services"])
    assert day["sending"]["held"] == "paused"
    page = await get(stage, "/today", operator)
    assert 'href="/plan/operations"' in page.text
    panel = await get(stage, "/operations", operator)
    assert panel.status_code == 200
    assert "moving" in text_of(panel.text)
    assert (await get(stage, "/operations", signing.cookie("member", member="em"))).status_code == 403
    again = await stage.running.client.post("/operations/replay", headers=operator)
    assert (again.status_code, again.headers["location"]) == (303, "/reminders/operations?replayed=true")


@pytest.mark.parametrize("language", ["lv", "en"])
async def test_pages_in_both_languages_and_for_everybody(stage: Stage, signing: Signing, language: str) -> None:
    await stand(stage)
    for headers in (
        {},
        signing.cookie("reader"),
        signing.cookie("member", member="em"),
        signing.cookie("coordinator", member="iem"),
        signing.cookie("secretariat", member="iem"),
        signing.cookie("operator"),
        signing.cookie("coordinator", "operator", "member", member="iem"),
    ):
        page = await get(stage, "/today", headers, language)
        assert (page.status_code, page.headers["content-language"]) == (200, language)
    obligation = await get(stage, f"/obligation?key={QUARTER}", signing.cookie("coordinator", member="iem"), language)
    assert obligation.status_code == 200


async def test_a_session_that_may_go_on_is_renewed_before_the_public_page_is_shown(stage: Stage) -> None:
    before = {"Cookie": "nrem_signed_in=1", "Accept": "text/html"}
    renewed = await stage.running.client.get("/today", headers=before)
    assert renewed.status_code == 307
    assert renewed.headers["location"].startswith("/intake/session/renew?next=")
    assert renewed.headers["location"].endswith("%2Ftoday")


async def test_notes_are_kept_with_who_and_when_and_no_member_sees_them(stage: Stage, signing: Signing) -> None:
    await stand(stage)
    coordinator, client = signing.cookie("coordinator", member="iem"), stage.running.client
    data = {"key": QUARTER, "text": "Zvanīju, sola piektdien"}
    kept = await client.post("/obligation/note", data=data, headers=coordinator)
    assert kept.status_code == 303
    shown = await get(stage, kept.headers["location"].removeprefix("/reminders"), coordinator)
    assert "The note is kept." in shown.text
    assert "Zvanīju, sola piektdien" in shown.text
    home = await get(stage, "/today", coordinator)
    assert "Note: Zvanīju, sola piektdien (iem, 20 October 2026 at 10:00)" in text_of(home.text)
    listed = await get(stage, f"/api/notes?obligation={QUARTER}", signing.bearer("coordinator", member="iem"))
    assert [(one["by"], one["institution"]) for one in listed.json()] == [("iem", "em")]
    journalled = "select count(*) from facts.journal where type = 'nrem.obligation.noted.v1'"
    assert await stage.count(journalled) == 1

    member = signing.cookie("member", member="em")
    page = await get(stage, f"/obligation?key={QUARTER}", member)
    assert page.status_code == 200
    assert "Zvanīju" not in page.text
    assert "Remind now" not in page.text
    assert (await get(stage, f"/api/notes?obligation={QUARTER}", member)).status_code == 403
    assert (await client.post("/obligation/note", data=data, headers=member)).status_code == 403
    assert (await get(stage, f"/obligation?key={QUARTER}", signing.cookie("member", member="km"))).status_code == 404


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (" ", "The note is empty."),
        ("x" * 1001, "New note: at most 1,000 characters. There is 1 character too many: shorten the text."),
        ("Slimo 010190-12345", "The note holds personal data (a code, a telephone number, an address or an account)."),
    ],
)
async def test_notes_that_are_refused(stage: Stage, signing: Signing, text: str, says: str) -> None:
    await stand(stage)
    headers = {**signing.cookie("coordinator", member="iem"), "Accept-Language": "en"}
    answer = await stage.running.client.post("/obligation/note", data={"key": QUARTER, "text": text}, headers=headers)
    assert answer.status_code == 422
    assert says.replace("1,000", "1000") in answer.text.replace("1,000", "1000")
    body = {"obligation": QUARTER, "text": text}
    assert (await stage.running.client.post("/api/notes", json=body, headers=headers)).status_code == 422
    assert await stage.count("select count(*) from facts.note") == 0


async def test_remind_now_by_the_form(stage: Stage, signing: Signing) -> None:
    await stand(stage)
    client, headers = stage.running.client, {**signing.cookie("coordinator", member="iem"), "Accept-Language": "en"}
    sent = await client.post("/obligation/remind", data={"key": QUARTER, "line": "Gaidām!"}, headers=headers)
    assert sent.status_code == 303
    shown = await get(stage, sent.headers["location"].removeprefix("/reminders"), headers)
    assert "The reminder is on its way." in shown.text
    await stage.look()
    assert any("Gaidām!" in mail.text for mail in await stage.inbox("focal_point@em.example"))

    done = at("2026-10-20", 9)
    await stage.tell(f"submission/{PERIOD}/em", submitted(PERIOD, "em", DUE, 1, done), done)
    data: dict[str, Any] = {"key": QUARTER, "line": "Gaidām!"}
    refused = await client.post("/obligation/remind", data=data, headers=headers)
    assert refused.status_code == 409
    assert "It is done already" in refused.text
    nowhere = await client.post("/obligation/remind", data={"key": "QUARTER/1999-Q1/em"}, headers=headers)
    assert nowhere.status_code == 404
    member = signing.cookie("member", member="em")
    assert (await client.post("/obligation/remind", data=data, headers=member)).status_code == 403


async def test_reminders_follow_an_extension(stage: Stage) -> None:
    await stage.know()
    await opened(stage, "em")
    await stage.at(at("2026-10-08"))
    given = SubmissionExtended(period=PERIOD, member="em", due=date(2026, 10, 22), due_before=DUE, reason=REASON)
    await stage.tell(f"extension/{PERIOD}/em", given, at("2026-10-12", 9))
    for day in ("12", "13", "14", "15", "16", "19", "21", "22", "23"):
        await stage.at(at(f"2026-10-{day}", 9))
    steps = [(row.step, row.planned.isoformat(), row.outcome) for row in await stage.ledger(QUARTER)]
    assert ("MOVED", "2026-10-12", "sent") in steps
    assert [step for step, day, _ in steps if day > "2026-10-12"] == ["BEFORE-3", "BEFORE-1", "ON_DAY", "OVERDUE+1"]
    assert [day for _, day, _ in steps if day > "2026-10-12"] == [
        "2026-10-19",
        "2026-10-21",
        "2026-10-22",
        "2026-10-23",
    ]
