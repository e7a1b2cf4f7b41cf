"""What people write in historical series: guarded as everywhere, and taken out of everything."""

from __future__ import annotations

from typing import Any

import pytest

from integration.statistics.history_data import history
from nrem_statistics.sources import handlers
from support.allowed_contacts import HELPLINE, SAID, UNKNOWN, allowed_contacts
from support.running import Running
from support.signing import Signing


def series(text: str) -> dict[str, Any]:
    body = history().model_dump(mode="json")
    body["breaks"][0]["text"]["lv"] = text
    return body


async def recorded(statistics: Running, signing: Signing, body: Any) -> Any:
    return await statistics.client.post(
        "/api/history", json=body, headers={**signing.bearer("coordinator"), "Accept-Language": "en"}
    )


async def test_personal_data_in_a_series_is_refused_with_its_place(statistics: Running, signing: Signing) -> None:
    body = series("Skat. 040198-12345")
    body["figures"][0]["source"] = "anna@paraugs.example"
    answer = await recorded(statistics, signing, body)
    assert answer.status_code == 422
    told = [(one["pointer"], one["code"], one["detail"]) for one in answer.json()["errors"]]
    assert told == [
        ("/figures/0/source", "personal_data_email", "From character 1 on the text holds an e-mail address."),
        ("/breaks/0/text/lv", "personal_data_personal_code", "From character 7 on the text holds a personal code."),
    ]
    async with statistics.runtime.pool.acquire() as conn:
        assert await conn.fetchval("select count(*) from facts.history") == 0


async def test_the_contacts_that_the_bus_names_may_stand_in_it(statistics: Running, signing: Signing) -> None:
    assert (await recorded(statistics, signing, series(SAID))).status_code == 422
    async with statistics.runtime.pool.acquire() as conn:
        await handlers.apply_reference(conn, [allowed_contacts(HELPLINE)])
    assert (await recorded(statistics, signing, series(UNKNOWN))).status_code == 422
    assert (await recorded(statistics, signing, series(SAID))).status_code == 201
    async with statistics.runtime.pool.acquire() as conn:  # an older revision that comes late changes nothing
        await handlers.apply_reference(conn, [allowed_contacts(HELPLINE, "112", revision=3)])
        await handlers.apply_reference(conn, [allowed_contacts(revision=2)])
    assert (await recorded(statistics, signing, series(f"{SAID}!"))).status_code == 201


async def test_a_text_goes_from_every_revision_of_a_series(statistics: Running, signing: Signing) -> None:
    coordinator = {**signing.bearer("coordinator"), "Accept-Language": "en"}
    body = series("Tā teica Paraugs Vārds")
    assert (await recorded(statistics, signing, body)).status_code == 201
    body["figures"][-1]["value"] = 41
    assert (await recorded(statistics, signing, body)).status_code == 201
    wanted = {"position": 2, "places": ["/breaks/0/text/lv"], "reason": "A name"}
    done = await statistics.client.post("/api/redactions", json=wanted, headers=coordinator)
    assert (done.status_code, done.json()) == (200, {"texts": 1, "facts": 2}), done.text
    async with statistics.runtime.pool.acquire() as conn:
        for table in ("journal_payload", "history"):
            left = await conn.fetchval(f"select count(*) from facts.{table} t where t::text like '%Paraugs%'")
            assert left == 0, table
    (shown,) = (await statistics.client.get("/api/years")).json()["history"]
    assert (shown["breaks"][0]["text"]["lv"], shown["figures"][-1]["value"]) == ("[dzēsts]", 41)
    listed = (await statistics.client.get("/api/redactions", headers=coordinator)).json()
    assert sorted((one["redacts"], one["subject"], one["reason"]) for one in listed) == [
        (1, "history/victims", "A name"),
        (2, "history/victims", "A name"),
    ]


async def test_an_old_file_does_not_bring_back_what_was_taken_out(statistics: Running, signing: Signing) -> None:
    coordinator = {**signing.bearer("coordinator"), "Accept-Language": "en"}
    first = series("Tā teica Paraugs Vārds")
    assert (await recorded(statistics, signing, first)).status_code == 201
    wanted = {"position": 1, "places": ["/breaks/0/text/lv"], "reason": "A name"}
    assert (await statistics.client.post("/api/redactions", json=wanted, headers=coordinator)).status_code == 200

    again = await recorded(statistics, signing, first)
    assert again.status_code == 422, again.text
    (error,) = again.json()["errors"]
    gap = first["breaks"][0]
    assert (error["pointer"], error["code"]) == ("/breaks/0/text/lv", "redacted_text")
    assert error["detail"].startswith(f"Row {gap['after']}–{gap['before']}: ")
    assert "[dzēsts]" in error["hint"]
    assert "Paraugs" not in again.text
    moved = {**first, "breaks": [{**gap, "after": 1990, "before": 1991, "text": {"lv": "Cits"}}, gap]}
    assert [one["pointer"] for one in (await recorded(statistics, signing, moved)).json()["errors"]] == [
        "/breaks/1/text/lv"
    ]
    async with statistics.runtime.pool.acquire() as conn:
        for table in ("journal_payload", "history"):
            assert not await conn.fetchval(f"select count(*) from facts.{table} t where t::text like '%Paraugs%'")
    marked = series("[dzēsts]")
    marked["figures"][-1]["value"] = 43
    assert (await recorded(statistics, signing, marked)).status_code == 201, "the rest may change"


WRONG = (
    ({"position": 99, "reason": "x"}, "/position", "no_such_position"),
    ({"position": 1, "reason": " "}, "/reason", "reason_missing"),
    ({"position": 1, "reason": "040198-12345"}, "/reason", "reason_personal_data"),
    ({"position": 1, "places": ["/nowhere"], "reason": "x"}, "/places/0", "no_such_text"),
)


@pytest.mark.parametrize(("wanted", "pointer", "code"), WRONG, ids=lambda one: str(one)[:20])
async def test_a_redaction_that_cannot_be_done(
    statistics: Running, signing: Signing, wanted: Any, pointer: str, code: str
) -> None:
    await recorded(statistics, signing, series("Paskaidrojums"))
    answer = await statistics.client.post("/api/redactions", json=wanted, headers=signing.bearer("coordinator"))
    assert answer.status_code == 422
    assert [(one["pointer"], one["code"]) for one in answer.json()["errors"]] == [(pointer, code)]
    assert all(one["detail"] for one in answer.json()["errors"])
    async with statistics.runtime.pool.acquire() as conn:
        assert await conn.fetchval("select count(*) from facts.journal") == 1


async def test_the_page_asks_before_it_takes_anything_out(statistics: Running, signing: Signing) -> None:
    who = {**signing.cookie("coordinator", member="iem"), "Accept": "text/html", "Accept-Language": "en"}
    await recorded(statistics, signing, series("Tā teica Paraugs Vārds"))
    listed = await statistics.client.get("/redact", headers=who)
    assert "/redact?stream=history/victims" in listed.text
    form = await statistics.client.get("/redact?stream=history/victims", headers=who)
    assert "Tā teica Paraugs Vārds" in form.text
    empty = await statistics.client.post("/redact", data={"stream": "history/victims"}, headers=who)
    assert empty.status_code == 422
    assert 'href="#texts"' in empty.text
    assert 'href="#reason"' in empty.text
    sent = {"stream": "history/victims", "texts": "1:/breaks/0/text/lv", "reason": "A name"}
    asked = await statistics.client.post("/redact", data=sent, headers=who)
    assert asked.status_code == 200
    assert "This cannot be undone." in asked.text
    async with statistics.runtime.pool.acquire() as conn:
        assert await conn.fetchval("select count(*) from facts.journal") == 1
    done = await statistics.client.post("/redact", data={**sent, "confirmed": "yes"}, headers=who)
    assert done.status_code == 303, done.text
    assert "Paraugs" not in (await statistics.client.get("/redact?stream=history/victims", headers=who)).text
    for stream in ("nothing/here", "%25"):
        assert (await statistics.client.get(f"/redact?stream={stream}", headers=who)).status_code == 404, stream
    assert (await statistics.client.get("/redact", headers=signing.cookie("member", member="vp"))).status_code == 403
