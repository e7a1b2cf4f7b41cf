"""What operators see, and who may do what."""

from __future__ import annotations

from datetime import datetime

import httpx
import pytest

from integration.plan_tracker.scenario import Life
from nrem_plan_tracker.app import BLUEPRINT
from nrem_plan_tracker.observing import observe_once


async def test_the_gauges_of_the_years_work(life: Life) -> None:
    await life.until("2026-08-25T12:00:00+03:00")
    await observe_once(life.service.runtime)
    metrics = (await life.service.client.get("/metrics")).text
    assert 'nrem_plan_tasks{state="open"} 2.0' in metrics
    assert 'nrem_plan_tasks{state="done"} 2.0' in metrics
    assert 'nrem_plan_meetings{state="held"} 2.0' in metrics
    assert "nrem_plan_minutes_awaiting_approval 1.0" in metrics
    assert "nrem_plan_minutes_overdue 0.0" in metrics
    assert "nrem_plan_results_disputed 1.0" in metrics
    await life.clock(datetime.fromisoformat("2026-10-12T00:00:00+03:00"))
    await observe_once(life.service.runtime)
    assert 'nrem_plan_tasks{state="overdue"} 2.0' in (await life.service.client.get("/metrics")).text


ROLES: tuple[tuple[tuple[str, ...], str | None], ...] = (
    ((), None),
    (("reader",), None),
    (("member",), "lm"),
    (("secretariat",), None),
    (("coordinator",), None),
)


@pytest.mark.parametrize(("roles", "member"), ROLES)
async def test_every_route_lets_in_exactly_those_its_rule_names(
    life: Life, roles: tuple[str, ...], member: str | None
) -> None:
    headers = life.signing.bearer(*roles, member=member) if roles else {}
    for route, rule in BLUEPRINT.rules.items():
        method, path = route.split(" ")
        for name in ("plan", "result", "code", "meeting", "amendment"):
            path = path.replace("{" + name + "}", "X-1")
        answer: httpx.Response = await life.service.client.request(
            method, path.replace("{period}", "2026-Q1"), headers=headers
        )
        allowed = rule.public or not rule.roles.isdisjoint(roles)
        refused = answer.status_code in (401, 403) or "session/renew" in answer.headers.get("location", "")
        assert refused is not allowed, f"{route} for {roles}: {answer.status_code}"
        assert answer.status_code < 500, f"{route}: {answer.text}"
