"""The demonstration's meetings as requests with their times, and a service that lives through them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import httpx

from data_catalogue import DATA, institutions, load
from integration.statistics.stream_events import demonstration_events, period_events
from nrem_embedded.demonstration.meeting_steps import steps_of_meeting
from nrem_embedded.demonstration.reference_data import calendar_list, legal_deadlines, recommendations
from nrem_embedded.demonstration.steps import COORDINATOR, Step
from nrem_plan_tracker.sources import handlers as sources
from nrem_plan_tracker.submissions import handlers as submissions
from nrem_shared.contracts.base import Contract
from nrem_shared.contracts.members import Membership
from nrem_shared.contracts.periods import PeriodOpened
from nrem_shared.contracts.reference import ReferenceChanged
from nrem_shared.runtime.clock import DEMONSTRATION_START, DemonstrationClock
from nrem_shared.runtime.projection.events import Event
from nrem_shared.runtime.working_days import CALENDAR_LIST
from support.running import Running
from support.signing import Signing

BASE = "/plan"


def meetings() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = load("demo/meetings-2026.yaml")["meetings"]
    return found


def steps() -> list[Step]:
    """Everything of the file, and nothing of what came after it, in the order of its times."""
    tasks = {task["code"]: task for meeting in meetings() for task in meeting["tasks"]}
    found = [step for meeting in meetings() for step in steps_of_meeting(meeting, tasks)]
    return sorted(found, key=lambda step: step.order)


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
            await self.ask(step.path.removeprefix(BASE), step.body, None if step.who == COORDINATOR else step.who)
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
