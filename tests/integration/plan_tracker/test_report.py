"""The quarterly report: approved minutes and the figures as they were released; what readiness knows of invitations."""

from __future__ import annotations

import pytest

from integration.plan_tracker.scenario import Life
from integration.plan_tracker.test_pages import END, page, text_of
from integration.plan_tracker.told import HEAD, delivery_event, release_events
from nrem_plan_tracker.invitations import handlers as invitations
from nrem_plan_tracker.releases import handlers as releases

AT = "/meetings/M-2026-Q2/report"
FIRST = ("2026-Q1", "2026-05-20T10:00:00+03:00")
CORRECTED = ("2026-Q1", "2026-07-14T10:00:00+03:00")
EARLY = ("2026-Q2", "2026-07-24T10:00:00+03:00")
SECOND = ("2026-Q2", "2026-08-20T10:00:00+03:00")
LATER = ("2026-Q2", "2026-11-20T10:00:00+02:00")

REPORTED = {
    "lv": (
        "Publicējums Nr. 2: skaitļi, kādi tie bija zināmi 2026. gada 20. augusts",
        "Kopskaits bez atkārtojumiem",
        "Kas mainījies kopš publicējuma Nr. 1",
        "Pārskatītie iepriekšējo ceturkšņu skaitļi",
        "Viena persona komisijā reģistrēta divreiz",
        "Publicējums Nr. 2, 2026. gada 20. augusts",
    ),
    "en": (
        "Release 2: figures as they were known on 20 August 2026",
        "Deduplicated total",
        "What changed since release 1",
        "Revised figures of earlier quarters",
        "registered twice by the commission",
        "Release 2, 20 August 2026",
    ),
}


async def tell(life: Life, *released: tuple[str, str]) -> None:
    async with life.service.runtime.pool.acquire() as conn:
        await releases.apply(conn, release_events(*released))


@pytest.mark.parametrize("language", ["lv", "en"])
async def test_without_a_release_the_report_says_what_is_missing_and_who_does_it(life: Life, language: str) -> None:
    await life.until(END)
    html = await page(life, f"{AT}?lang={language}", "coordinator")
    missing = {"lv": "Tos publicē ministrijas koordinators", "en": "The ministry’s coordinator releases them"}[language]
    assert missing in text_of(html)
    assert "/statistics/quarters/2026-Q2?as_known_on=2026-09-02T11%3A00%3A00%2B03%3A00" in html


@pytest.mark.parametrize("language", ["lv", "en"])
async def test_the_report_shows_the_released_tables_and_both_heads(life: Life, language: str) -> None:
    await life.until(END)
    await tell(life, FIRST, CORRECTED, EARLY, SECOND)
    for reader, member in (("coordinator", None), ("member", "lm")):
        html = await page(life, f"{AT}?lang={language}", reader, member=member)
        text, whole = text_of(html), html.replace("<wbr>", "")
        minutes = await life.get("/api/meetings/M-2026-Q2/minutes")
        assert minutes["journal_head"] in whole
        assert HEAD in whole
        assert all(word in text for word in REPORTED[language]), text
        assert 'class="nrem-number"' in html
        assert len(html) < 150_000


async def test_a_newer_release_is_named_and_does_not_replace_the_reports_figures(life: Life) -> None:
    await life.until(END)
    await tell(life, FIRST, CORRECTED)
    html = await page(life, "/meetings/M-2026-Q1/report?lang=en", "coordinator")
    assert "Release 1: figures as they were known on 20 May 2026" in text_of(html)
    assert "Released later: release 2, 14 July 2026" in text_of(html)
    assert "/statistics/quarters/2026-Q1/releases/2" in html


async def test_a_release_after_the_approval_is_said_to_be_one(life: Life) -> None:
    await life.until(END)
    await tell(life, LATER)
    text = text_of(await page(life, f"{AT}?lang=en", "coordinator"))
    assert "released after the minutes had been approved, on 20 November 2026" in text


async def test_the_report_does_not_depend_on_the_order_of_arrival_or_on_repetition(life: Life) -> None:
    await life.until(END)
    events = release_events(FIRST, CORRECTED, EARLY, SECOND)
    async with life.service.runtime.pool.acquire() as conn:
        for one in (*reversed(events), *events):
            await releases.apply(conn, [one])
        await releases.apply(conn, events)
        assert await conn.fetchval("select count(*) from projection.release") == 4
    text = text_of(await page(life, f"{AT}?lang=en", "coordinator"))
    assert "Release 2: figures as they were known on 20 August 2026" in text


async def test_readiness_says_to_whom_the_invitation_was_not_delivered(life: Life) -> None:
    await life.until("2026-11-05T12:00:00+02:00")
    unknown = await life.get("/api/meetings/M-2026-Q3/readiness")
    assert {one["state"] for one in unknown["invitations"]} == {"unknown"}
    sent = "2026-10-28T09:00:05+02:00"
    events = [
        delivery_event("m1", "M-2026-Q3", "vp", at=sent),
        delivery_event("m2", "M-2026-Q3", "lm", "failed", at=sent, cause="refused"),
        delivery_event("m3", "M-2026-Q3", "km", at=sent, fallback=True),
        delivery_event("m4", "M-2026-Q3", "em", "withheld", at=sent, cause="not_on_allow_list"),
        delivery_event("m5", "M-2026-Q4", "lm", at=sent),
    ]
    async with life.service.runtime.pool.acquire() as conn:
        for _ in range(2):
            await invitations.apply(conn, list(reversed(events)))
    told = (await life.get("/api/meetings/M-2026-Q3/readiness"))["invitations"]
    assert [one["institution"] for one in told][-1] == "vp"
    states = {one["institution"]: (one["state"], one["cause"]) for one in told if one["state"] != "unknown"}
    assert states == {
        "vp": ("delivered", ""),
        "lm": ("failed", "refused"),
        "km": ("elsewhere", ""),
        "em": ("withheld", "not_on_allow_list"),
    }
    for language, words in (
        (
            "en",
            ("the server refused it", "the coordinator received it", "28 Oct 2026 09:00", "3 invitations"),
        ),
        ("lv", ("serveris vēstuli noraidīja", "saņēma koordinators", "28.10.2026. 09:00", "3 uzaicinājumi")),
    ):
        text = text_of(await page(life, f"/readiness?lang={language}", "coordinator"))
        assert all(word in text for word in words), [word for word in words if word not in text]


async def test_a_meeting_that_moved_waits_for_its_new_invitations(life: Life) -> None:
    await life.until("2026-11-05T12:00:00+02:00")
    early = delivery_event("m1", "M-2026-Q3", "vp", at="2026-10-28T09:00:05+02:00")
    async with life.service.runtime.pool.acquire() as conn:
        await invitations.apply(conn, [early])
    moved = {"starts_at": "2026-11-18T10:00:00+02:00", "reason": {"lv": "Slimība"}}
    await life.ask("/api/meetings/M-2026-Q3/move", moved)

    async def state() -> str:
        told = (await life.get("/api/meetings/M-2026-Q3/readiness"))["invitations"]
        found: str = next(one["state"] for one in told if one["institution"] == "vp")
        return found

    assert await state() == "unknown"
    late = delivery_event("m2", "M-2026-Q3", "vp", at="2026-11-05T12:00:00+02:00", told="MOVED")
    async with life.service.runtime.pool.acquire() as conn:
        await invitations.apply(conn, [late])
    assert await state() == "delivered"
