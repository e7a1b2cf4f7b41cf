"""Who has written sees it; who must wait too long is told so."""

from __future__ import annotations

import asyncio

import pytest

from nrem_shared.contracts.topics import MEMBERS
from nrem_shared.runtime.reading import parse_after, see_other
from support.bus import send_raw
from support.echo import blueprint
from support.eventually import stays
from support.journals import record_labels
from support.records import Journal, on_topic
from support.running import running


async def test_a_read_with_nrem_after_sees_the_write(settings_for) -> None:
    settings = await settings_for("echo", read_wait_seconds=10)
    async with running(blueprint(), settings) as echo:
        for number in range(1, 21):
            answer = await echo.client.post("/api/labels", json={"code": "a", "label": f"a{number}"})
            after = {"Nrem-After": answer.headers["nrem-after"]}
            read = await echo.client.get("/api/labels/a", headers=after)
            assert read.json() == {"label": f"a{number}", "revision": number, "stale": False}
            assert "nrem-stale" not in read.headers


async def test_the_cookie_of_a_page_is_waited_for_likewise(settings_for) -> None:
    settings = await settings_for("echo", read_wait_seconds=10)
    async with running(blueprint(), settings) as echo:
        await echo.client.post("/api/labels", json={"code": "a", "label": "a1"})
        answer = await echo.client.post("/api/labels", json={"code": "b", "label": "b1"})
        redirect = see_other("/page", after=f"intake:member/a@1, {answer.headers['nrem-after']}")
        assert (redirect.status_code, redirect.headers["location"]) == (303, "/page")
        cookie = redirect.headers["set-cookie"]
        assert "Max-Age=20" in cookie
        assert "HttpOnly" in cookie
        for code in "ab":
            read = await echo.client.get(f"/api/labels/{code}", headers={"Cookie": cookie.split(";")[0]})
            assert read.json()["stale"] is False


async def test_a_read_after_something_that_does_not_come_says_it_is_stale_after_the_limit(settings_for) -> None:
    settings = await settings_for("echo", read_wait_seconds=0.3)
    async with running(blueprint(), settings, ["api", "relay"]) as echo:
        await echo.client.post("/api/labels", json={"code": "a", "label": "a1"})
        began = asyncio.get_running_loop().time()
        read = await echo.client.get("/api/labels/a", headers={"Nrem-After": "intake:member/a@1"})
        assert asyncio.get_running_loop().time() - began >= 0.3
        assert (read.status_code, read.headers["nrem-stale"]) == (404, "true")
        assert echo.service.registry.get_sample_value("nrem_stale_reads_total") == 1


async def test_a_waiting_read_is_woken_when_the_event_is_applied(settings_for) -> None:
    settings = await settings_for("echo", read_wait_seconds=20)
    journal = Journal()
    async with running(blueprint(), settings, ["api", "consume"]) as echo:
        reading = asyncio.create_task(
            echo.client.get("/api/labels/a", headers={"Nrem-After": "intake:member/a@2, intake:member/b@1"})
        )
        await send_raw(settings, *on_topic([journal.label("a", 1, "a1"), journal.label("b", 1, "b1")]))
        await stays(lambda: not reading.done(), seconds=0.3)
        await send_raw(settings, *on_topic([journal.label("a", 2, "a2")]))
        assert (await reading).json() == {"label": "a2", "revision": 2, "stale": False}


async def test_streams_that_the_service_does_not_project_are_not_waited_for(settings_for) -> None:
    settings = await settings_for("echo", read_wait_seconds=20)
    async with running(blueprint("statistics"), settings, ["api"]) as echo:
        headers = {"Nrem-After": "plan-tracker:plan/2025@3, intake:submission/2026-Q1/vp@1, nonsense, x:y@z"}
        read = await echo.client.get("/api/labels/a", headers=headers)
        assert "nrem-stale" not in read.headers


async def test_a_read_while_the_database_is_away_is_a_503_problem(settings_for, database) -> None:
    own = await database("echo")
    settings = await settings_for("echo", database=own, read_wait_seconds=0.2)
    async with running(blueprint(), settings, ["api"]) as echo:
        await own.cut_connections(and_refuse_new_ones=True)
        read = await echo.client.get("/api/labels/a", headers={"Nrem-After": "intake:member/a@1"})
        assert (read.status_code, read.json()["status"], read.headers["retry-after"]) == (503, 503, "5")


async def test_waiting_takes_milliseconds_not_polls(settings_for) -> None:
    settings = await settings_for("echo", read_wait_seconds=10, fallback_poll_seconds=5, heartbeat_seconds=5)
    loop = asyncio.get_running_loop()
    took: list[float] = []
    async with running(blueprint(), settings) as echo:
        for number in range(1, 31):
            began = loop.time()
            await record_labels(echo.runtime.journal, ("a", number, f"a{number}"))
            assert await echo.runtime.watch.reach({"member/a": number}, 10)
            took.append(loop.time() - began)
    # Ten times what is usual on a quiet machine; a wake-up that got lost would cost at least 250 ms.
    assert sorted(took)[len(took) // 2] < 0.2


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("intake:submission/2026-Q1/vp@3", {"submission/2026-Q1/vp": 3}),
        ("intake:member/a@1, intake:member/a@4,intake:member/b@2", {"member/a": 4, "member/b": 2}),
        ("intake:reference/%C4%81%2C%20b@2", {"reference/ā, b": 2}),
        ("", {}),
        (", ,x", {}),
        ("intake:member/a@-1", {}),
        ("INTAKE:member/a@1", {}),
        ("intake:member/a@" + "9" * 13, {}),
    ],
)
def test_what_is_not_of_the_form_is_passed_over(text: str, wanted: dict[str, int]) -> None:
    assert parse_after(text) == wanted


def test_streams_of_the_echo_are_sent_to_a_topic() -> None:
    assert MEMBERS in blueprint().topics
