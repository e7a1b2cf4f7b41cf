"""JSON routes of the demonstration clock; outside a demonstration they do not exist."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import AwareDatetime, BaseModel, Field

from nrem_intake.clock import store
from nrem_intake.reporting.expiring import expire
from nrem_shared.contracts.operations import ClockAdvanced
from nrem_shared.runtime.clock import DemonstrationClock
from nrem_shared.runtime.journal import Fact
from nrem_shared.runtime.problems import FieldError, Problem, problems
from nrem_shared.runtime.reading import HEADER as AFTER
from nrem_shared.runtime.requests import provenance, runtime_of

router = APIRouter(tags=["demonstration clock"])


class ClockShown(BaseModel):
    """Where the clock stands."""

    now: datetime
    demonstration: bool


#: Far enough for a demonstration, and years can still be added to it.
_END = datetime(2100, 1, 1, tzinfo=UTC)


class ClockTo(BaseModel):
    """The instant to move to, with its offset."""

    to: Annotated[AwareDatetime, Field(lt=_END, examples=["2026-10-20T06:00:00Z"])]


@router.get("/api/clock", summary="The platform's time")
async def show(request: Request) -> ClockShown:
    """The machine's time, or where the demonstration stands."""
    runtime = runtime_of(request)
    return ClockShown(now=runtime.clock.now(), demonstration=isinstance(runtime.clock, DemonstrationClock))


@router.post("/api/clock", summary="Move the demonstration clock forward", responses=problems(404))
async def advance(request: Request, response: Response, given: ClockTo) -> ClockShown:
    """Forward only. Every service follows by the event."""
    runtime = runtime_of(request)
    clock = runtime.clock
    if not isinstance(clock, DemonstrationClock):
        raise Problem.not_found("The clock can be moved in a demonstration only.")
    async with runtime.journal.writing(provenance(request)) as writing:
        known = await store.read(writing.conn)
        if given.to < clock.now():
            text = f"the clock stands at {clock.now().isoformat()} and moves forward only"
            raise Problem.invalid([FieldError("/to", "in_the_past", text)])
        revision = (known[1] if known else 0) + 1
        await store.save(writing.conn, given.to, revision)
        writing.record(Fact("nrem.clock.advanced.v1", "clock", revision, ClockAdvanced(now=given.to)))
    clock.advance(given.to)
    await expire(runtime)
    response.headers[AFTER] = writing.after
    return ClockShown(now=clock.now(), demonstration=True)
