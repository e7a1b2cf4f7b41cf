"""The demonstration's meetings as requests with their times, and a service that lives through them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

import httpx

from data_catalogue import DATA, institutions, load
from integration.statistics.stream_events import demonstration_events, period_events
from nrem_embedded.demonstration.reference_data import calendar_list, legal_deadlines, recommendations
from nrem_plan_tracker.sources import handlers as sources
from nrem_plan_tracker.submissions import handlers as submissions
from nrem_shared.contracts.base import Contract
from nrem_shared.contracts.members import Membership
from nrem_shared.contracts.periods import PeriodOpened
from nrem_shared.contracts.reference import ReferenceChanged
from nrem_shared.runtime.clock import DEMONSTRATION_START, RIGA, DemonstrationClock
from nrem_shared.runtime.projection.events import Event
from nrem_shared.runtime.working_days import CALENDAR_LIST
from support.running import Running
from support.signing import Signing

PLAN = "2025-2027"


@dataclass(frozen=True)
class Step:
    """One request: when, by whom (null = the coordinator), where to, with what."""

    at: datetime
    path: str
    body: dict[str, Any] = field(hash=False)
    member: str | None = None


def meetings() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = load("demo/meetings-2026.yaml")["meetings"]
    return found


def steps() -> list[Step]:
    """Everything of the file, in the order of its times."""
    return sorted((step for meeting in meetings() for step in steps_of(meeting)), key=lambda step: step.at)


def steps_of(meeting: dict[str, Any]) -> Iterator[Step]:
    path = f"/api/meetings/{meeting['code']}"
    invited = datetime.combine(date.fromisoformat(meeting["invited_on"]), time(9), RIGA)
    called = {name: meeting[name] for name in ("code", "about", "starts_at", "mode", "place", "agenda")}
    yield Step(invited, "/api/meetings", called)
    if meeting["status"] == "scheduled":
        return
    starts = datetime.fromisoformat(meeting["starts_at"])
    yield Step(starts, f"{path}/hold", {name: meeting[name] for name in ("attendance", "excused")})
    tasks = {task["code"]: task for task in meeting["tasks"]}
    for decision in meeting["decisions"]:
        yield Step(starts, f"{path}/decisions", decision_body(decision, tasks))
    for verdict in meeting["verdicts"]:
        body = {name: verdict[name] for name in ("verdict", "text", "evidence")} | {"meeting": meeting["code"]}
        yield Step(starts, f"/api/plans/{PLAN}/results/{verdict['result']}/verdicts", body)
    for dissent in meeting["dissents"]:
        body = {"text": dissent["text"], "meeting": meeting["code"]}
        yield Step(starts, f"/api/plans/{PLAN}/results/{dissent['result']}/dissents", body, dissent["institution"])
    for task in meeting["tasks"]:
        if task["done_on"]:
            done = datetime.combine(date.fromisoformat(task["done_on"]), time(15), RIGA)
            owner = task["owner"] if task["owner"] != "iem" else None
            yield Step(done, f"/api/tasks/{task['code']}/done", {}, owner)
    yield from steps_of_minutes(meeting["minutes"], path)


def steps_of_minutes(minutes: dict[str, Any], path: str) -> Iterator[Step]:
    if not minutes["circulated_at"]:
        return
    yield Step(datetime.fromisoformat(minutes["circulated_at"]), f"{path}/minutes/circulate", {})
    for one in minutes["amendments"]:
        body = {name: one[name] for name in ("code", "agenda_item", "text")}
        yield Step(datetime.fromisoformat(one["at"]), f"{path}/minutes/amendments", body, one["institution"])
        decided = datetime.fromisoformat(one["decided_at"])
        answer = {name: one[name] for name in ("outcome", "reason")}
        yield Step(decided, f"{path}/minutes/amendments/{one['code']}/decide", answer)
    if minutes["approved_at"]:
        yield Step(datetime.fromisoformat(minutes["approved_at"]), f"{path}/minutes/approve", {})


def decision_body(decision: dict[str, Any], tasks: dict[str, Any]) -> dict[str, Any]:
    """The decision with the tasks it gives; one that names a task of an earlier meeting carries it over."""
    every = {task["code"]: task for meeting in meetings() for task in meeting["tasks"]}
    given = [{n: tasks[c][n] for n in ("code", "owner", "due", "text")} for c in decision["tasks"] if c in tasks]
    carried = [{"task": c, "due": every[c]["carried_to"]} for c in decision["tasks"] if c not in tasks]
    return {"code": decision["code"], "text": decision["text"], "tasks": given, "carries": carried}


class Life:
    """A service, its clock, and the reports that reach it as time goes by."""

    def __init__(self, service: Running, signing: Signing) -> None:
        self.service = service
        self.signing = signing
        self._reports = demonstration_events()
        self._steps = steps()

    async def begin(self) -> None:
        """Institutions, periods and the calendar over the bus; deadlines, plans and recommendations over the API."""
        async with self.service.runtime.pool.acquire() as conn:
            await sources.apply_members(conn, member_events())
            await sources.apply_periods(conn, [*period_events(), last_period()])
            await sources.apply_reference(conn, [calendar_event()])
        await self.ask("/api/legal-deadlines", [one.model_dump(mode="json") for one in legal_deadlines(DATA)])
        for name in ("2025-2027", "2021-2023"):
            await self.ask("/api/plans", load(f"plans/{name}.yaml")["plan"])
        await self.ask("/api/recommendations", [one.model_dump(mode="json") for one in recommendations(DATA)])

    async def until(self, instant: datetime | str) -> None:
        """Let everything up to `instant` (inclusive) happen."""
        end = datetime.fromisoformat(instant) if isinstance(instant, str) else instant
        while self._steps and self._steps[0].at <= end:
            step = self._steps.pop(0)
            await self.clock(step.at)
            await self.ask(step.path, step.body, step.member)
        await self.clock(end)

    async def clock(self, at: datetime) -> None:
        """Move the clock; reports journalled by then arrive."""
        arrived = [one for one in self._reports if one.recorded_at <= at]
        self._reports = [one for one in self._reports if one.recorded_at > at]
        if arrived:
            async with self.service.runtime.pool.acquire() as conn:
                await submissions.apply(conn, arrived)
        clock = self.service.runtime.clock
        assert isinstance(clock, DemonstrationClock)
        clock.advance(at)

    async def post(self, path: str, body: Any, member: str | None = None) -> httpx.Response:
        headers = self.signing.bearer("member", member=member) if member else self.signing.bearer("coordinator")
        return await self.service.client.post(path, json=body, headers={**headers, "accept-language": "en"})

    async def ask(self, path: str, body: Any, member: str | None = None) -> Any:
        """A request that has to be done."""
        answer = await self.post(path, body, member)
        assert answer.status_code == 201, f"{path}: {answer.text}"
        return answer.json()

    async def get(self, path: str, member: str | None = None) -> Any:
        headers = self.signing.bearer("member", member=member) if member else self.signing.bearer("coordinator")
        answer = await self.service.client.get(path, headers=headers)
        assert answer.status_code == 200, f"{path}: {answer.text}"
        return answer.json()


def member_events() -> list[Event]:
    """The institutions with their memberships of the working group in force."""
    group = {one["institution"]: one for one in load("members.yaml")["working_group_2025"]["members"]}
    found = []
    for one in institutions():
        since = group.get(one.code)
        memberships = (Membership(group="working_group_2025", since=since["from"], until=since["to"]),) if since else ()
        data = one.model_copy(update={"memberships": memberships})
        found.append(event("nrem.institution.registered.v1", f"member/{one.code}", data))
    return found


def last_period() -> Event:
    """The quarter that the meeting in February is about."""
    opened = period_events()[0].data
    assert isinstance(opened, PeriodOpened)
    data = opened.model_copy(update={"code": "2026-Q4", "due": date(2027, 1, 15)})
    return event("nrem.period.opened.v1", "period/2026-Q4", data)


def calendar_event() -> Event:
    data = ReferenceChanged(item=calendar_list(DATA))
    return event("nrem.reference.changed.v1", f"reference/codelist/{CALENDAR_LIST}", data)


def event(name: str, subject: str, data: Contract) -> Event:
    return Event(
        id=subject,
        type=name,
        source="/intake",
        subject=subject,
        revision=1,
        position=1,
        prev=0,
        recorded_at=DEMONSTRATION_START,
        actor="test",
        correlation_id="test",
        data=data,
    )
