"""The pages in both languages, and the forms without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime

import httpx
import pytest

from integration.plan_tracker.scenario import Life
from nrem_plan_tracker.app import BLUEPRINT

END = "2026-11-22T12:00:00+02:00"

PATHS = {
    "/plans/{plan}": "/plans/2021-2023",
    "/plans/{plan}/results/{result}": "/plans/2025-2027/results/12.1",
    "/plans/{plan}/results/{result}/verdict": "/plans/2025-2027/results/7.3/verdict",
    "/plans/{plan}/results/{result}/dissent": "/plans/2025-2027/results/12.1/dissent",
    "/meetings/{code}/amendments/{amendment}": "/meetings/M-2026-Q2/amendments/A-2026-01",
    "/meetings/{code}/move": "/meetings/M-2026-Q4/move",
    "/meetings/{code}/cancel": "/meetings/M-2026-Q4/cancel",
    "/meetings/{code}/hold": "/meetings/M-2026-Q4/hold",
    "/meetings/{code}/decisions": "/meetings/M-2026-Q3/decisions",
}


def addresses() -> Iterator[str]:
    """An address of every page that answers GET."""
    for rule in BLUEPRINT.rules:
        method, path = rule.split(" ")
        if method == "GET" and not path.startswith("/api/"):
            yield PATHS.get(path, path.replace("{code}", "M-2026-Q2"))


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", re.sub(r"<(style|script)\b.*?</\1>", "", html, flags=re.DOTALL)))


@pytest.fixture
async def lived(life: Life) -> Life:
    await life.until(END)
    return life


async def page(life: Life, path: str, *roles: str, member: str | None = None, status: int = 200) -> str:
    headers = life.signing.cookie(*roles, member=member) if roles else {}
    answer = await life.service.client.get(path, headers=headers)
    assert answer.status_code == status, f"{path}: {answer.text[:2000]}"
    return answer.text


async def submit(
    life: Life, path: str, form: Mapping[str, str | list[str]], *roles: str, member: str | None = None
) -> httpx.Response:
    headers = life.signing.cookie(*roles, member=member)
    return await life.service.client.post(path, data=dict(form), headers={**headers, "accept": "text/html"})


@pytest.mark.parametrize("language", ["lv", "en"])
async def test_every_page_shows_for_the_coordinator(lived: Life, language: str) -> None:
    for address in addresses():
        html = await page(lived, f"{address}?lang={language}", "coordinator")
        assert "<h1" in html
        assert len(html) < 150_000, address


async def test_members_and_the_public_see_what_is_theirs(lived: Life) -> None:
    public = text_of(await page(lived, "/plans/2025-2027/results/12.1?lang=en"))
    assert "partially completed" in public
    assert "Self-assessments" not in public
    member = text_of(await page(lived, "/plans/2025-2027/results/12.1?lang=en", "member", member="tsb"))
    assert "Self-assessments" in member
    assert "IeM in progress" not in member
    for path in ("/tasks", "/meetings", "/meetings/M-2026-Q2/minutes", "/outlook"):
        await page(lived, path, "member", member="lm")
    await page(lived, "/meetings/M-2026-Q2/minutes", "member", member="nva", status=404)
    assert "T-2026-03" not in await page(lived, "/tasks", "member", member="lm")
    await page(lived, "/readiness", "member", member="lm", status=403)


async def test_the_closed_plan_and_the_plan_in_force(lived: Life) -> None:
    closed = text_of(await page(lived, "/plans/2021-2023?lang=lv"))
    assert re.search(r"22 izpildīts .*4 izpildīts daļēji .*5 nav izpildīts", closed)
    assert "ilustratīv" in closed
    tree = text_of(await page(lived, "/?lang=en&as_known_on=2026-11-01", "coordinator"))
    assert "Directions of action: 4, results: 23" in tree


async def test_a_meeting_in_the_past_is_refused_at_its_field(life: Life) -> None:
    await life.until("2026-10-12T12:00:00+03:00")
    form = {"about": "2026-Q3", "starts_on": "2026-10-12", "starts_time": "11:00"}
    past = await submit(life, "/meetings/new?lang=en", form, "coordinator")
    assert past.status_code == 422
    assert "cannot be called in the past" in text_of(past.text)
    assert 'id="starts_on-error"' in past.text
    missing = await submit(life, "/meetings/new?lang=en", {"mode": "online"}, "coordinator")
    assert missing.status_code == 422
    assert all(f'href="#{name}"' in missing.text for name in ("about", "starts_on"))
    called = await submit(life, "/meetings/new", {**form, "starts_on": "2026-11-11"}, "coordinator")
    assert (called.status_code, called.headers["location"]) == (303, "/plan/meetings/M-2026-Q3")
    assert (await submit(life, "/meetings/new?lang=en", form, "coordinator")).status_code == 409


async def test_a_members_amendment_through_the_forms(lived: Life) -> None:
    at = "/meetings/M-2026-Q3"
    circulated = await submit(lived, f"{at}/circulate", {}, "coordinator")
    assert (circulated.status_code, circulated.headers["location"]) == (303, f"/plan{at}"), circulated.text
    empty = await submit(lived, f"{at}/amend?lang=en", {"agenda_item": "2"}, "member", member="lm")
    assert empty.status_code == 422
    assert 'href="#text_lv"' in empty.text
    form = {"agenda_item": "2", "text_lv": "Precizēt skaitli", "text_en": "Correct the number"}
    amended = await submit(lived, f"{at}/amend", form, "member", member="lm")
    assert amended.status_code == 303, amended.text
    await page(lived, f"{at}/amend", "coordinator")
    code = (await lived.get(f"/api{at}/minutes"))["amendments"][0]["code"]
    assert code == "A-2026-03"
    early = await submit(lived, f"{at}/approve?lang=en", {}, "coordinator")
    assert early.status_code == 409
    assert "A-2026-03" in text_of(early.text)
    without = await submit(lived, f"{at}/amendments/{code}?lang=en", {"outcome": "accepted"}, "coordinator")
    assert without.status_code == 422
    assert 'href="#reason_lv"' in without.text
    reason = {"outcome": "accepted", "reason_lv": "Atbilst iesniegumam"}
    assert (await submit(lived, f"{at}/amendments/{code}", reason, "coordinator")).status_code == 303
    await lived.until("2026-12-01T10:00:00+02:00")
    assert (await submit(lived, f"{at}/approve", {}, "coordinator")).status_code == 303
    assert "Precizēt skaitli" in await page(lived, f"{at}/report?lang=lv", "member", member="lm")
    late = await submit(lived, f"{at}/amend?lang=en", form, "member", member="vp")
    assert late.status_code == 409
    assert "approved" in text_of(late.text)


async def test_calling_holding_and_deciding_through_the_forms(lived: Life) -> None:
    moved = {"starts_on": "2026-12-15", "starts_time": "13:30", "mode": "hybrid", "reason_lv": "Slimība"}
    assert (await submit(lived, "/meetings/M-2026-Q4/move", moved, "coordinator")).status_code == 303
    assert (await lived.get("/api/meetings/M-2026-Q4"))["sequence"] == 1
    assert (await submit(lived, "/meetings/M-2026-Q4/propose-agenda", {}, "coordinator")).status_code == 303
    agenda = (await lived.get("/api/meetings/M-2026-Q4"))["agenda"]
    assert {one["task"] for one in agenda if one["task"]} == {"T-2026-03", "T-2026-04", "T-2026-05", "T-2026-06"}
    await lived.clock(datetime.fromisoformat("2026-12-15T14:00:00+02:00"))
    nobody = await submit(lived, "/meetings/M-2026-Q4/hold?lang=en", {"excused": ["km"]}, "coordinator")
    assert nobody.status_code == 422
    assert 'href="#present"' in nobody.text
    there: dict[str, str | list[str]] = {"present": ["iem", "vp"], "online": ["lm"], "excused": ["km"]}
    assert (await submit(lived, "/meetings/M-2026-Q4/hold", there, "coordinator")).status_code == 303
    wrong = {"text_lv": "Lēmums", "owner": "vp", "due": "2026-01-01"}
    decisions = "/meetings/M-2026-Q4/decisions"
    refused = await submit(lived, f"{decisions}?lang=en", wrong, "coordinator")
    assert refused.status_code == 422
    assert 'href="#task_lv"' in refused.text
    refused = await submit(lived, f"{decisions}?lang=en", {**wrong, "task_lv": "Darbs"}, "coordinator")
    assert 'href="#due"' in refused.text
    right = {**wrong, "due": "2027-01-29", "task_lv": "Darbs", "dropped": "T-2026-04"}
    assert (await submit(lived, decisions, right, "coordinator")).status_code == 303
    tasks = {one["code"]: one["state"] for one in await lived.get("/api/tasks")}
    assert (tasks["T-2026-04"], tasks["T-2026-07"]) == ("dropped", "open")
    assert (await submit(lived, "/tasks/T-2026-07/done", {}, "member", member="vp")).status_code == 303


async def test_a_verdict_through_the_form(lived: Life) -> None:
    at = "/plans/2025-2027/results/7.6/verdict"
    bare = await submit(lived, f"{at}?lang=en", {"verdict": "completed", "text_lv": "Izpildīts"}, "coordinator")
    assert bare.status_code == 422
    assert 'href="#submission"' in bare.text
    given = {"verdict": "in_progress", "text_lv": "Turpinās", "submission": "2026-Q3/pmlp/1"}
    assert (await submit(lived, at, given, "coordinator")).status_code == 303
    shown = text_of(await page(lived, "/plans/2025-2027/results/7.6?lang=lv", "coordinator"))
    assert "Turpinās" in shown
