"""The year 2026 of the demonstration, meeting by meeting, over the API."""

from __future__ import annotations

import copy
from datetime import datetime
from typing import Any

import pytest

from data_catalogue import QUARTERS, load
from integration.plan_tracker.scenario import Life, meetings

END = "2026-11-22T12:00:00+02:00"


@pytest.fixture
async def lived(life: Life) -> Life:
    await life.until(END)
    return life


async def test_progress_has_every_expected_leaf(lived: Life) -> None:
    for quarter in QUARTERS:
        wanted = load(f"demo/submissions-{quarter}.yaml")["expected"]["plan_tracker"]
        known_on = wanted["known_on"].replace("+", "%2B")
        answer = await lived.get(f"/api/periods/{quarter}/progress?as_known_on={known_on}")
        assert {name: answer[name] for name in wanted} == wanted


async def test_minutes_rest_on_what_was_accepted_when_the_meeting_began(lived: Life) -> None:
    for meeting in meetings()[:2]:
        minutes = await lived.get(f"/api/meetings/{meeting['code']}/minutes")
        basis, wanted = minutes["document"]["basis"], meeting["based_on"]
        assert (len(basis["used"]), basis["not_used"]) == (wanted["accepted"], wanted["not_used"])
        assert minutes["amendments_due"] == meeting["minutes"]["amendments_due"]
        assert minutes["state"] == "approved"
        approved = datetime.fromisoformat(minutes["approved_at"])
        assert approved == datetime.fromisoformat(meeting["minutes"]["approved_at"])
        outcomes = [(one["code"], one["outcome"]) for one in minutes["amendments"]]
        assert outcomes == [(one["code"], one["outcome"]) for one in meeting["minutes"]["amendments"]]
        assert len(minutes["journal_head"]) == 64
        assert sum(minutes["document"]["status_counts"].values()) == 23


async def test_approved_minutes_carry_the_head_of_the_journal(lived: Life) -> None:
    minutes = await lived.get("/api/meetings/M-2026-Q2/minutes")
    async with lived.service.runtime.pool.acquire() as conn:
        at = await conn.fetchval("select hash from facts.journal where position = $1", minutes["journal_position"])
        frozen = await conn.fetchval(
            "select min(position) from facts.journal where type = 'nrem.minutes.approved.v1' and position > $1",
            minutes["journal_position"],
        )
    assert at.hex() == minutes["journal_head"]
    assert frozen == minutes["journal_position"] + 1


async def test_tasks_and_decisions(lived: Life) -> None:
    tasks = {one["code"]: one for one in await lived.get("/api/tasks")}
    assert {code: one["state"] for code, one in tasks.items()} == {
        "T-2026-01": "done",
        "T-2026-02": "done",
        "T-2026-03": "open",
        "T-2026-04": "open",
        "T-2026-05": "open",
        "T-2026-06": "open",
    }
    assert (tasks["T-2026-03"]["first_due"], tasks["T-2026-03"]["due"]) == ("2026-08-31", "2026-12-15")
    assert tasks["T-2026-02"]["done_on"] == "2026-06-16"
    statuses = {one["code"]: one["status"] for one in await lived.get("/api/decisions")}
    assert statuses == {one["code"]: one["status"] for meeting in meetings() for one in meeting["decisions"]}


async def test_the_proposed_agenda_has_everything_that_stood_on_the_real_one(life: Life) -> None:
    def named(items: list[dict[str, Any]]) -> set[tuple[str, str]]:
        links = ("result", "challenge", "member", "task")
        return {(one["kind"], str(one[link])) for one in items for link in links if one.get(link)}

    for meeting in meetings()[:3]:
        await life.until(f"{meeting['invited_on']}T09:00:00+03:00")
        proposal = await life.get(f"/api/meetings/{meeting['code']}/proposal")
        assert named(meeting["agenda"]) <= named(proposal), meeting["code"]
        assert [one["item"] for one in proposal] == list(range(1, len(proposal) + 1))


async def test_the_meeting_in_february_and_its_draft_date(lived: Life) -> None:
    found = await lived.get("/api/meetings")
    assert [(one["code"], one["state"]) for one in found] == [
        ("M-2026-Q4", "scheduled"),
        ("M-2026-Q3", "held"),
        ("M-2026-Q2", "held"),
        ("M-2026-Q1", "held"),
    ]
    assert found[1]["minutes_due"] == "2026-11-26"
    assert len(found[0]["invited"]) == 17


async def test_verdicts_stand_beside_what_members_say(lived: Life) -> None:
    one = await lived.get("/api/plans/2025-2027/results/12.1?as_known_on=2026-08-20")
    assert (one["status"], one["self_status"], one["disputed"]) == ("partially_completed", "disputed", True)
    assert [each["institution"] for each in one["dissents"]] == ["marta"]
    before = await lived.get("/api/plans/2025-2027/results/12.1?as_known_on=2026-08-11")
    assert (before["status"], before["verdicts"]) == ("disputed", [])


def referring(to: str) -> dict[str, Any]:
    """The plan in force, its first result said to continue in another of its results."""
    plan: dict[str, Any] = copy.deepcopy(load("plans/2025-2027.yaml")["plan"])
    plan["directions"][0]["measures"][0]["results"][0]["continues_in"] = [to]
    return plan


async def test_refusals_change_nothing(lived: Life) -> None:
    async def positions() -> int:
        async with lived.service.runtime.pool.acquire() as conn:
            return int(await conn.fetchval("select position from facts.journal_head"))

    before = await positions()
    past = {"code": "M-X", "about": "2026-Q3", "starts_at": "2026-11-01T10:00:00+02:00"}
    text = {"text": {"lv": "Par vēlu"}}
    broken = {**load("plans/2025-2027.yaml")["plan"], "owner": "ghost", "totals": {"results": 7}}
    attempts: list[tuple[str, Any, str | None, int, set[str]]] = [
        ("/api/meetings", past, None, 422, {"in_the_past"}),
        ("/api/meetings", {**past, "about": "2030-Q1"}, None, 422, {"in_the_past", "no_such_period"}),
        ("/api/meetings/M-2026-Q4/hold", {"attendance": []}, None, 409, {"not_begun"}),
        ("/api/meetings/M-2026-Q1/move", {"starts_at": "2027-01-01T10:00:00+02:00"}, None, 409, {"meeting_held"}),
        ("/api/meetings/M-2026-Q2/minutes/amendments", text, "lm", 409, {"minutes_approved"}),
        ("/api/meetings/M-2026-Q2/decisions", text, None, 409, {"minutes_circulated"}),
        ("/api/meetings/M-2026-Q4/decisions", text, None, 409, {"not_held"}),
        ("/api/meetings/M-2026-Q4/minutes/circulate", {}, None, 409, {"not_held"}),
        ("/api/tasks/T-2026-04/done", {}, "vp", 404, {"no_such_task"}),
        ("/api/tasks/T-2026-01/done", {}, None, 409, {"task_done"}),
        ("/api/plans", broken, None, 422, {"unknown_institution", "total_differs"}),
        ("/api/plans", referring("99.9"), None, 422, {"dangling_reference"}),
        ("/api/plans", referring("1.1"), None, 422, {"circular_reference"}),
        ("/api/meetings/M-2026-Q4/move", {"starts_at": past["starts_at"]}, None, 422, {"in_the_past"}),
        (
            "/api/plans/2025-2027/results/7.3/verdicts",
            {"verdict": "completed", **text},
            None,
            422,
            {"evidence_missing", "measure_missing"},
        ),
        (
            "/api/plans/2025-2027/results/7.2/verdicts",
            {"verdict": "completed", **text, "evidence": {"submission": "2026-Q3/vp/1", "ref": "NOT-THERE"}},
            None,
            422,
            {"evidence_unknown"},
        ),
        ("/api/plans/2025-2027/results/7.3/dissents", text, "marta", 409, {"no_verdict_yet"}),
        (
            "/api/recommendations",
            [{**(await lived.get("/api/recommendations"))[0], "links": [{"plan": "2025-2027", "result": "0.0"}]}],
            None,
            422,
            {"dangling_reference"},
        ),
        (
            "/api/meetings/M-2026-Q3/decisions",
            {
                **text,
                "tasks": [{"owner": "nobody", "due": "2026-01-01", "text": {"lv": "x"}}],
                "carries": [{"task": "T-2026-01", "due": "2027-01-01"}],
                "drops": ["T-0"],
            },
            None,
            422,
            {"unknown_institution", "due_in_the_past", "task_done", "no_such_task"},
        ),
    ]
    for path, body, member, status, codes in attempts:
        answer = await lived.post(path, body, member)
        assert answer.status_code == status, f"{path}: {answer.text}"
        assert {one["code"] for one in answer.json()["errors"]} == codes, path
        assert all(one["detail"] for one in answer.json()["errors"])
    assert await positions() == before
