"""The demonstration quarters over HTTP in the order of their times; then everything of `refused.yaml`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from data_catalogue import QUARTERS, load
from integration.intake.conftest import Intake

_OWN = ("nothing_to_report", "observations", "activities", "plan_progress", "future_plans", "challenges", "funding")


def happenings(*periods: str) -> list[tuple[datetime, str, str, dict[str, Any]]]:
    """(when, what, period, version) of every submission, correction and decision, in the order of their times."""
    found = []
    for name in periods:
        document = load(f"demo/submissions-{name}.yaml")
        versions = [(name, "submit", v) for v in document["submissions"]]
        versions += [(v["period"], "correct", v) for v in document["corrections"]]
        for period, what, version in versions:
            found.append((datetime.fromisoformat(version["submitted_at"]), what, period, version))
            if version["decision"]:
                found.append((datetime.fromisoformat(version["decision"]["at"]), "decide", period, version))
    return sorted(found, key=lambda each: each[0])


async def replay(intake: Intake, *periods: str) -> None:
    for when, what, period, version in happenings(*periods):
        await intake.set_clock(when.isoformat())
        member = version["member"]
        path = f"/api/periods/{period}/submissions/{member}"
        shown = await intake.get(path, intake.as_coordinator())
        seen = {"if_match": shown.headers["etag"]} if shown.status_code == 200 else {}
        if what == "decide":
            decision = version["decision"]
            verb, body = ("accept", None) if decision["outcome"] == "accepted" else ("return", _return(decision))
            path += f"/versions/{version['version']}/{verb}"
            answer = await intake.post(path, body, intake.as_coordinator(), **seen)
        elif what == "correct":
            body = {"items": version["items"]}
            answer = await intake.post(f"{path}/corrections", body, intake.as_member(member), **seen)
        else:
            body = {name: version[name] for name in _OWN}
            answer = await intake.post(path, body, intake.as_member(member), **seen)
        assert answer.status_code in (200, 201), (version.get("id"), answer.text)
        if what == "decide" and "due" in version["decision"]:
            assert answer.json()["due"] == version["decision"]["due"]


def _return(decision: dict[str, Any]) -> dict[str, Any]:
    """Without the due date: five working days lead to the very day that the file says."""
    return {"reasons": decision["reasons"]}


async def test_the_demonstration_is_replayed_and_refusals_change_nothing(intake: Intake) -> None:
    await replay(intake, "2026-Q1", "2026-Q2")
    await _refused(intake, "2026-Q3", until="2026-Q2")
    await replay(intake, "2026-Q3")

    listed = (await intake.get("/api/submissions", intake.as_coordinator())).json()
    late = {(s["period"], s["member"]) for s in listed if s["late"]}
    for period in QUARTERS:
        block = load(f"demo/submissions-{period}.yaml")["expected"]["as_first_accepted"]["submissions"]
        assert sorted(m for p, m in late if p == period) == sorted(block["first_version_late"])
    corrected = await intake.get("/api/periods/2026-Q1/submissions/vp", intake.as_coordinator())
    assert corrected.json()["accepted_version"] == 2
    values = await _values(intake, "2026-Q1", "vp", 2)
    assert values["citizenship=UZ"] == 3


async def _values(intake: Intake, period: str, member: str, version: int) -> dict[str, int]:
    path = f"/api/periods/{period}/submissions/{member}/versions/{version}"
    rows = (await intake.get(path, intake.as_coordinator())).json()["content"]["observations"]
    return {
        f"citizenship={row['citizenship']}": row["value"]
        for row in rows
        if row["indicator"] == "VICT_REG" and row["citizenship"] == "UZ"
    }


async def _refused(intake: Intake, period: str, until: str) -> None:
    """Each case is sent in place of the member's own submission, which is not there yet for `period`."""
    assert until < period
    before = await intake.everything()
    for case in load("demo/refused.yaml")["cases"]:
        document = case["submission"]
        own = document["id"][:7]
        if own == until:  # the member's own is there: only a dry run looks at content alone
            path = f"/api/validate/{own}/{document['member']}"
        else:
            path = f"/api/periods/{own}/submissions/{document['member']}"
        body = {name: document[name] for name in _OWN}
        answer = await intake.post(path, body, intake.as_member(document["member"]))
        assert answer.status_code == 422, (case["case"], answer.text)
        got = [(e["pointer"], e["code"]) for e in answer.json()["errors"]]
        assert got == [(e["at"], e["code"]) for e in case["errors"]], case["case"]
        assert all(e["detail"] and e["hint"] for e in answer.json()["errors"])
        assert "329999" not in answer.text
    assert await intake.everything() == before
