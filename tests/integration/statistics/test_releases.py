"""Releasing a quarter: by whom, when it is refused and why, what is journalled and sent."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from integration.statistics.stream_events import period_events
from integration.statistics.tables import load_demonstration
from nrem_shared.contracts import topics
from nrem_shared.contracts.operations import Mark
from nrem_shared.contracts.periods import PeriodClosed, PeriodOpened
from nrem_shared.contracts.releases import FiguresReleased
from nrem_shared.runtime.projection import problem_store
from nrem_shared.runtime.projection import store as projection
from nrem_statistics.app import BLUEPRINT
from nrem_statistics.releases.reading import INPUTS
from nrem_statistics.settings import StatisticsSettings
from nrem_statistics.sources import handlers as sources
from support.bus import read_events
from support.eventually import eventually
from support.running import Running, running
from support.signing import Signing

AT = "/api/quarters/2026-Q1/releases"


async def hear(service: Running, at: datetime | None = None) -> None:
    """A relay says that everything was sent, and everything was read."""
    async with service.runtime.pool.acquire() as conn:
        await projection.add_places(conn, [(topic, 0) for topic in INPUTS])
        marks = [Mark(topic=topic, partition=0, position=0) for topic in INPUTS]
        await projection.save_heartbeats(conn, "intake", at or datetime.now(UTC), marks)
        await projection.save_freshness(conn, INPUTS)


@pytest.fixture
async def fresh(statistics: Running) -> Running:
    await hear(statistics)
    return statistics


async def post(service: Running, signing: Signing, path: str = AT) -> httpx.Response:
    return await service.client.post(path, headers={**signing.bearer("coordinator"), "Accept-Language": "en"})


def codes(answer: httpx.Response) -> list[str]:
    assert answer.headers["content-type"] == "application/problem+json"
    return [one["code"] for one in answer.json()["errors"]]


async def test_a_quarter_is_released_once_and_shown_so(fresh: Running, signing: Signing) -> None:
    before = (await fresh.client.get("/api/quarters/2026-Q1", headers=signing.bearer("coordinator"))).json()
    assert (before["provisional"], before["release"]) == (True, None)
    answer = await post(fresh, signing)
    assert answer.status_code == 201, answer.text
    assert answer.headers["nrem-after"] == "statistics:release/2026-Q1@1"
    release = FiguresReleased.model_validate(answer.json())
    assert (release.version, release.view, release.illustrative, release.changes) == (1, "ministry", True, ())
    after = (await fresh.client.get("/api/quarters/2026-Q1", headers=signing.bearer("coordinator"))).json()
    assert after["provisional"] is False
    assert (after["release"]["version"], after["release"]["current"]) == (1, True)
    past = "/api/quarters/2026-Q1?as_known_on=2026-07-01"
    assert (await fresh.client.get(past, headers=signing.bearer("coordinator"))).json()["release"] is None

    again = await post(fresh, signing)
    assert (again.status_code, codes(again)) == (409, ["release_unchanged"])
    listed = (await fresh.client.get(AT, headers=signing.bearer("member", member="lm"))).json()
    assert [one["version"] for one in listed] == [1]


async def test_members_read_released_figures_and_nobody_else_does(fresh: Running, signing: Signing) -> None:
    member = signing.bearer("member", member="lm")
    assert (await fresh.client.get(f"{AT}/1", headers=member)).status_code == 404
    assert (await post(fresh, signing)).status_code == 201
    seen = (await fresh.client.get(f"{AT}/1", headers=member)).json()
    (victims,) = [one for one in seen["tables"] if one["combination"] == "routes"]
    shown = {one["measure"]: one["value"] for one in victims["figures"] if not one["dimensions"]}
    group = (await fresh.client.get("/api/quarters/2026-Q1", headers=signing.bearer("coordinator"))).json()["victims"]
    assert shown == {name: group[name]["value"] for name in ("sum_of_routes", "on_both_routes", "deduplicated")}
    assert shown["deduplicated"] == shown["sum_of_routes"] - shown["on_both_routes"] > 0
    own = (await fresh.client.get("/api/quarters/2026-Q1", headers=member)).json()
    assert (own["scope"], own["member"]) == ("member", "lm")
    for path in (AT, f"{AT}/1"):
        assert (await fresh.client.get(path)).status_code == 401
        assert (await fresh.client.get(path, headers=signing.bearer("reader"))).status_code == 403
    assert (await fresh.client.post(AT, headers=member)).status_code == 403
    assert (await fresh.client.post(AT, headers=signing.bearer("secretariat"))).status_code == 403
    for nonsense in ("/api/quarters/2030-Q1/releases", "/api/quarters/2026-Q1%00/releases", f"{AT}/9"):
        assert (await fresh.client.get(nonsense, headers=signing.bearer("coordinator"))).status_code == 404


async def test_every_reason_is_named_and_nothing_is_kept(statistics: Running, signing: Signing) -> None:
    async with statistics.runtime.pool.acquire() as conn:
        await hear(statistics, datetime(2026, 1, 1, tzinfo=UTC))
        await problem_store.save_gap(conn, (topics.SUBMISSIONS, 0), 3, 5, datetime.now(UTC))
        letters = [
            (topics.SUBMISSIONS, "submission/2026-Q1/vp"),
            (topics.SUBMISSIONS, "submission/2026-Q2/lm"),
            (topics.REFERENCE, None),
            (topics.PERIODS, "period/2026-Q2"),
            (topics.MEMBERS, "member/xx"),
        ]
        await problem_store.save_dead_letters(
            conn,
            [
                {
                    "topic": topic, "partition": 0, "record_offset": place, "key": key, "value": b"?",
                    "cause": "envelope", "detail": "", "event_type": None, "failed_at": datetime.now(UTC),
                }
                for place, (topic, key) in enumerate(letters)
            ],
        )  # fmt: skip
    refused = await post(statistics, signing)
    assert refused.status_code == 409
    assert codes(refused) == [
        "received_not_understood",
        "records_not_understood",
        "records_missing",
        *("not_fresh" for _ in INPUTS),
    ]
    errors = refused.json()["errors"]
    assert [one["detail"] for one in errors if one["code"] == "records_not_understood"] == [
        "There are records of nrem.reference that were not understood."
    ]
    assert all(one["detail"] and one["hint"] for one in errors)
    assert (await statistics.client.get(AT, headers=signing.bearer("coordinator"))).json() == []
    async with statistics.runtime.pool.acquire() as conn:
        assert await conn.fetchval("select count(*) from facts.journal") == 0


async def test_a_period_unknown_or_empty_is_refused(fresh: Running, signing: Signing) -> None:
    at = "/api/quarters/2026-Q4/releases"
    assert (await post(fresh, signing, at)).status_code == 404
    opened = period_events()[0]
    assert isinstance(opened.data, PeriodOpened)
    later = opened._replace(subject="period/2026-Q4", data=opened.data.model_copy(update={"code": "2026-Q4"}))
    async with fresh.runtime.pool.acquire() as conn:
        await sources.apply_periods(conn, [later])
    empty = await post(fresh, signing, at)
    assert (empty.status_code, codes(empty)) == (409, ["nothing_accepted"])


async def test_a_closed_period_is_waited_for(fresh: Running, signing: Signing) -> None:
    closed = period_events()[0]._replace(
        type="nrem.period.closed.v1",
        revision=2,
        data=PeriodClosed(code="2026-Q1", accepted={"vp": 9, "lm": 1}, reference=()),
    )
    async with fresh.runtime.pool.acquire() as conn:
        await sources.apply_periods(conn, [closed])
    waits = await post(fresh, signing)
    assert (waits.status_code, codes(waits)) == (409, ["waits_for"])
    assert "version 9 of vp" in waits.json()["detail"]


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", re.sub(r"<(style|script)\b.*?</\1>", "", html, flags=re.DOTALL)))


@pytest.mark.parametrize("language", ["lv", "en"])
async def test_the_coordinator_releases_by_the_pages(fresh: Running, signing: Signing, language: str) -> None:
    cookie = signing.cookie("coordinator", session="s")
    words = {
        "lv": ("Publicēt skaitļus darba grupai", "Publicējums Nr. 1 darba grupai", "Publicējums Nr. 1 saka to pašu"),
        "en": ("Release the figures to the working group", "Release 1 to the working group", "Release 1 says the same"),
    }[language]
    quarter = f"/quarters/2026-Q1?lang={language}"
    assert words[0] in text_of((await fresh.client.get(quarter, headers=cookie)).text)
    confirm = await fresh.client.get(f"/quarters/2026-Q1/release?lang={language}", headers=cookie)
    assert confirm.status_code == 200
    assert 'action="/statistics/quarters/2026-Q1/release"' in confirm.text
    done = await fresh.client.post("/quarters/2026-Q1/release", headers=cookie)
    assert (done.status_code, done.headers["location"]) == (303, "/statistics/quarters/2026-Q1/releases/1"), done.text
    shown = text_of((await fresh.client.get(quarter, headers=cookie)).text)
    assert words[1] in shown
    assert words[0] not in shown
    again = await fresh.client.post(f"/quarters/2026-Q1/release?lang={language}", headers=cookie)
    assert again.status_code == 409
    assert words[2] in text_of(again.text)
    for reader in (cookie, signing.cookie("member", member="lm", session="s")):
        page = await fresh.client.get(f"/quarters/2026-Q1/releases/1?lang={language}", headers=reader)
        assert page.status_code == 200, page.text
        assert "nrem-number" in page.text
        assert len(page.content) < 150_000
    member = signing.cookie("member", member="lm", session="s")
    assert (await fresh.client.get("/quarters/2026-Q1/release", headers=member)).status_code == 403


async def test_a_release_reaches_the_bus(settings_for: Any, signing: Signing) -> None:
    settings = await settings_for("statistics", settings_type=StatisticsSettings)
    await signing.trust(settings)
    async with running(BLUEPRINT, settings, roles=("api", "relay")) as service:
        async with service.runtime.pool.acquire() as conn:
            await load_demonstration(conn)
        await hear(service)
        released = await post(service, signing)
        assert released.status_code == 201, released.text

        async def sent() -> list[dict[str, Any]]:
            return await read_events(settings, topics.RELEASES)

        (event,) = await eventually(sent)
        assert (event["type"], event["subject"]) == ("nrem.figures.released.v1", "release/2026-Q1")
        data = released.json()
        del data["released_at"]
        assert FiguresReleased.model_validate(event["data"]) == FiguresReleased.model_validate(data)
        assert (event["position"], data["journal_position"]) == (1, 0)
