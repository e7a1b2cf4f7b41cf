"""Pages of plans: the tree with the status of each result, and the closed plan's outcome."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from nrem_plan_tracker.answers import problem_of
from nrem_plan_tracker.asking import AsKnownOn, own_member, sees_all
from nrem_plan_tracker.plans import store
from nrem_plan_tracker.progress.domain import counts_by_status, final_counts
from nrem_plan_tracker.progress.reading import read_progress
from nrem_plan_tracker.refusals import unknown
from nrem_plan_tracker.screens.showing import names_of, show
from nrem_shared.runtime.clock import local_date
from nrem_shared.runtime.known_on import NotAnInstant, known_on
from nrem_shared.runtime.requests import runtime_of
from nrem_shared.web.application import set_clock
from nrem_shared.web.forms import FieldError

router = APIRouter(include_in_schema=False, dependencies=[Depends(set_clock)])


@router.get("/")
async def in_force(request: Request, as_known_on: AsKnownOn = None) -> HTMLResponse:
    """The newest plan."""
    return await _plan_page(request, None, as_known_on)


@router.get("/plans/{plan}")
async def one_plan(request: Request, plan: str, as_known_on: AsKnownOn = None) -> HTMLResponse:
    """One plan by its code."""
    return await _plan_page(request, plan, as_known_on)


async def _plan_page(request: Request, code: str | None, asked: str | None) -> HTMLResponse:
    runtime = runtime_of(request)
    now = runtime.clock.now()
    errors: list[FieldError] = []
    try:
        instant = known_on(asked, now)
    except NotAnInstant as error:
        instant, errors = now, [FieldError("as_known_on", f"refusal.{error.code}")]
    async with runtime.pool.acquire() as conn, conn.transaction(isolation="repeatable_read", readonly=True):
        plans = [plan for _, plan in await store.plans(conn)]
        names = await names_of(conn)
        plan = next((one for one in plans if code in (None, one.code)), None)
        if plan is None and code is not None:
            raise problem_of(request, unknown("no_such_plan", named=code[:40]))
        known = await read_progress(conn, plan, instant, member=_whose(request)) if plan else None
    if plan is None or known is None:
        return show(request, "plans.html", title="plans.title", section="section.plan", names=names, plan=None)
    return show(
        request,
        "plans.html",
        title={"lv": plan.title.lv, "en": plan.title.in_language("en")},
        section="section.plan",
        names=names,
        status=422 if errors else 200,
        errors=errors,
        plan=plan,
        plans=plans,
        progress={one.result.code: one for one in known.results},
        counts=final_counts(plan.results) or counts_by_status(known.results),
        illustrative=known.illustrative,
        final=bool(final_counts(plan.results)),
        unreported=sum(one.self_status is None for one in known.results),
        shows_reports=_shows_reports(request),
        asked=local_date(instant) if asked and not errors else None,
    )


def _shows_reports(request: Request) -> bool:
    return sees_all(request) or own_member(request) is not None


def _whose(request: Request) -> str | None:
    """Whose self-assessments are read: everybody's for the ministry, a member's own, nobody's for the public."""
    return None if sees_all(request) else own_member(request) or "-"
