"""JSON routes of policies, the working calendar and the switch."""

from __future__ import annotations

from datetime import datetime, time
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, BeforeValidator, Field, WithJsonSchema

from nrem_notifier.guarding import has_personal_data
from nrem_notifier.ledger.passes import settings_of
from nrem_notifier.policies import store
from nrem_notifier.policies.domain import Rules, check, taken_over, working_days
from nrem_notifier.policies.trial import reminders_today
from nrem_shared.contracts.reminders import (
    HOURS_AND_MINUTES,
    PoliciesAdopted,
    SendingSwitched,
    WorkingCalendarSet,
    hours_and_minutes,
)
from nrem_shared.runtime.clock import local_date
from nrem_shared.runtime.journal import Fact
from nrem_shared.runtime.problems import FieldError, Problem, problems
from nrem_shared.runtime.reading import HEADER as AFTER
from nrem_shared.runtime.requests import provenance, runtime_of
from nrem_shared.runtime.written import Written
from nrem_shared.web.rendering import translator_of

if TYPE_CHECKING:
    from nrem_shared.runtime.journal import Writing

router = APIRouter(tags=["policies"])

#: Characters that the reason of a pause may have.
LONGEST_REASON = 500


class PoliciesGiven(PoliciesAdopted):
    """All policies, in the form of `data/deadlines.yaml`."""

    run_at: Annotated[
        time,
        BeforeValidator(hours_and_minutes),
        WithJsonSchema({"type": "string", "pattern": HOURS_AND_MINUTES.pattern}),
    ] = Field(description="When digests leave, in Europe/Riga")


class Policies(PoliciesAdopted):
    """The policies in force; `reminders_today` = how many more reminders the change sends today."""

    # A local time: JSON Schema's own `time` asks for an offset.
    run_at: Annotated[time, WithJsonSchema({"type": "string", "pattern": r"^\d\d:\d\d:\d\d$"})]
    revision: int
    reminders_today: int = 0


class WorkingCalendar(WorkingCalendarSet):
    """The calendar in force."""

    revision: int


class Sending(BaseModel):
    """Whether sending is paused, since when, and why."""

    paused: bool
    reason: str
    since: datetime | None


class SwitchTo(BaseModel):
    """Pause or resume all sending."""

    paused: bool = Field(strict=True)
    reason: str = Field(default="", max_length=LONGEST_REASON)


@router.post("/api/policies", summary="Adopt policies", responses=problems(403))
async def adopt(request: Request, response: Response, given: PoliciesGiven) -> Policies:
    """The whole set, in the form of `data/deadlines.yaml`; an unchanged one makes no new fact.

    A step that is new tells nothing of days that were over when it came. Refused, with the number, where the change
    would send too many reminders today.
    """
    if errors := check(given):
        raise Problem.invalid(errors, "The policies are not valid")
    runtime, adopted = runtime_of(request), PoliciesAdopted.model_validate(given.model_dump())
    async with runtime.journal.writing(provenance(request)) as writing:
        known = await store.policies(writing.conn)
        item = taken_over(adopted, known[1] if known else None, local_date(runtime.clock.now()))
        revision = known[0] if known else 0
        more = 0
        if known is None or known[1] != item:
            more = await _check_burst(request, writing, item, known[1] if known else None)
            revision += 1
            await store.save_policies(writing.conn, item, revision, writing.now)
            writing.record(Fact("nrem.policies.adopted.v1", "policies", revision, item))
    response.headers[AFTER] = writing.after
    return Policies(revision=revision, reminders_today=more, **item.model_dump())


async def _check_burst(
    request: Request, writing: Writing, item: PoliciesAdopted, before: PoliciesAdopted | None
) -> int:
    runtime = runtime_of(request)
    settings = settings_of(runtime)
    calendar = await store.calendar(writing.conn)
    days = working_days(calendar[1] if calendar else None)
    now = runtime.clock.now()
    with_it = await reminders_today(writing.conn, Rules(item, days, settings.ministry), now, settings)
    without = (
        await reminders_today(writing.conn, Rules(before, days, settings.ministry), now, settings)
        if before is not None
        else 0
    )
    more = max(0, with_it - without)
    if more > settings.policy_reminders_limit:
        _ = translator_of(request)
        detail = _("refusal.too_many_today", count=more, limit=settings.policy_reminders_limit)
        error = FieldError("/policies", "too_many_today", detail, _("refusal_hint.too_many_today"))
        raise Problem.invalid([error], _("policies.refused"), detail)
    return more


@router.get("/api/policies", summary="The policies in force", responses=problems(404))
async def get_policies(request: Request) -> Policies:
    """With the day each step is in force from."""
    async with runtime_of(request).pool.acquire() as conn:
        found = await store.policies(conn)
    if found is None:
        raise Problem.not_found("No policies were adopted yet.")
    return Policies(revision=found[0], **found[1].model_dump())


@router.post("/api/calendar", summary="Set the working calendar")
async def set_calendar(request: Request, response: Response, given: Written[WorkingCalendarSet]) -> WorkingCalendar:
    """Holidays and moved days, in the form of `data/working_days.yaml`; an unchanged one makes no new fact."""
    async with runtime_of(request).journal.writing(provenance(request)) as writing:
        known = await store.calendar(writing.conn)
        revision = known[0] if known else 0
        if known is None or known[1] != given:
            revision += 1
            await store.save_calendar(writing.conn, given, revision, writing.now)
            writing.record(Fact("nrem.working-calendar.set.v1", "working-calendar", revision, given))
    response.headers[AFTER] = writing.after
    return WorkingCalendar(revision=revision, **given.model_dump())


@router.get("/api/calendar", summary="The working calendar in force", responses=problems(404))
async def get_calendar(request: Request) -> WorkingCalendar:
    """Holidays and moved days."""
    async with runtime_of(request).pool.acquire() as conn:
        found = await store.calendar(conn)
    if found is None:
        raise Problem.not_found("No calendar was set yet: every weekday is worked.")
    return WorkingCalendar(revision=found[0], **found[1].model_dump())


@router.get("/api/sending", summary="Whether sending is paused")
async def get_sending(request: Request) -> Sending:
    """The switch as it stands."""
    async with runtime_of(request).pool.acquire() as conn:
        found = await store.switch(conn)
    return Sending(paused=found.paused, reason=found.reason, since=found.at)


@router.post("/api/sending", summary="Pause or resume all sending")
async def switch_sending(request: Request, given: SwitchTo) -> Sending:
    """While paused nothing is decided; what fell due is caught up afterwards by one mail per recipient."""
    await turn(request, given)
    return await get_sending(request)


async def turn(request: Request, given: SwitchTo) -> None:
    """Turn the switch; turning it to where it stands is no fact. Raises the 422 problem for personal data."""
    if await has_personal_data(request, given.reason):
        detail = translator_of(request)("refusal.text_personal_data")
        raise Problem.invalid([FieldError("/reason", "personal_data", detail)])
    async with runtime_of(request).journal.writing(provenance(request)) as writing:
        known = await store.switch(writing.conn)
        if known.paused != given.paused:
            revision = known.revision + 1
            await store.save_switch(writing.conn, revision, given.paused, given.reason, writing.now)
            data = SendingSwitched(paused=given.paused, reason=given.reason)
            writing.record(Fact("nrem.sending.switched.v1", "sending", revision, data))
