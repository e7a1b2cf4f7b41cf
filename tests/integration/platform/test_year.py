"""The demonstration until 25 January 2027: reminders exactly as worked out by hand, minutes, the plan on any day."""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections import Counter
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from email import message_from_bytes
from email.policy import default
from typing import Any

import asyncpg
import pytest

from integration.notifier.story import keys
from nrem_embedded.demonstration.steps import COORDINATOR
from nrem_embedded.institutions import Institutions, http_client
from nrem_embedded.platform.state import StateFolder
from unit.notifier.golden import Row, cases

pytestmark = pytest.mark.timeout(600)

END = date(2027, 1, 25)

#: Pages that show what the two services know of the others, and what they decided themselves.
PAGES = (
    "/plan/plans/2025-2027",
    "/plan/plans/2025-2027/results/7.2",
    "/plan/meetings/M-2026-Q3",
    "/plan/meetings/M-2026-Q3/minutes",
    "/plan/meetings/M-2026-Q3/report",
    "/plan/tasks",
    "/plan/outlook",
    "/plan/readiness",
    "/statistics/quarters/2026-Q3/releases/1",
    "/reminders/",
    "/reminders/ledger",
    "/reminders/why?institution=km&day=2026-07-22",
)


def run(work: Coroutine[Any, Any, Any]) -> Any:
    """In a thread of its own: in this one other tests have their event loop."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


@pytest.fixture(scope="module")
def year(platform: Any) -> Any:
    moved = platform.nrem("clock", "advance", "--to", END.isoformat())
    assert moved.returncode == 0, moved.stdout + moved.stderr
    assert "passed over" not in moved.stdout
    return platform


async def asked(platform: Any, *paths: str) -> list[Any]:
    async with http_client(platform.url) as http:
        institutions = Institutions(http, StateFolder(platform.state).keys())
        return [(await institutions.do(COORDINATOR, "GET", path)).json() for path in paths]


async def rows_of(platform: Any, query: str) -> list[asyncpg.Record]:
    address = StateFolder(platform.state).installation().databases["notifier"].app
    connection = await asyncpg.connect(address)
    try:
        found: list[asyncpg.Record] = await connection.fetch(query)
        return found
    finally:
        await connection.close()


def test_the_ledger_holds_every_worked_case(year: Any) -> None:
    expected: dict[str, set[Row]] = {}
    last: dict[str, date] = {}
    for case in cases():
        for code, key in keys(case).items():
            expected[key] = {row for row in case.expected if row.obligation == code and row.date < END}
            last[key] = case.up_to
    answers = run(asked(year, *(f"/reminders/api/ledger?obligation={key}" for key in expected)))
    for (key, rows), answer in zip(expected.items(), answers, strict=True):
        found = {row for row in map(row_of, answer) if row.date <= last[key]}
        assert found == rows, key
        assert all(row["state"] == "sent" for row in answer), key
    assert sum(map(len, expected.values())) == 64


def row_of(answer: dict[str, Any]) -> Row:
    day, planned = (date.fromisoformat(answer[name]) for name in ("date", "planned"))
    return Row(answer["code"], day, answer["step"], answer["to"], answer["mail"], planned)


def test_every_mail_arrived_once_as_it_was_kept(year: Any) -> None:
    sent = run(rows_of(year, "select message_id, content, contact, kind, day, state from facts.mail"))
    received = run(rows_of(year, "select message_id, content from facts.received"))
    assert {mail["state"] for mail in sent} <= {"sent", "superseded"}
    ids = {mail["message_id"] for mail in sent}
    others = [mail for mail in received if mail["message_id"] not in ids]
    assert all("/intake/sign-in" in text_of(mail["content"]) for mail in others), "only intake's own are beside them"
    arrived = Counter(mail["message_id"] for mail in received if mail["message_id"] in ids)
    assert arrived == Counter(mail["message_id"] for mail in sent if mail["state"] == "sent")
    assert set(arrived.values()) == {1}
    kept = {mail["message_id"]: mail["content"] for mail in sent if mail["content"] is not None}
    for mail in received:
        if mail["message_id"] in kept:
            assert fingerprint(mail["content"]) == fingerprint(kept[mail["message_id"]])
    digests = Counter((mail["contact"], mail["day"]) for mail in sent if mail["kind"] == "digest")
    assert set(digests.values()) == {1}, "one digest for each recipient and day"


def text_of(content: bytes) -> str:
    """What a reader sees of a mail."""
    body = message_from_bytes(content, policy=default).get_body(("plain",))
    return body.get_content() if body is not None else ""


def fingerprint(content: bytes) -> str:
    """Of the bytes; servers end lines and mails in their own way."""
    return hashlib.sha256(content.replace(b"\r\n", b"\n").rstrip()).hexdigest()


def test_minutes_are_approved_and_the_report_prints_the_journal(year: Any) -> None:
    (minutes,) = run(asked(year, "/plan/api/meetings/M-2026-Q3/minutes"))
    assert minutes["state"] == "approved"
    assert {one["code"]: one["outcome"] for one in minutes["amendments"]} == {
        "A-2026-03": "accepted",
        "A-2026-04": "rejected",
    }
    report = run(pages(year, "/plan/meetings/M-2026-Q3/report"))["/plan/meetings/M-2026-Q3/report"]
    head = re.search(r"[0-9a-f]{64}", re.sub("<[^>]*>", "", report))
    assert head is not None
    (released,) = run(asked(year, "/statistics/api/quarters/2026-Q3/releases/1"))
    assert len(released["manifest"]) == 15
    assert "2026-Q3" in report
    verified = year.nrem("verify-journal", "--service", "plan-tracker", "--head", head[0])
    assert verified.returncode == 0, verified.stdout


def test_the_plan_on_any_day(year: Any) -> None:
    path = "/plan/api/plans/2025-2027/results/7.2?as_known_on="
    before, after = run(asked(year, path + "2026-11-10", path + "2026-11-12"))
    assert before["verdicts"] == []
    assert [one["verdict"] for one in after["verdicts"]] == ["completed"]
    assert (before["self_status"], after["self_status"]) == ("completed", "completed")


def test_rebuilt_projections_show_the_same_pages(year: Any) -> None:
    before = run(pages(year, *PAGES))
    mails = run(rows_of(year, "select count(*) from facts.mail"))[0][0]
    for service in ("plan-tracker", "notifier"):
        rebuilt = year.nrem("rebuild", service)
        assert rebuilt.returncode == 0, rebuilt.stdout + rebuilt.stderr
    run(asked(year, f"/reminders/api/settled?instant={END}T00:00:00%2B02:00"))
    after = run(pages(year, *PAGES))
    for path in PAGES:
        assert after[path] == before[path], path
    assert run(rows_of(year, "select count(*) from facts.mail"))[0][0] == mails


async def pages(platform: Any, *paths: str) -> dict[str, str]:
    """What the coordinator sees, without tokens that differ each time."""
    async with http_client(platform.url) as http:
        await http.post("/intake/demonstration/session", data={"role": "coordinator"})
        found = {}
        for path in paths:
            answer = await http.get(path, headers={"accept": "text/html"}, follow_redirects=True)
            assert answer.status_code == 200, path
            found[path] = re.sub(r'(nonce|name="[a-z_]*token" value)="[^"]*"', "", answer.text)
        return found
