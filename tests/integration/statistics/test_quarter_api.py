"""The quarter over HTTP: every expected leaf, as known on, and who sees what."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from data_catalogue import QUARTERS
from integration.statistics.stream_events import Stream
from nrem_shared.contracts.submissions import SubmissionContent
from nrem_statistics.observations.handlers import apply
from support.running import Running
from support.signing import Signing
from unit.statistics import expected
from unit.statistics.demonstration import submissions_file


async def ask(
    service: Running, signing: Signing, path: str, *roles: str, member: str | None = None, **query: str
) -> Any:
    headers = signing.bearer(*(roles or ("coordinator",)), member=member)
    return await service.client.get(path, params=query, headers=headers)


@pytest.mark.parametrize("period", QUARTERS)
async def test_every_expected_leaf(statistics: Running, signing: Signing, period: str) -> None:
    file = submissions_file(period)["expected"]
    block = file["as_first_accepted"]
    answer = (await ask(statistics, signing, f"/api/quarters/{period}", as_known_on=block["known_on"])).json()
    assert datetime.fromisoformat(answer["known_on"]) == datetime.fromisoformat(block["known_on"])
    assert (answer["scope"], answer["provisional"], answer["illustrative"]) == ("group", True, True)
    leaves = {name: leaf for name, leaf in block.items() if name != "known_on"}
    assert expected.first_accepted(answer) == leaves
    for corrected, victims in file["revised"]["victims"].items():
        known_on = file["revised"]["known_on"]
        revised = (await ask(statistics, signing, f"/api/quarters/{corrected}", as_known_on=known_on)).json()
        assert expected.victims(revised) == victims


async def test_a_date_means_its_end_in_riga(statistics: Running, signing: Signing) -> None:
    async def deduplicated(known_on: str) -> int:
        answer = await ask(statistics, signing, "/api/quarters/2026-Q1", as_known_on=known_on)
        figure: int = answer.json()["victims"]["deduplicated"]["value"]
        return figure

    assert await deduplicated("2026-07-12") == 15
    assert await deduplicated("2026-07-13") == 14
    assert await deduplicated("2026-07-13T09:04:59+03:00") == 15
    assert await deduplicated("2026-07-13T06:05:00Z") == 14


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ("2026-12-02", "future_instant"),
        ("2026-12-01T12:00:01+02:00", "future_instant"),
        ("2026-13-01", "malformed_instant"),
        ("yesterday", "malformed_instant"),
        ("2026-11-01T12:00:00", "malformed_instant"),
        ("20261101", "malformed_instant"),
    ],
)
async def test_a_wrong_instant_is_named(statistics: Running, signing: Signing, asked: str, code: str) -> None:
    for path in ("/api/quarters/2026-Q1", "/api/periods/2026-Q1/completeness"):
        answer = await ask(statistics, signing, path, as_known_on=asked)
        assert answer.status_code == 422
        assert answer.headers["content-type"] == "application/problem+json"
        (error,) = answer.json()["errors"]
        assert (error["pointer"], error["code"]) == ("query:as_known_on", code)
        assert error["detail"]
        assert error["hint"]


async def test_a_plus_that_became_a_space_is_understood(statistics: Running, signing: Signing) -> None:
    path = "/api/quarters/2026-Q1?as_known_on=2026-05-01T12:00:00+03:00"
    answer = await statistics.client.get(path, headers=signing.bearer("coordinator"))
    assert answer.status_code == 200
    assert datetime.fromisoformat(answer.json()["known_on"]) == datetime(2026, 5, 1, 9, tzinfo=UTC)


async def test_problems_speak_the_readers_language(statistics: Running, signing: Signing) -> None:
    headers = {**signing.bearer("coordinator"), "Accept-Language": "lv"}
    answer = await statistics.client.get("/api/quarters/2026-Q1?as_known_on=rit", headers=headers)
    assert "datums" in answer.json()["errors"][0]["detail"]


async def test_a_member_gets_its_own_figures_only(statistics: Running, signing: Signing) -> None:
    answer = (await ask(statistics, signing, "/api/quarters/2026-Q1", "member", member="marta")).json()
    assert (answer["scope"], answer["member"]) == ("member", "marta")
    assert expected.value(answer["victims"]["by_organisation"]) == {"marta": 2}
    assert [one["member"] for one in answer["submissions"]["members"]] == ["marta"]
    assert {one["member"] for one in answer["revised_figures"]} == {"marta"}
    assert answer["indicators"]["PROC_NEW"]["sum_of_reports"]["value"] is None
    own = (await ask(statistics, signing, "/api/periods/2026-Q3/completeness", "member", member="em")).json()
    assert own["submissions"]["pending"] == ["em"]
    assert own["submissions"]["expected"] == 1


async def test_who_may_ask(statistics: Running, signing: Signing) -> None:
    for path in ("/api/quarters/2026-Q1", "/api/periods/2026-Q1/completeness"):
        assert (await statistics.client.get(path)).status_code == 401
        assert (await ask(statistics, signing, path, "reader")).status_code == 403
        assert (await ask(statistics, signing, path, "secretariat")).status_code == 200
        assert (await ask(statistics, signing, path.replace("Q1", "Q4"))).status_code == 404
    for nonsense in ("nonsense", "2026-Q1%00", "2026-Q1%0A"):
        assert (await ask(statistics, signing, f"/api/quarters/{nonsense}")).status_code == 404


async def test_a_pending_correction_displaces_nothing(statistics: Running, signing: Signing) -> None:
    answer = (await ask(statistics, signing, "/api/periods/2026-Q1/completeness", as_known_on="2026-11-17")).json()
    (vp,) = [one for one in answer["submissions"]["members"] if one["member"] == "vp"]
    assert (vp["state"], vp["version_in_force"], vp["pending_version"], vp["corrected"]) == ("accepted", 1, 2, False)


async def test_without_any_accepted_version_there_is_no_figure(statistics: Running, signing: Signing) -> None:
    answer = (await ask(statistics, signing, "/api/quarters/2026-Q3", as_known_on="2026-10-01")).json()
    assert len(answer["submissions"]["missing"]) == 17
    assert answer["victims"]["deduplicated"] == {
        "value": None,
        "incomplete": True,
        "unknown": 0,
        "not_applicable": 0,
        "not_reported": 3,
    }
    assert answer["activities"]["campaigns"]["value"] is None
    assert answer["funding_eur"]["total"] is None


async def test_a_withdrawn_report_is_neither_missing_nor_waiting(statistics: Running, signing: Signing) -> None:
    km = Stream("2026-Q2", "km")
    at = datetime(2026, 7, 10, 8, tzinfo=UTC)
    async with statistics.runtime.pool.acquire() as conn:
        await apply(conn, [km.submit(at, SubmissionContent(nothing_to_report=True)), km.decide(at, "withdrawn")])
    submissions = (await ask(statistics, signing, "/api/periods/2026-Q2/completeness")).json()["submissions"]
    assert submissions["withdrawn"] == ["km"]
    assert (submissions["missing"], submissions["pending"]) == ([], [])


async def test_money_is_exact(statistics: Running, signing: Signing) -> None:
    answer = (await ask(statistics, signing, "/api/quarters/2026-Q2", as_known_on="2026-08-01")).json()
    assert answer["funding_eur"]["source"]["STATE_PROGRAMME"] == "51750.25"
    assert answer["funding_eur"]["total"] == "72040.25"


async def test_openapi_describes_the_answer(statistics: Running) -> None:
    document = statistics.service.api.openapi()
    schema = document["components"]["schemas"]["Quarter"]
    assert {"submissions", "victims", "cells_route_form", "indicators", "known_on"} <= set(schema["required"])
