"""A text is redacted once: it is gone from every database and, once the operator has sent anew, from every topic."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer

from integration.embedded.installation import Platform, run
from nrem_embedded.cli.access import find
from nrem_embedded.institutions import Institutions
from nrem_embedded.platform.state import SERVICES
from nrem_shared.contracts.topics import TOPICS
from support.eventually import eventually

pytestmark = pytest.mark.timeout(420)

#: Stands in every text that is redacted, and nowhere else.
MARKER = "Personas Vārds"
PERIOD, MEMBER = "2025-Q4", "vp"
PATH = f"/intake/api/periods/{PERIOD}/submissions/{MEMBER}"
REASON = {"lv": "Tekstā bija nosaukta persona", "en": "A text named a person"}

FIGURE = {"indicator": "VICT_REFERRED", "sex": "F", "age_group": "ADULT", "destination": "STATE_POLICE"}


def text(what: str) -> dict[str, str]:
    return {"lv": f"{what}: {MARKER} piedalījās", "en": f"{what}, with {MARKER}"}


CONTENT: dict[str, Any] = {
    "observations": [{**FIGURE, "value": 4, "comment": f"Paskaidro {MARKER}"}],
    "activities": [
        {"code": "A-1", "type": "TRAINING", "title": text("Mācības"), "date": "2025-11-05", "audience": "PUBLIC",
         "participants": 7},
    ],
    "future_plans": [{"code": "FP-1", "text": text("Plāns"), "planned_for": "2026-Q1"}],
    "challenges": [{"code": "CH-vp-77", "text": text("Grūtības"), "state": "open"}],
}  # fmt: skip


@asynccontextmanager
async def speaking(platform: Platform) -> AsyncIterator[Institutions]:
    async with find(platform.state).speaking() as institutions:
        yield institutions


async def story(platform: Platform, say: Institutions) -> None:
    """Reported, accepted, corrected, put on an agenda and into minutes, released: all with the marker."""
    opened = {"code": PERIOD, "group": "working_group_2025", "due": "2026-01-15", "illustrative": True}
    await say.do("coordinator", "POST", "/intake/api/periods", json=opened)
    await say.do(MEMBER, "POST", PATH, json=CONTENT)
    await say.do("coordinator", "POST", f"{PATH}/versions/1/accept", headers={"If-Match": '"1"'})
    await say.do("coordinator", "POST", f"/statistics/api/quarters/{PERIOD}/releases", headers=await seen(platform))
    wrong = [{"observation": FIGURE, "old": 4, "new": 3, "reason": {"lv": f"Divreiz: {MARKER}"}}]
    await say.do(MEMBER, "POST", f"{PATH}/corrections", json={"items": wrong}, headers={"If-Match": '"2"'})
    await say.do("coordinator", "POST", f"{PATH}/versions/2/accept", headers={"If-Match": '"3"'})
    await say.do("coordinator", "POST", f"/statistics/api/quarters/{PERIOD}/releases", headers=await seen(platform))
    now = datetime.fromisoformat((await say.do("coordinator", "GET", "/intake/api/clock")).json()["now"])
    agenda = [{"item": 1, "kind": "CHALLENGE", "text": text("Grūtības"), "challenge": "CH-vp-77"}]
    meeting = {"code": "M-redacted", "about": PERIOD, "starts_at": (now + timedelta(days=1)).isoformat()}
    await say.do("coordinator", "POST", "/plan/api/meetings", json={**meeting, "agenda": agenda})
    await run("clock", "advance", "2d", state=platform.state)
    await platform.settle()
    held = {"attendance": [{"institution": "iem", "roles": ["chair"]}]}
    await say.do("coordinator", "POST", "/plan/api/meetings/M-redacted/hold", json=held)
    await told_by_the_group(platform, say)
    await say.do("coordinator", "POST", "/plan/api/meetings/M-redacted/minutes/circulate")
    amendment = {"code": "A-redacted", "institution": MEMBER, "text": text("Labojums protokolā")}
    path = "/plan/api/meetings/M-redacted/minutes/amendments"
    await say.do("coordinator", "POST", path, json=amendment)
    refused = {"outcome": "rejected", "reason": text("Noraidīts")}
    await say.do("coordinator", "POST", f"{path}/A-redacted/decide", json=refused)
    await platform.settle()


async def told_by_the_group(platform: Platform, say: Institutions) -> None:
    """What the ministry and the group say themselves, with the marker: remarks, verdicts, decisions, tasks, notes."""
    question = {"version": 2, "at": "/challenges/0", "text": text("Jautājums")["lv"]}
    await say.do("coordinator", "POST", f"{PATH}/discussion", json=question)
    plan = (await say.do("coordinator", "GET", "/plan/api/plans/2025-2027")).json()
    result = plan["directions"][0]["measures"][0]["results"][0]["code"]
    path = f"/plan/api/plans/2025-2027/results/{result}"
    verdict = {"verdict": "in_progress", "text": text("Vērtējums"), "meeting": "M-redacted"}
    await say.do("coordinator", "POST", f"{path}/verdicts", json=verdict)
    await say.do(MEMBER, "POST", f"{path}/dissents", json={"text": text("Iebildums")})
    task = {"code": "T-redacted", "owner": MEMBER, "due": "2026-06-30", "text": text("Uzdevums")}
    decision = {"code": "D-redacted", "text": text("Lēmums"), "tasks": [task]}
    await say.do("coordinator", "POST", "/plan/api/meetings/M-redacted/decisions", json=decision)
    series = (await say.do("coordinator", "GET", "/statistics/api/years")).json()["history"][0]
    kept = {name: series[name] for name in ("series", "figures", "ranges", "breaks")}
    kept["breaks"][0]["text"] = text("Pārtraukums")
    await say.do("coordinator", "POST", "/statistics/api/history", json=kept)
    await platform.settle()
    note = {"obligation": "TASK/T-redacted", "text": text("Piezīme")["lv"]}
    await say.do("coordinator", "POST", "/reminders/api/notes", json=note)
    for paused in (True, False):
        reason = text("Pauze")["lv"] if paused else ""
        await say.do("coordinator", "POST", "/reminders/api/sending", json={"paused": paused, "reason": reason})


async def taken_out_by_position(platform: Platform, say: Institutions) -> None:
    """Every fact that still holds the marker, by its position, service by service, until none is left."""
    bases = {"intake": "/intake", "statistics": "/statistics", "plan-tracker": "/plan", "notifier": "/reminders"}
    for service, base in bases.items():
        while (position := await first_with(platform, service)) is not None:
            reason: Any = REASON if service == "intake" else REASON["lv"]
            body = {"position": position, "reason": reason}
            answer = await say.ask("coordinator", "POST", f"{base}/api/redactions", json=body)
            # What quotes the report may have followed it in the meantime.
            followed = answer.status_code == 422 and answer.json()["errors"][0]["code"] == "redacted_already"
            assert answer.status_code == 200 or followed, answer.text


async def first_with(platform: Platform, service: str) -> int | None:
    """The first position of a service's journal whose payload holds the marker."""
    conn = await platform.connect(service)
    try:
        found: int | None = await conn.fetchval(
            "select min(position) from facts.journal_payload where position($1 in payload) > 0", MARKER
        )
        return found
    finally:
        await conn.close()


async def seen(platform: Platform) -> dict[str, str]:
    await platform.settle()
    return {}


async def databases_with(platform: Platform, marker: str) -> list[str]:
    """`service.schema.table` of every table in which a row holds the marker, as text or as bytes."""
    found = []
    for service in SERVICES:
        conn = await platform.connect(service)
        try:
            tables = await conn.fetch(
                "select schemaname, tablename from pg_tables where schemaname in ('facts', 'projection')"
            )
            for schema, table in tables:
                hits = await conn.fetchval(
                    f"""
                    select count(*) from {schema}."{table}" t
                     where position($1 in t::text) > 0
                        or position(encode(convert_to($1, 'UTF8'), 'hex') in t::text) > 0
                    """,
                    marker,
                )
                if hits:
                    found.append(f"{service}.{schema}.{table}")
        finally:
            await conn.close()
    return sorted(found)


async def topics_with(platform: Platform, marker: str) -> set[str]:
    """Topics on which a record holds the marker."""
    prefix = platform.installation.topic_prefix
    consumer = AIOKafkaConsumer(
        *(prefix + name for name in TOPICS),
        bootstrap_servers=platform.installation.kafka,
        group_id=None,
        auto_offset_reset="earliest",
    )
    await consumer.start()
    try:
        ends = await consumer.end_offsets(consumer.assignment())
        begins = await consumer.beginning_offsets(consumer.assignment())
        left = {place for place in ends if ends[place] > begins[place]}
        found: set[str] = set()
        while left:
            for place, records in (await consumer.getmany(timeout_ms=500)).items():
                values = [one.value or b"" for one in records]
                if any(marker.encode() in value for value in values):
                    found.add(place.topic.removeprefix(prefix))
                if records[-1].offset + 1 >= ends[place]:
                    left.discard(place)
        return found
    finally:
        await consumer.stop()


async def figures(say: Institutions) -> Any:
    """Every figure of the quarter, as known now; reasons of corrections are texts."""
    shown = (await say.do("coordinator", "GET", f"/statistics/api/quarters/{PERIOD}")).json()
    revised = [{**one, "reason": None} for one in shown["revised_figures"]]
    return {name: shown[name] for name in shown if name not in ("as_known_on", "freshness")} | {
        "revised_figures": revised
    }


async def test_a_redacted_text_is_gone_from_everything(platform: Platform) -> None:
    await platform.settle()
    async with speaking(platform) as say:
        await story(platform, say)
        before = await databases_with(platform, MARKER)
        assert {
            "intake.facts.journal_payload",
            "intake.facts.submission_version",
            "intake.facts.remark",
            "notifier.facts.journal_payload",
            "notifier.facts.note",
            "plan-tracker.facts.decision",
            "plan-tracker.facts.dissent",
            "plan-tracker.facts.task",
            "plan-tracker.facts.verdict",
            "statistics.facts.history",
            "plan-tracker.facts.journal_payload",
            "plan-tracker.facts.meeting",
            "plan-tracker.facts.minutes",
            "plan-tracker.projection.reported_item",
            "statistics.facts.journal_payload",
            "statistics.facts.release",
            "statistics.projection.challenge",
            "statistics.projection.observation",
            "statistics.projection.submission_version",
        } <= set(before)
        told = await figures(say)

        places = [
            "/content/observations/0/comment",
            "/content/activities/0/title",
            "/content/future_plans/0/text",
            "/content/challenges/0/text",
            "/corrected_figures/0/reason",
        ]
        wanted = {"places": places, "reason": REASON}
        answer = await say.do("coordinator", "POST", f"{PATH}/versions/2/redactions", json=wanted)
        assert answer.json() | {"texts": 8, "facts": 2, "versions": 2} == answer.json()
        await taken_out_by_position(platform, say)

        async def gone() -> bool:
            assert await databases_with(platform, MARKER) == []
            return True

        await eventually(gone, seconds=60, every=0.5)
        await platform.settle()
        assert await figures(say) == told
        minutes = (await say.do("coordinator", "GET", "/plan/api/meetings/M-redacted/minutes")).json()
        assert "[dzēsts]" in str(minutes)

    verified = await run("verify-journal", state=platform.state)
    assert "redacted" in verified.stdout
    # The old records are on the topics until the operator has them written anew.
    told_of_it = {"nrem.submissions", "nrem.meetings", "nrem.releases", "nrem.plans", "nrem.reminders"}
    assert await topics_with(platform, MARKER) == told_of_it
    after = await platform.dumps()
    await run("republish", *SERVICES, "--erase", state=platform.state)
    await platform.settle()
    assert await topics_with(platform, MARKER) == set()
    assert await platform.dumps() == after
    for service in ("statistics", "plan-tracker", "notifier"):
        await run("rebuild", service, state=platform.state)
    await platform.settle()
    assert await platform.dumps() == after
    assert await databases_with(platform, MARKER) == []


async def test_a_payload_missing_without_a_redaction_is_found(platform: Platform) -> None:
    conn = await platform.connect("intake")
    try:
        row = await conn.fetchrow("select * from facts.journal_payload order by position limit 1")
        await conn.execute("delete from facts.journal_payload where position = $1", row["position"])
        found = await run("verify-journal", "--service", "intake", state=platform.state, check=False)
        await conn.execute("insert into facts.journal_payload values ($1, $2, $3)", *row.values())
    finally:
        await conn.close()
    assert found.returncode != 0
    assert "no redaction names it" in found.stdout + found.stderr
    whole = await run("verify-journal", "--service", "intake", state=platform.state, check=False)
    assert whole.returncode == 0
