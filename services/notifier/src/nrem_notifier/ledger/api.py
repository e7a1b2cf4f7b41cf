"""JSON routes of obligations, the ledger, its preview and its reasons."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import AwareDatetime, BaseModel

from nrem_notifier.ledger import store
from nrem_notifier.ledger.asking import Situation, scope_of, situation
from nrem_notifier.ledger.explain import Because, explain
from nrem_notifier.ledger.preview import DAYS, preview
from nrem_notifier.mail import history_store
from nrem_notifier.mail import store as mail_store
from nrem_notifier.obligations import store as obligations_store
from nrem_notifier.obligations.domain.values import Obligation, Recipient
from nrem_shared.contracts.base import LocalizedText
from nrem_shared.runtime.clock import RIGA, local_date
from nrem_shared.runtime.problems import Problem, problems
from nrem_shared.runtime.requests import runtime_of

router = APIRouter(tags=["reminders"])

Institution = Annotated[str | None, Query(max_length=16, description="Code of an institution; left out: all")]
Day = Annotated[date | None, Query(description="A day in Europe/Riga; left out: today")]
#: Of the time that a read waits for a write: deciding and trying takes longer than knowing.
SETTLE_WAITS = 2.5


class ObligationShown(BaseModel):
    """Something owed: by whom, by when, since when, and whether it is done."""

    key: str
    code: str
    institution: str
    role: str
    title: LocalizedText
    detail: LocalizedText
    opened: date
    due: date
    met_at: datetime | None
    reminded: bool
    link: str
    illustrative: bool


class LedgerRowShown(BaseModel):
    """One row of the ledger; `state` is that of its mail, `date` the day it was settled."""

    obligation: str
    code: str
    institution: str
    to: str
    step: str
    occurrence: str
    planned: date
    date: date
    mail: str
    state: str
    kind: str | None
    fallback: bool
    settled_at: datetime | None
    cause: str


class ExpectedShown(BaseModel):
    """What one recipient is to be told on one day."""

    day: date
    institution: str
    role: str
    steps: list[StepShown]


class StepShown(BaseModel):
    """One step: `mail` = sent, or merged into a later step of the same mail."""

    obligation: str
    step: str
    planned: date
    mail: str


class BecauseShown(BaseModel):
    """Why a recipient was told of an obligation on a day, or why not."""

    obligation: str
    title: LocalizedText
    detail: LocalizedText
    due: date
    reason: str
    step: str
    day: date | None
    at: datetime | None


class Settled(BaseModel):
    """Whether everything planned up to the instant is decided and tried; `held` = why nothing is sent."""

    settled: bool
    instant: datetime
    held: str
    waiting: int


class ProblemShown(BaseModel):
    """A mail that did not leave, by its id, recipient and cause."""

    mail: str
    kind: str
    institution: str
    role: str
    day: date
    state: str
    cause: str
    attempts: int
    decided_at: datetime


@router.get("/api/obligations", summary="What is owed", responses=problems(404))
async def list_obligations(
    request: Request, institution: Institution = None, met: bool = False
) -> list[ObligationShown]:
    """In order of due dates; with `met=true` also what is done. Those due before the go-live date are shown too."""
    scope = scope_of(request, institution)
    found = await situation(request)
    if found is None:
        return []
    return [
        _obligation(one, found)
        for one in found.known.obligations
        if (scope is None or one.owner.institution == scope) and (met or one.met_at is None)
    ]


def _obligation(one: Obligation, found: Situation) -> ObligationShown:
    return ObligationShown(
        institution=one.owner.institution,
        role=one.owner.role,
        reminded=one.due >= found.rules.adopted.remind_from,
        **{
            name: getattr(one, name)
            for name in ("key", "code", "title", "detail", "opened", "due", "met_at", "link", "illustrative")
        },
    )


@router.get("/api/ledger", summary="Who was told what, when", responses=problems(404))
async def ledger(
    request: Request,
    institution: Institution = None,
    code: Annotated[str | None, Query(max_length=32, description="Kind of obligation, such as QUARTER")] = None,
    obligation: Annotated[str | None, Query(max_length=200, description="Key of one obligation")] = None,
    since: Annotated[date | None, Query(description="First day; left out: 30 days ago")] = None,
    until: Annotated[date | None, Query(description="Last day; left out: today")] = None,
    state: Annotated[str | None, Query(max_length=16)] = None,
) -> list[LedgerRowShown]:
    """Newest first; at most 2000 rows. With `obligation` everything about that one."""
    scope = scope_of(request, institution)
    now = runtime_of(request).clock.now()
    async with runtime_of(request).pool.acquire() as conn:
        if obligation is not None:
            rows: Sequence[store.LedgerRow] = await store.of_obligations(conn, [obligation])
        else:
            first, last = since or local_date(now) - timedelta(days=30), until or local_date(now)
            rows = await store.rows(conn, starts(first), starts(last + timedelta(days=1)), scope, code, state, 2000)
    return [_row(row) for row in rows if scope is None or row.institution == scope]


def starts(day: date) -> datetime:
    """The first instant of a day in Europe/Riga."""
    return datetime.combine(day, time(), RIGA)


def _row(row: store.LedgerRow) -> LedgerRowShown:
    return LedgerRowShown(
        obligation=row.obligation,
        code=row.code,
        institution=row.institution,
        to=row.role,
        step=row.step,
        occurrence=row.occurrence,
        planned=row.planned,
        date=local_date(row.settled_at or row.decided_at),
        mail=row.outcome,
        state=row.state or row.outcome,
        kind=row.kind,
        fallback=row.fallback,
        settled_at=row.settled_at,
        cause=row.cause or "",
    )


@router.get("/api/preview", summary="What the coming days will bring", responses=problems(404))
async def foreseen(
    request: Request, institution: Institution = None, days: Annotated[int, Query(ge=0, le=92)] = DAYS
) -> list[ExpectedShown]:
    """If nothing changes; day by day and recipient by recipient."""
    scope = scope_of(request, institution)
    found = await situation(request)
    if found is None:
        return []
    expected = preview(found.known.obligations, found.told, found.rules, found.now, found.digested, days)
    return [
        ExpectedShown(
            day=one.day,
            institution=one.recipient.institution,
            role=one.recipient.role,
            steps=[
                StepShown(
                    obligation=d.step.key.obligation, step=d.step.key.step, planned=d.step.planned, mail=d.outcome
                )
                for d in one.decisions
            ],
        )
        for one in expected
        if scope is None or one.recipient.institution == scope
    ]


@router.get("/api/why", summary="Why somebody was told on a day, and why not", responses=problems(404))
async def why(
    request: Request,
    institution: Annotated[str, Query(max_length=16)],
    role: Annotated[str, Query(max_length=32)] = "focal_point",
    day: Day = None,
) -> list[BecauseShown]:
    """Every obligation that concerns the recipient, with the reason."""
    scope_of(request, institution)
    found = await situation(request)
    if found is None:
        raise Problem.not_found("No policies were adopted yet.")
    reasons = await because(request, found, Recipient(institution, role), day or local_date(found.now))
    return [
        BecauseShown(
            obligation=one.obligation.key,
            title=one.obligation.title,
            detail=one.obligation.detail,
            due=one.obligation.due,
            reason=one.reason,
            step=one.step,
            day=one.day,
            at=one.at,
        )
        for one in reasons
    ]


async def because(request: Request, found: Situation, recipient: Recipient, day: date) -> list[Because]:
    """The reasons for one recipient and day."""
    async with runtime_of(request).pool.acquire() as conn:
        rows = await store.of_obligations(conn, [one.key for one in found.known.obligations])
        holds = await store.holds(conn, starts(day), starts(day + timedelta(days=1)))
    rows = [row for row in rows if row.state != "superseded"]
    return explain(found.known.obligations, rows, holds, found.rules, recipient, day, found.now)


@router.get("/api/deliveries/problems", summary="Mails that did not leave")
async def delivery_problems(request: Request) -> list[ProblemShown]:
    """Failed, withheld, or still being tried; newest first, of the last 90 days."""
    now = runtime_of(request).clock.now()
    async with runtime_of(request).pool.acquire() as conn:
        found = await history_store.problems(conn, now - timedelta(days=90))
    return [
        ProblemShown(
            mail=str(one.id),
            **{name: getattr(one, name) for name in ProblemShown.model_fields if name != "mail"},
        )
        for one in found
    ]


@router.get("/api/settled", summary="Whether everything planned up to an instant is decided and tried")
async def settled(request: Request, instant: AwareDatetime) -> Settled:
    """Waits for some seconds. A demonstration's clock moves on only once this says `settled`."""
    deadline = asyncio.get_running_loop().time() + SETTLE_WAITS * runtime_of(request).settings.read_wait_seconds
    while True:
        answer = await _settled(request, instant)
        if answer.settled or asyncio.get_running_loop().time() > deadline:
            return answer
        await asyncio.sleep(0.02)


async def _settled(request: Request, instant: datetime) -> Settled:
    async with runtime_of(request).pool.acquire() as conn:
        decided = await store.decided(conn)
        generation, change = await obligations_store.state(conn)
        waiting = await mail_store.untried(conn)
    current = decided is not None and (decided.generation, decided.change) == (generation, change)
    reached = current and decided is not None and decided.instant >= instant
    held = decided.held if decided else ""
    # Stale knowledge passes by itself; a pause or missing policies are somebody's decision.
    done = reached and (held in ("paused", "no_policies") or (held == "" and waiting == 0))
    return Settled(settled=done, instant=instant, held=held, waiting=waiting)
