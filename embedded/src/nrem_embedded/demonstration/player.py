"""Playing the scenario: the clock is moved from instant to instant, and at each of them what belongs there is done."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import httpx

from nrem_embedded.calendar import PlatformCalendar
from nrem_embedded.demonstration.scenario import Scenario, stream_path
from nrem_embedded.demonstration.steps import COORDINATOR, Step
from nrem_embedded.institutions import ApiError, Institutions

#: Somebody was faster: the present state does not allow it, or it was changed meanwhile.
_OVERTAKEN = frozenset({409, 412, 428})

#: Reasons against a release that are gone a moment later.
_MOMENTARY = frozenset({"not_fresh", "not_caught_up"})
_PATIENCE = 30.0

_INTAKE = "/intake/"
CLOCK = f"{_INTAKE}api/clock"


@dataclass(frozen=True, slots=True)
class Stop:
    """An instant the clock stops at; `planned` = the platform's own planned work runs there."""

    at: datetime
    planned: bool
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Happened:
    """What one stop brought; `outcome` of a step that somebody else had overtaken is `skipped`, with the reason."""

    at: datetime
    planned: bool
    steps: tuple[tuple[Step, Literal["done", "skipped"], str], ...]
    number: int
    of: int


def stops(scenario: Scenario, calendar: PlatformCalendar, since: datetime, until: datetime) -> list[Stop]:
    """Where the clock stops on its way: every planned instant, every step's time, and `until` itself.

    Steps at `since` are included: they may have been cut off, and repeating them changes nothing.
    """
    steps: dict[datetime, list[Step]] = {}
    for step in scenario.within(since, until):
        steps.setdefault(step.at, []).append(step)
    planned = set(calendar.planned(since, until))
    instants = sorted({*steps, *planned, until})
    return [Stop(at, at in planned, tuple(steps.get(at, ()))) for at in instants]


class Player:
    """Moves one platform's clock. Nothing moves on before every service knows what happened."""

    def __init__(self, institutions: Institutions, scenario: Scenario, calendar: PlatformCalendar) -> None:
        self._institutions = institutions
        self.scenario = scenario
        self.calendar = calendar

    async def now(self) -> datetime:
        """Where the clock stands, in UTC."""
        response = await self._institutions.do(COORDINATOR, "GET", CLOCK)
        return datetime.fromisoformat(response.json()["now"])

    async def play(self, until: datetime) -> AsyncIterator[Happened]:
        """Let everything up to `until` (inclusive) happen; tells of each stop after it.

        Raises ApiError for a step that is refused for another reason than that somebody was faster.
        """
        journey = stops(self.scenario, self.calendar, await self.now(), until)
        for number, stop in enumerate(journey, 1):
            after = [await self._move(stop.at)]
            steps = []
            for step in stop.steps:
                if not step.path.startswith(_INTAKE):  # it decides by what intake was told just before
                    after = await self._settle(after)
                done, why, written = await self._do(step)
                after.append(written)
                steps.append((step, done, why))
            await self._settle(after)  # before asking the notifier: it must know what it is to have told of
            await self._institutions.reminded(stop.at)
            yield Happened(stop.at, stop.planned, tuple(steps), number, len(journey))

    async def _settle(self, after: list[str]) -> list[str]:
        """Wait until all services know it; nothing is left to wait for afterwards."""
        if named := ", ".join(filter(None, after)):
            await self._institutions.settle(named)
        return []

    async def _move(self, to: datetime) -> str:
        response = await self._institutions.do(COORDINATOR, "POST", CLOCK, json={"to": to.isoformat()})
        return str(response.headers.get("nrem-after", ""))

    async def _do(self, step: Step) -> tuple[Literal["done", "skipped"], str, str]:
        headers = {
            "idempotency-key": step.key,
            "x-correlation-id": step.key.replace("/", ":"),
            **await self._precondition(step),
        }
        deadline = time.monotonic() + _PATIENCE
        while True:
            response = await self._institutions.ask(step.who, "POST", step.path, json=step.body, headers=headers)
            if not _passes_by_itself(response) or time.monotonic() > deadline:
                break
            await asyncio.sleep(0.1)
        if response.is_success:
            return "done", "", str(response.headers.get("nrem-after", ""))
        gone = step.version is not None and response.status_code == httpx.codes.NOT_FOUND  # a version never made
        if gone or response.status_code in _OVERTAKEN:
            return "skipped", ApiError(response).detail, ""
        raise ApiError(response)

    async def _precondition(self, step: Step) -> dict[str, str]:
        """`If-Match` where the stream stands as the step expects it, else nothing: a repeated step needs none."""
        if step.member is None or step.version is None or (step.action == "submit" and step.version == 1):
            return {}
        path = stream_path(step.period, step.member)
        response = await self._institutions.ask(COORDINATOR, "GET", path)
        if response.status_code == httpx.codes.NOT_FOUND:
            return {}
        if not response.is_success:
            raise ApiError(response)
        expected = step.version if step.action in ("accept", "return") else step.version - 1
        stands_at = response.json()["version"]
        return {"if-match": response.headers["etag"]} if stands_at == expected else {}


def _passes_by_itself(response: httpx.Response) -> bool:
    """Whether a service only asks for a moment: it is busy, or has not heard everything yet."""
    if response.status_code == httpx.codes.SERVICE_UNAVAILABLE:
        return True
    codes = {error["code"] for error in ApiError(response).problem.get("errors", ())}
    return response.status_code == httpx.codes.CONFLICT and bool(codes) and codes <= _MOMENTARY


def counted(happened: Sequence[Happened]) -> tuple[int, int]:
    """(steps done, steps skipped) of several stops."""
    outcomes = [outcome for each in happened for _, outcome, _ in each.steps]
    return outcomes.count("done"), outcomes.count("skipped")
