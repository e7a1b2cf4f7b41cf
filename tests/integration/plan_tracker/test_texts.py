"""What people write in verdicts, decisions, tasks and minutes: helplines may stand in it, and a text goes whole."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from integration.plan_tracker.scenario import Life
from nrem_plan_tracker.sources import handlers as sources
from nrem_shared.runtime.journal.redacting import free_texts
from support.allowed_contacts import HELPLINE, SAID, UNKNOWN, allowed_contacts

PLAN = "2025-2027"
NAME = "Paraugs Vārds"


async def result_of(life: Life) -> str:
    plan = await life.get(f"/api/plans/{PLAN}")
    return str(plan["directions"][0]["measures"][0]["results"][0]["code"])


def verdict(text: str) -> dict[str, Any]:
    return {"verdict": "in_progress", "text": {"lv": text}}


async def test_helplines_that_the_bus_names_may_stand_in_a_verdict(life: Life) -> None:
    path = f"/api/plans/{PLAN}/results/{await result_of(life)}/verdicts"
    assert (await life.post(path, verdict(SAID))).status_code == 422
    async with life.service.runtime.pool.acquire() as conn:
        await sources.apply_reference(conn, [allowed_contacts(HELPLINE)])
    refused = await life.post(path, verdict(UNKNOWN))
    assert [(one["pointer"], one["code"]) for one in refused.json()["errors"]] == [("/text/lv", "personal_data_phone")]
    assert (await life.post(path, verdict(SAID))).status_code == 201


async def test_a_text_goes_from_verdict_and_dissent_and_the_next_verdict_follows(life: Life) -> None:
    result = await result_of(life)
    path = f"/api/plans/{PLAN}/results/{result}"
    await life.ask(f"{path}/verdicts", verdict(f"{NAME} to vada"))
    dissent = {"text": {"lv": f"{NAME} to vada"}, "institution": "marta"}
    await life.ask(f"{path}/dissents", dissent)
    runtime = life.service.runtime
    async with runtime.pool.acquire() as conn:
        position = await conn.fetchval("select position from facts.journal where subject like 'verdict/%'")
    wanted = {"position": position, "places": ["/text"], "reason": "Nosaukta persona"}
    done = await life.post("/api/redactions", wanted)
    assert (done.status_code, done.json()) == (200, {"texts": 1, "facts": 2}), done.text
    async with runtime.pool.acquire() as conn:
        for table in ("journal_payload", "verdict", "dissent"):
            assert await conn.fetchval(f"select count(*) from facts.{table} t where t::text like '%{NAME}%'") == 0
        rows = await conn.fetch(
            """
            select j.subject, j.revision, p.payload from facts.journal j join facts.journal_payload p using (position)
             where j.type = 'nrem.plan.redacted.v1' order by j.position
            """
        )
    assert [(row["subject"].partition("/")[0], row["revision"]) for row in rows] == [("verdict", 2), ("dissent", 2)]
    assert [json.loads(row["payload"])["revision"] for row in rows] == [1, 1]
    shown = await life.get(path)
    assert NAME not in json.dumps(shown, ensure_ascii=False)
    assert "[dzēsts]" in json.dumps(shown, ensure_ascii=False)
    await life.ask(f"{path}/verdicts", verdict("Izpilde turpinās"))  # the stream's third revision, not its second again
    await life.ask(f"{path}/dissents", {**dissent, "text": {"lv": "Joprojām nepiekrītam"}})


@pytest.mark.parametrize(
    ("kind", "path"), [("plan", "/api/plans"), ("recommendation", "/api/recommendations"),
                       ("legal-deadline", "/api/legal-deadlines")],
)  # fmt: skip
async def test_an_old_file_does_not_bring_back_what_was_taken_out(life: Life, kind: str, path: str) -> None:
    first = await _loaded(life, path)
    await life.ask(path, _with(kind, first, f"{NAME} to vada"))
    runtime = life.service.runtime
    async with runtime.pool.acquire() as conn:
        fact = await conn.fetchrow(
            """
            select j.position, p.payload from facts.journal j join facts.journal_payload p using (position)
             where j.subject like $1 and p.payload like $2
            """,
            f"{kind}/%",
            f"%{NAME}%",
        )
    (place,) = [at for at, text in free_texts(json.loads(fact["payload"])) if text == f"{NAME} to vada"]
    wanted = {"position": fact["position"], "places": [place], "reason": "Nosaukta persona"}
    assert (await life.post("/api/redactions", wanted)).status_code == 200

    again = await life.post(path, _with(kind, first, f"{NAME} to vada"))
    assert again.status_code == 422, again.text
    (error,) = again.json()["errors"]
    assert (error["pointer"], error["code"]) == (_pointer(kind), "redacted_text")
    row = first["directions"][0]["measures"][0]["results"][0] if kind == "plan" else first[1]
    assert error["detail"].startswith(f"Rinda {row['code']}: ") or error["detail"].startswith(f"Row {row['code']}: ")
    assert NAME not in again.text
    async with runtime.pool.acquire() as conn:
        assert not await conn.fetchval(
            "select count(*) from facts.journal_payload p where p::text like $1", f"%{NAME}%"
        )
    assert (await life.post(path, _with(kind, first, "[dzēsts]"))).status_code == 201


async def _loaded(life: Life, path: str) -> Any:
    """What the demonstration's files say."""
    if path == "/api/plans":
        return await life.get(f"{path}/{PLAN}")
    return await life.get(path)


def _with(kind: str, known: Any, text: str) -> Any:
    """The same document with this text in one of its rows, without what only answers say."""
    document = copy.deepcopy(known)
    if kind == "plan":
        document.pop("revision", None)
        document["directions"][0]["measures"][0]["results"][0]["title"]["lv"] = text
        return document
    document[1]["title"]["lv"] = text
    return document


def _pointer(kind: str) -> str:
    return "/directions/0/measures/0/results/0/title/lv" if kind == "plan" else "/1/title/lv"
