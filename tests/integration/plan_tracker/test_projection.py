"""The projection: any duplication and any order between streams give the same tables; over a real bus it arrives."""

from __future__ import annotations

import random
from typing import Any

import pytest

from integration.plan_tracker.scenario import calendar_event, last_period, member_events
from integration.plan_tracker.told import delivery_event, release_events
from integration.statistics.stream_events import demonstration_events, period_events
from nrem_plan_tracker.app import BLUEPRINT
from nrem_plan_tracker.invitations import handlers as invitations
from nrem_plan_tracker.releases import handlers as releases
from nrem_plan_tracker.settings import PlanTrackerSettings
from nrem_plan_tracker.sources import handlers as sources
from nrem_plan_tracker.sources import store as sources_store
from nrem_plan_tracker.submissions import handlers as submissions
from nrem_shared.contracts import topics
from nrem_shared.runtime.database import Connection
from nrem_shared.runtime.projection.events import Event
from support.bus import read_events
from support.eventually import eventually
from support.running import running
from support.signing import Signing

TABLES = (
    "submission_version",
    "submission_decision",
    "reported_item",
    "submission_stream",
    "extension",
    "institution",
    "period",
    "code_list",
    "release",
    "invitation_outcome",
)


async def dump(conn: Connection) -> dict[str, list[str]]:
    return {
        table: sorted(str(row[0]) for row in await conn.fetch(f"select to_jsonb(t)::text from projection.{table} t"))
        for table in TABLES
    }


def shuffled(events: list[Event], seed: int) -> list[Event]:
    """Streams interleaved anyhow, each in its own order, and a third of the events repeated later."""
    chance = random.Random(seed)
    streams: dict[str, list[Event]] = {}
    for one in events:
        streams.setdefault(one.subject, []).append(one)
    mixed: list[Event] = []
    while streams:
        subject = chance.choice(sorted(streams))
        mixed.append(streams[subject].pop(0))
        if not streams[subject]:
            del streams[subject]
        if chance.random() < 0.33:
            mixed.append(chance.choice(mixed))
    return mixed


@pytest.mark.parametrize("seed", range(3))
async def test_any_order_and_any_repetition(database: Any, seed: int) -> None:
    in_order, anyhow = await database("plan-tracker"), await database("plan-tracker")
    first, second = await in_order.connect(), await anyhow.connect()
    try:
        await submissions.apply(first, demonstration_events())
        events = shuffled(demonstration_events(), seed)
        for start in range(0, len(events), 7):
            await submissions.apply(second, events[start : start + 7])
        for conn, times in ((first, 1), (second, 3)):
            for _ in range(times):
                await sources.apply_members(conn, member_events())
                await sources.apply_periods(conn, [*period_events(), last_period()])
                await sources.apply_reference(conn, [calendar_event()])
        assert await dump(first) == await dump(second)
        assert len((await sources_store.working_days(first)).off) > 30
    finally:
        await first.close()
        await second.close()


@pytest.mark.parametrize("seed", range(3))
async def test_releases_and_outcomes_in_any_order(database: Any, seed: int) -> None:
    released = release_events(
        ("2026-Q1", "2026-05-20T10:00:00+03:00"),
        ("2026-Q1", "2026-07-14T10:00:00+03:00"),
        ("2026-Q2", "2026-08-20T10:00:00+03:00"),
    )
    told = [
        delivery_event("m1", "M-2026-Q3", "vp", "failed", at="2026-10-28T09:00:00+02:00", cause="refused"),
        delivery_event("m2", "M-2026-Q3", "vp", at="2026-10-29T09:00:00+02:00"),
        delivery_event("m3", "M-2026-Q3", "lm", at="2026-10-28T09:00:00+02:00", fallback=True),
    ]
    in_order, anyhow = await database("plan-tracker"), await database("plan-tracker")
    first, second = await in_order.connect(), await anyhow.connect()
    try:
        await releases.apply(first, released)
        await invitations.apply(first, told)
        mixed = [*released, *told, *released, *told]
        random.Random(seed).shuffle(mixed)
        for one in mixed:
            await releases.apply(second, [one])
            await invitations.apply(second, [one])
        assert await dump(first) == await dump(second)
        assert [len((await dump(first))[table]) for table in ("release", "invitation_outcome")] == [3, 3]
    finally:
        await first.close()
        await second.close()


async def test_facts_reach_the_bus(settings_for: Any, signing: Signing) -> None:
    settings = await settings_for("plan-tracker", settings_type=PlanTrackerSettings, read_wait_seconds=0.1)
    await signing.trust(settings)
    async with running(BLUEPRINT, settings) as service:
        deadline = {"code": "EVALUATION", "title": {"lv": "Izvērtējums"}, "kind": "legal", "next": ["2028-09-01"]}
        headers = signing.bearer("coordinator")
        set_once = await service.client.post("/api/legal-deadlines", json=[deadline], headers=headers)
        assert set_once.json() == {"changed": 1}, set_once.text
        assert set_once.headers["nrem-after"] == "plan-tracker:legal-deadline/EVALUATION@1"
        again = await service.client.post("/api/legal-deadlines", json=[deadline], headers=headers)
        assert again.json() == {"changed": 0}

        async def sent() -> list[dict[str, Any]]:
            return await read_events(settings, topics.PLANS)

        events: list[dict[str, Any]] = await eventually(sent)
        assert [(one["type"], one["subject"]) for one in events] == [
            ("nrem.legal-deadline.set.v1", "legal-deadline/EVALUATION")
        ]


async def test_a_command_waits_for_what_it_follows(settings_for: Any, signing: Signing) -> None:
    settings = await settings_for("plan-tracker", settings_type=PlanTrackerSettings, read_wait_seconds=0.1)
    await signing.trust(settings)
    async with running(BLUEPRINT, settings, roles=("api",)) as service:
        headers = {**signing.bearer("coordinator"), "nrem-after": "intake:submission/2026-Q1/vp@9"}
        answer = await service.client.post("/api/legal-deadlines", json=[], headers=headers)
        assert answer.status_code == 503
        assert answer.headers["retry-after"] == "2"
