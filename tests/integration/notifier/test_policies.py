"""Policies are data: adopted as facts, refused where they would flood people."""

from __future__ import annotations

from datetime import date
from typing import Any

from integration.notifier.stage import Stage
from integration.notifier.test_mails import at, opened, task
from unit.notifier import golden


async def test_adopting_is_a_fact_and_repeating_it_is_none(stage: Stage, signing: Any) -> None:
    headers = signing.bearer("coordinator")
    body = golden.policies().model_dump(mode="json")
    for _ in range(2):
        answer = await stage.running.client.post("/api/policies", json=body, headers=headers)
        assert answer.status_code == 200, answer.text
        assert answer.json()["revision"] == 1
    assert answer.headers.get("nrem-after", "") == ""
    assert await stage.count("select count(*) from facts.journal") == 1


async def test_a_policy_that_would_flood_people_is_refused_with_the_number(stage: Stage, signing: Any) -> None:
    members = {f"m{n:02}": ("focal_point", "authorised_officer") for n in range(60)} | {"iem": ("coordinator",)}
    await stage.know(members)
    await opened(stage, *sorted(set(members) - {"iem"}))
    await stage.at(at("2026-10-16", 9))
    body = golden.policies().model_dump(mode="json")
    everybody = ["owner", "authorised_officer", "coordinator"]
    body["policies"]["default"]["steps"].append({"step": "OVERDUE", "days": 2, "unit": "working", "to": everybody})
    await stage.at(at("2026-10-19", 7))
    headers = {**signing.bearer("coordinator"), "accept-language": "en"}
    answer = await stage.running.client.post("/api/policies", json=body, headers=headers)
    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert (error["code"], error["pointer"]) == ("too_many_today", "/policies")
    assert "180" in error["detail"]
    assert await stage.count("select revision from facts.policies") == 1


async def test_a_new_step_says_nothing_of_days_that_were_over(stage: Stage, signing: Any) -> None:
    await stage.know()
    await task(stage, "T-2026-09", "em", date(2026, 11, 2), date(2026, 9, 1))
    await stage.at(at("2026-10-20", 9))
    before = len(await stage.inbox("focal_point@em.example"))
    body = golden.policies().model_dump(mode="json")
    body["policies"]["default"]["steps"] += [{"step": "BEFORE", "days": days, "to": ["owner"]} for days in (15, 20, 25)]
    answer = await stage.running.client.post("/api/policies", json=body, headers=signing.bearer("coordinator"))
    assert answer.status_code == 200, answer.text
    await stage.at(at("2026-10-21", 9))
    assert len(await stage.inbox("focal_point@em.example")) == before


async def test_wrong_policies_are_refused_with_every_reason(stage: Stage, signing: Any) -> None:
    body = golden.policies().model_dump(mode="json")
    body["deadlines"][0]["policy"] = "unheard-of"
    body["policies"]["default"]["steps"].append(body["policies"]["default"]["steps"][0])
    answer = await stage.running.client.post("/api/policies", json=body, headers=signing.bearer("coordinator"))
    assert answer.status_code == 422
    assert {error["code"] for error in answer.json()["errors"]} == {"unknown_code", "duplicate"}
    assert await stage.count("select count(*) from facts.journal") == 0
