"""JSON routes of progress."""

from __future__ import annotations

from fastapi import APIRouter, Request

from nrem_plan_tracker.answers import problem_of
from nrem_plan_tracker.asking import AsKnownOn, instant_of, own_member, sees_all
from nrem_plan_tracker.plans import store as plans
from nrem_plan_tracker.progress.answers import ProgressAnswer, ResultAnswer, progress_answer, result_answer
from nrem_plan_tracker.progress.reading import plan_for, read_progress
from nrem_plan_tracker.refusals import unknown
from nrem_plan_tracker.sources import store as sources
from nrem_shared.runtime.problems import problems
from nrem_shared.runtime.requests import runtime_of

router = APIRouter(tags=["progress"])


@router.get(
    "/api/periods/{period}/progress", summary="Progress of the plan's results", responses=problems(401, 403, 404)
)
async def progress(request: Request, period: str, as_known_on: AsKnownOn = None) -> ProgressAnswer:
    """Latest accepted self-assessments of this and earlier quarters, as known on a date or an instant.

    The coordinator gets everybody's; a member its own, with all verdicts and dissents.
    """
    instant = instant_of(request, as_known_on)
    member = None if sees_all(request) else own_member(request)
    async with runtime_of(request).pool.acquire() as conn, conn.transaction(isolation="repeatable_read", readonly=True):
        row = await sources.period(conn, period)
        plan = await plan_for(conn, period) if row else None
        if row is None or plan is None:
            raise problem_of(request, unknown("no_such_period", named=period[:20]))
        known = await read_progress(conn, plan, instant, period, member)
    return progress_answer(period, instant, known, row.illustrative or plan.illustrative)


@router.get(
    "/api/plans/{plan}/results/{result}", summary="One result with its history", responses=problems(401, 403, 404)
)
async def one_result(request: Request, plan: str, result: str, as_known_on: AsKnownOn = None) -> ResultAnswer:
    """As known on a date or an instant; a member sees its own self-assessment."""
    instant = instant_of(request, as_known_on)
    member = None if sees_all(request) else own_member(request)
    async with runtime_of(request).pool.acquire() as conn, conn.transaction(isolation="repeatable_read", readonly=True):
        found = await plans.plan(conn, plan)
        known = await read_progress(conn, found[1], instant, member=member) if found else None
    one = known.result(result) if known else None
    if one is None:
        raise problem_of(request, unknown("no_such_result", named=f"{plan[:20]} {result[:20]}"))
    return result_answer(one)
