"""What the home page shows, read for whoever asks."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from nrem_notifier.followup import store as notes_store
from nrem_notifier.followup.domain import Note
from nrem_notifier.ledger.asking import Situation, situation
from nrem_notifier.ledger.gate import Gate, gate
from nrem_notifier.ledger.passes import settings_of, unreached
from nrem_notifier.mail import history_store
from nrem_notifier.mail import store as mail_store
from nrem_notifier.today import store
from nrem_notifier.today.domain import CoordinatorDay, MemberDay, coordinator_day, member_day
from nrem_shared.runtime.clock import local_date
from nrem_shared.runtime.reading import age_seconds
from nrem_shared.runtime.requests import runtime_of
from nrem_shared.web.operations import PANELS

if TYPE_CHECKING:
    from fastapi import Request

    from nrem_shared.runtime.identity.principal import Principal
    from nrem_shared.runtime.service import Runtime

#: Mails that did not leave are problems for so long.
PROBLEM_DAYS = 90


@dataclass(frozen=True)
class Sending:
    """How the mails fare: why nothing is decided (else empty), what waits, what did not leave, roles nobody holds."""

    held: Gate
    backlog: int
    undelivered: int
    without_recipient: int


@dataclass(frozen=True, slots=True)
class Sign:
    """When a service was last heard of; `silent` = too long ago, or it was never heard of."""

    service: str
    panel: str
    heard_at: datetime | None
    silent: bool


@dataclass(frozen=True)
class Day:
    """Everything for one reader; parts that are not the reader's are null."""

    today: date
    found: Situation | None
    member: MemberDay | None = None
    coordinator: CoordinatorDay | None = None
    sending: Sending | None = None
    signs: tuple[Sign, ...] | None = None
    notes: dict[str, Note] = field(default_factory=dict)


async def read_day(request: Request, principal: Principal) -> Day:
    """What needs this reader now."""
    runtime, found = runtime_of(request), await situation(request)
    now = runtime.clock.now()
    today = local_date(now)
    looks_after = principal.has("coordinator", "secretariat")
    coordinator = member = None
    if found is not None:
        known = (found.known.obligations, found.known.facts)
        if looks_after:
            coordinator = coordinator_day(*known, settings_of(runtime).ministry, now, today)
        elif principal.has("member", "officer", "contributor") and principal.member:
            member = member_day(*known, principal.member, now, today, signs=principal.has("officer"))
    return Day(
        today=today,
        found=found,
        member=member,
        coordinator=coordinator,
        sending=await _sending(runtime, found, now) if looks_after or principal.has("operator") else None,
        signs=await _signs(runtime) if principal.has("operator") else None,
        notes=await _notes(runtime, coordinator),
    )


async def _sending(runtime: Runtime, found: Situation | None, now: datetime) -> Sending:
    async with runtime.pool.acquire() as conn:
        problems = await history_store.problems(conn, now - timedelta(days=PROBLEM_DAYS))
        return Sending(
            held=await gate(runtime, conn),
            backlog=await mail_store.backlog(conn),
            undelivered=len(problems),
            without_recipient=len(unreached(found.known)) if found else 0,
        )


async def _signs(runtime: Runtime) -> tuple[Sign, ...]:
    async with runtime.pool.acquire() as conn:
        heard = await store.heard_of(conn)
    limit = runtime.settings.fresh_seconds
    return tuple(
        Sign(service, panel, heard.get(service), age_seconds(heard.get(service)) > limit)
        for service, panel in PANELS.items()
    )


async def _notes(runtime: Runtime, day: CoordinatorDay | None) -> dict[str, Note]:
    """Obligation → what was noted about it last."""
    if day is None:
        return {}
    shown = (*day.review, *day.missing, *day.returned, *day.expected, *day.tasks, *day.own)
    async with runtime.pool.acquire() as conn:
        found = await notes_store.notes(conn, [one.key for one in shown])
    return {one.obligation: one for one in reversed(found)}
