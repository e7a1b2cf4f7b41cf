"""Every refusal has one shape; a repeated post has one answer."""

from __future__ import annotations

import asyncio
import re

import asyncpg
import pytest

from nrem_shared.runtime.database import is_away
from nrem_shared.runtime.problems import as_problem
from nrem_shared.runtime.request_limit import LARGEST_REQUEST
from support.echo import blueprint
from support.eventually import eventually
from support.journals import journal_on, record_labels
from support.running import Running, running


@pytest.fixture
async def echo(settings_for):
    async with running(blueprint(), await settings_for("echo"), ["api"]) as running_echo:
        yield running_echo


def check_shape(answer, status: int, kind: str) -> dict:
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == status
    assert body["type"].endswith(f"/{kind}")
    assert body["title"]
    assert body["detail"]
    assert body["correlation_id"] == answer.headers["x-correlation-id"]
    assert set(body) == {"type", "title", "status", "detail", "instance", "correlation_id", "errors"}
    return body


async def test_all_errors_of_a_body_come_at_once_with_their_pointers(echo) -> None:
    answer = await echo.client.post("/api/labels", json={"code": "UPPER", "label": ""})
    body = check_shape(answer, 422, "invalid")
    assert [(e["pointer"], e["code"]) for e in body["errors"]] == [
        ("/code", "string_pattern_mismatch"),
        ("/label", "string_too_short"),
    ]
    assert body["instance"] == "/api/labels"
    assert "UPPER" not in answer.text


@pytest.mark.parametrize("content", [b"{", b"\xff", b"[]", b""])
async def test_a_body_that_cannot_be_read_is_a_problem_too(echo, content: bytes) -> None:
    answer = await echo.client.post("/api/labels", content=content, headers={"Content-Type": "application/json"})
    assert answer.status_code in (400, 422)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"]


async def test_what_is_not_there_and_what_may_not_be_done(echo) -> None:
    check_shape(await echo.client.get("/api/labels/none"), 404, "not-found")
    check_shape(await echo.client.get("/api/no/such/path"), 404, "not-found")
    check_shape(await echo.client.delete("/api/labels/a"), 405, "method-not-allowed")


async def test_an_error_of_ours_tells_nothing_of_the_inside_and_is_counted(echo) -> None:
    answer = await echo.client.get("/api/broken")
    check_shape(answer, 500, "unexpected")
    assert "secret" not in answer.text
    value = echo.service.registry.get_sample_value("nrem_request_errors_total", {"route": "/api/broken"})
    assert value == 1


async def test_a_body_that_announces_itself_as_too_large_is_not_read(echo) -> None:
    announced = {"content-length": str(LARGEST_REQUEST + 1), "content-type": "application/json"}
    check_shape(await echo.client.post("/api/labels", content=b"{}", headers=announced), 413, "too-large")


async def test_a_connection_that_was_cut_under_a_command_is_a_database_that_is_away(database) -> None:
    own = await database("echo")
    async with journal_on(own) as (_, pool), pool.acquire() as conn:
        assert await conn.fetchval("select 1") == 1
        await own.cut_connections()
        await eventually(lambda: "released" in repr(conn), seconds=10)  # the pool has noticed by itself
        with pytest.raises(asyncpg.InterfaceError) as cut:
            await conn.fetchval("select 1")
    assert is_away(cut.value)
    assert as_problem(cut.value).status == 503


async def test_a_correlation_id_is_taken_over_or_made(echo) -> None:
    given = await echo.client.get("/health/live", headers={"X-Correlation-ID": "case-17"})
    assert given.headers["x-correlation-id"] == "case-17"
    made = set()
    for strange in ("a" * 81, "with space", 'quote"', "line\tbreak"):
        answer = await echo.client.get("/health/live", headers={"X-Correlation-ID": strange})
        made.add(answer.headers["x-correlation-id"])
    assert len(made) == 4
    assert all(re.fullmatch("[0-9a-f]{16}-[0-9a-f]{8}", each) for each in made)
    await echo.client.post("/api/labels", json={"code": "a", "label": "a"}, headers={"X-Correlation-ID": "case-17"})
    row = await echo.runtime.pool.fetchrow("select actor, correlation_id from facts.journal")
    assert tuple(row) == ("anonymous", "case-17")


async def test_requests_are_measured_by_route_not_by_path(echo) -> None:
    for code in "abc":
        await echo.client.get(f"/api/labels/{code}")
    labels = {"method": "GET", "route": "/api/labels/{code}", "status": "4xx"}
    assert echo.service.registry.get_sample_value("nrem_request_seconds_count", labels) == 3
    text = (await echo.client.get("/metrics")).text
    assert "nrem_journal_head_position" in text


async def test_openapi_and_asyncapi_are_served(echo) -> None:
    openapi = (await echo.client.get("/api/openapi.json")).json()
    assert openapi["openapi"].startswith("3.1")
    assert "/api/labels/{code}" in openapi["paths"]
    asyncapi = (await echo.client.get("/api/asyncapi.json")).json()
    assert "nrem.members" in asyncapi["channels"]


async def post(echo: Running, key: str, label: str = "first", code: str = "a"):
    return await echo.client.post("/api/labels", json={"code": code, "label": label}, headers={"Idempotency-Key": key})


async def test_the_same_post_twice_is_one_command_with_one_answer(echo) -> None:
    first, again = await post(echo, "k1"), await post(echo, "k1")
    assert (again.status_code, again.text) == (first.status_code, first.text) == (201, '{"code":"a","label":"first"}')
    assert again.headers["etag"] == first.headers["etag"] == '"1"'
    assert again.headers["nrem-after"] == first.headers["nrem-after"]
    assert (first.headers.get("idempotency-replayed"), again.headers["idempotency-replayed"]) == (None, "true")
    assert await echo.runtime.pool.fetchval("select count(*) from facts.journal") == 1
    other = await post(echo, "k2")
    assert other.headers["etag"] == '"2"'


async def test_the_same_key_with_another_body_is_refused(echo) -> None:
    await post(echo, "k1")
    body = check_shape(await post(echo, "k1", "second"), 422, "invalid")
    assert [(e["pointer"], e["code"]) for e in body["errors"]] == [("header:Idempotency-Key", "used_before")]
    too_long = check_shape(await post(echo, "k" * 201), 422, "invalid")
    assert too_long["errors"][0]["code"] == "too_long"
    assert await echo.runtime.pool.fetchval("select count(*) from facts.journal") == 1


async def test_the_same_post_many_times_at_once_is_one_command(echo) -> None:
    answers = await asyncio.gather(*(post(echo, "k1") for _ in range(20)))
    assert {answer.status_code for answer in answers} == {201}
    assert {answer.text for answer in answers} == {answers[0].text}
    assert await echo.runtime.pool.fetchval("select count(*) from facts.journal") == 1


async def test_a_refused_post_is_not_remembered(echo) -> None:
    await record_labels(echo.runtime.journal, ("a", 1, "taken"))  # the table does not know: the insert will collide
    assert (await post(echo, "k1")).status_code == 500
    await echo.runtime.pool.execute("insert into facts.label values ('a', 'x', 1)")
    assert (await post(echo, "k1")).status_code == 201
