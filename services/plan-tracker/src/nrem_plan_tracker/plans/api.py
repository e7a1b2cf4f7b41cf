"""JSON routes of plans."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Depends, Request, Response

from nrem_plan_tracker.answers import await_institutions, command, follow
from nrem_plan_tracker.plans import commands, store
from nrem_plan_tracker.plans.domain import bodies_of
from nrem_shared.contracts.plans import PlanAdopted
from nrem_shared.runtime.problems import Problem, problems
from nrem_shared.runtime.requests import runtime_of
from nrem_shared.runtime.written import Written
from nrem_shared.web.rendering import translator_of

if TYPE_CHECKING:
    from nrem_shared.runtime.journal import Writing

router = APIRouter(tags=["plans"], dependencies=[Depends(follow)])


class Plan(PlanAdopted):
    """A plan and its revision."""

    revision: int


@router.post("/api/plans", status_code=201, summary="Adopt or amend a plan", responses=problems(401, 403, 503))
async def adopt(request: Request, response: Response, given: Written[PlanAdopted]) -> Plan:
    """The whole plan; an unchanged one makes no new fact.

    Refused with every error: codes that stand twice; institutions that are not registered; `same_duty_as` and
    `continues_in` that lead nowhere or in a circle. A later plan and the legal deadlines are therefore sent first.
    """
    await await_institutions(request, bodies_of(given))

    async def work(writing: Writing) -> int:
        return await commands.adopt(writing, given)

    revision, _ = await command(request, response, work)
    return Plan(**{**given.model_dump(), "revision": revision})


@router.get("/api/plans", summary="All plans")
async def list_plans(request: Request) -> list[Plan]:
    """Newest first."""
    async with runtime_of(request).pool.acquire() as conn:
        return [Plan(**{**item.model_dump(), "revision": revision}) for revision, item in await store.plans(conn)]


@router.get("/api/plans/{code}", summary="One plan", responses=problems(404))
async def get_plan(request: Request, code: str) -> Plan:
    """With its directions, measures and results."""
    async with runtime_of(request).pool.acquire() as conn:
        found = await store.plan(conn, code)
    if found is None:
        raise Problem.not_found(translator_of(request)("refusal.no_such_plan", named=code[:40]))
    return Plan(**{**found[1].model_dump(), "revision": found[0]})
