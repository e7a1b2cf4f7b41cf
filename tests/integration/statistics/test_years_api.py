"""The years over HTTP: the recorded history, and the current years for the coordinator."""

from __future__ import annotations

from integration.statistics.history_data import history
from support.running import Running
from support.signing import Signing


async def test_history_is_recorded_once_and_changes_are_revisions(statistics: Running, signing: Signing) -> None:
    coordinator, body = signing.bearer("coordinator"), history().model_dump(mode="json")
    first = await statistics.client.post("/api/history", json=body, headers=coordinator)
    again = await statistics.client.post("/api/history", json=body, headers=coordinator)
    body["figures"][-1]["value"] = 39
    changed = await statistics.client.post("/api/history", json=body, headers=coordinator)
    assert [answer.status_code for answer in (first, again, changed)] == [201, 200, 201]
    assert [answer.json()["revision"] for answer in (first, again, changed)] == [1, 1, 2]
    async with statistics.runtime.pool.acquire() as conn:
        journalled = await conn.fetch("select type, subject, revision from facts.journal order by position")
    assert [tuple(row) for row in journalled] == [
        ("nrem.history.recorded.v1", "history/victims", 1),
        ("nrem.history.recorded.v1", "history/victims", 2),
    ]
    (series,) = (await statistics.client.get("/api/years")).json()["history"]
    assert series["figures"][-1]["value"] == 39


async def test_a_series_that_contradicts_itself_is_refused_whole(statistics: Running, signing: Signing) -> None:
    body = history().model_dump(mode="json")
    body["figures"][1]["year"] = 2016
    body["ranges"][0]["last_year"] = 2020
    answer = await statistics.client.post("/api/history", json=body, headers=signing.bearer("coordinator"))
    assert answer.status_code == 422
    told = [(error["pointer"], error["code"]) for error in answer.json()["errors"]]
    assert told == [("/figures/1/year", "duplicate_year"), ("/ranges/0/last_year", "range_reversed")]
    assert (await statistics.client.get("/api/years")).json() == {"history": [], "current": None}


async def test_only_the_coordinator_records(statistics: Running, signing: Signing) -> None:
    body = history().model_dump(mode="json")
    assert (await statistics.client.post("/api/history", json=body)).status_code == 401
    for role in ("member", "reader", "secretariat", "operator"):
        answer = await statistics.client.post("/api/history", json=body, headers=signing.bearer(role, member="vp"))
        assert answer.status_code == 403


async def test_the_public_sees_history_and_no_figure_that_is_not_released(with_history: Running) -> None:
    years = (await with_history.client.get("/api/years")).json()
    (series,) = years["history"]
    assert [figure["value"] for figure in series["figures"]] == [21, 20, 26, 39, 48, 61, 26, 24, 38]
    assert years["current"] is None
    together = {(one["first_year"], one["last_year"]): one for one in series["ranges"]}
    assert together[2021, 2023]["value"] == 111
    assert together[2021, 2023]["of_whom"] == {"citizenship_group": {"NAT": 95}}
    assert {one["value"] for one in series["ranges"]} == {111, 149, 303}
    (of_2018,) = [figure for figure in series["figures"] if figure["year"] == 2018]
    assert (of_2018["value"], of_2018["alternative"]) == (26, 23)
    assert of_2018["discrepancy"]["en"]
    assert [(one["after"], one["before"]) for one in series["breaks"]] == [(2024, 2026)]


async def test_the_coordinator_sees_the_year_to_date(with_history: Running, signing: Signing) -> None:
    years = (await with_history.client.get("/api/years", headers=signing.bearer("coordinator"))).json()
    (current,) = years["current"]
    assert (current["year"], current["provisional"], current["illustrative"]) == (2026, True, True)
    assert [(one["period"], one["deduplicated"]["value"]) for one in current["quarters"]] == [
        ("2026-Q1", 15),
        ("2026-Q2", 11),
        ("2026-Q3", 11),
    ]
    assert current["deduplicated"]["value"] == 37
    assert 2026 not in [figure["year"] for figure in years["history"][0]["figures"]]
