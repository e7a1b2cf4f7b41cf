"""HTTP of the demonstration: move the clock, ask how far it is, wait until every service knows what happened."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse, StreamingResponse
from pydantic import AwareDatetime, BaseModel, Field, ValidationError, model_validator

from nrem_embedded.demonstration.journeys import Choice, Journey, Journeys, later
from nrem_embedded.demonstration.player import Happened
from nrem_embedded.demonstration.reference_data import Json
from nrem_shared.runtime.clock import RIGA
from nrem_shared.runtime.problems import FieldError, Problem, pointer
from nrem_shared.runtime.reading import HEADER, parse_after
from nrem_shared.runtime.service import Service

#: A browser waits so long for a journey; a longer one is shown with a bar.
_PATIENCE = 8.0
_SETTLE_SECONDS = 5.0
_ACCESS = ("signing-key/", "key/", "session/")

router = APIRouter(include_in_schema=False)


@dataclass
class Demonstration:
    """What the routes work with; `members` are the institutions of the working group, `content` what was loaded."""

    journeys: Journeys
    services: Mapping[str, Service]
    members: tuple[Json, ...]
    content: str

    @property
    def now(self) -> datetime:
        """Where the clock stands."""
        return self.services["intake"].api.state.runtime.clock.now()  # type: ignore[no-any-return]


class Advance(BaseModel):
    """Where to move the clock: to an instant, by so many seconds, or by one of the choices."""

    to: AwareDatetime | None = None
    seconds: Annotated[float, Field(gt=0, le=400 * 86_400)] | None = None
    choice: Choice | None = None

    @model_validator(mode="after")
    def _one_of_them(self) -> Advance:
        if sum(each is not None for each in (self.to, self.seconds, self.choice)) != 1:
            raise ValueError("give one of: to, seconds, choice")
        return self


def demonstration_of(request: Request) -> Demonstration:
    """The demonstration of this platform."""
    found: Demonstration = request.app.state.demonstration
    return found


@router.get("/demonstration/settled")
async def settled(request: Request) -> Response:
    """204 once every service has applied what the header Nrem-After names; 503 with the laggards after 5 s."""
    wanted = parse_after(request.headers.get(HEADER, ""))
    services, now = demonstration_of(request).services, demonstration_of(request).now
    reached = await asyncio.gather(*(_reached(service, wanted, now) for service in services.values()))
    late = [name for name, yes in zip(services, reached, strict=True) if not yes]
    if late:
        raise Problem.unavailable(f"not yet known to {', '.join(late)}", 1)
    return Response(status_code=204)


async def _reached(service: Service, wanted: Mapping[str, int], now: datetime) -> bool:
    runtime = service.api.state.runtime
    concerned = runtime.watch.concerns(wanted)
    if concerned and not await runtime.watch.reach(concerned, _SETTLE_SECONDS):
        return False
    if runtime.clock.now() < now or any(stream.startswith(_ACCESS) for stream in concerned):
        await runtime.watch.refresh()  # the process takes keys and the clock over from the projection a moment later
    return True


@router.get("/demonstration/status")
async def status(request: Request) -> Json:
    """Where the clock stands, what comes next, and the journey under way."""
    demonstration = demonstration_of(request)
    step = demonstration.journeys.player.scenario.next_after(demonstration.now)
    journey = demonstration.journeys.last
    return {
        "now": demonstration.now.isoformat(),
        "content": demonstration.content,
        "next": _step(step, "", "") if step else None,
        "journey": _journey(journey) if journey else None,
    }


@router.post("/demonstration/advance")
async def advance(request: Request, choice: Annotated[Choice | None, Form()] = None) -> Response:
    """A form's choice: back to the page, at the latest when it has waited 8 s. JSON: progress as lines of JSON."""
    if request.headers.get("content-type", "").startswith("application/json"):
        asked = _asked(await request.body())
        return StreamingResponse(_lines(request, _start(request, asked)), media_type="application/x-ndjson")
    _same_origin(request)
    if choice is None:
        raise Problem.invalid([FieldError("/choice", "missing", "choose how far")])
    if not demonstration_of(request).journeys.under_way:
        journey = _start(request, Advance(choice=choice))
        await _watch_for(journey, _PATIENCE)
    return RedirectResponse("/demonstration#clock", 303)


def _asked(body: bytes) -> Advance:
    try:
        return Advance.model_validate_json(body)
    except ValidationError as error:
        faults = [FieldError(pointer(each["loc"]), each["type"], each["msg"]) for each in error.errors()]
        raise Problem.invalid(faults, "The request is not valid") from error


def _start(request: Request, asked: Advance) -> Journey:
    demonstration = demonstration_of(request)
    now = demonstration.now
    if asked.choice is not None:
        until = demonstration.journeys.destination(asked.choice, now)
    else:
        until = asked.to or later(now, timedelta(seconds=asked.seconds or 0))
    if until is None:
        raise Problem.conflict("Nothing is left to happen there.")
    if until < now:
        raise Problem.invalid(
            [
                FieldError(
                    "/to", "in_the_past", f"the clock stands at {now.astimezone(RIGA):%Y-%m-%d %H:%M} (Riga) already"
                )
            ]
        )
    try:
        return demonstration.journeys.start(until)
    except RuntimeError as error:
        raise Problem.conflict("The clock is moving already.") from error


async def _watch_for(journey: Journey, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            async for _ in journey.watch():
                pass
    except TimeoutError:
        return


async def _lines(request: Request, journey: Journey) -> AsyncIterator[str]:
    async for happened in journey.watch():
        yield json.dumps(_happened(happened)) + "\n"
    last = {
        "finished": journey.failed is None,
        "failed": journey.failed,
        "now": demonstration_of(request).now.isoformat(),
    }
    yield json.dumps(last) + "\n"


def _journey(journey: Journey) -> Json:
    return {
        "until": journey.until.isoformat(),
        "number": journey.number,
        "of": journey.of,
        "ended": journey.ended,
        "failed": journey.failed,
    }


def _happened(happened: Happened) -> Json:
    return {
        "at": happened.at.isoformat(),
        "planned": happened.planned,
        "number": happened.number,
        "of": happened.of,
        "steps": [_step(step, outcome, why) for step, outcome, why in happened.steps],
    }


def _step(step: Any, outcome: str, why: str) -> Json:
    names = ("key", "who", "action", "period", "member", "version", "subject")
    shown = {name: getattr(step, name) for name in names}
    return {**shown, "at": step.at.isoformat(), **({"outcome": outcome, "why": why} if outcome else {})}


def _same_origin(request: Request) -> None:
    """Only our own page may move the clock by a form; another site's page may not."""
    if request.headers.get("sec-fetch-site") not in (None, "same-origin", "none"):
        raise Problem.forbidden("The request comes from another site.")
