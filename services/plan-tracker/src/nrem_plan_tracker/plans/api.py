"""JSON routes of plans."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from nrem_plan_tracker.plans import store
from nrem_plan_tracker.plans.domain import check_plan
from nrem_shared.contracts.plans import PlanAdopted
from nrem_shared.runtime.journal import Fact
from nrem_shared.runtime.problems import Problem, problems
from nrem_shared.runtime.reading import HEADER as AFTER
from nrem_shared.runtime.requests import provenance, runtime_of

router = APIRouter(tags=["plans"])


class Plan(PlanAdopted):
    """A plan and its revision."""

    revision: int


@router.post("/api/plans", status_code=201, summary="Adopt or amend a plan", responses=problems(403))
async def adopt(request: Request, response: Response, given: PlanAdopted) -> Plan:
    """The whole plan; an unchanged one makes no new fact. All errors at once."""
    if errors := check_plan(given):
        raise Problem.invalid(errors, "The plan is not valid")
    async with runtime_of(request).journal.writing(provenance(request)) as writing:
        known = await store.plan(writing.conn, given.code)
        revision = known[0] if known else 0
        if known is None or known[1] != given:
            revision += 1
            await store.save_plan(writing.conn, given, revision)
            writing.record(Fact("nrem.plan.adopted.v1", f"plan/{given.code}", revision, given))
    response.headers[AFTER] = writing.after
    return Plan(revision=revision, **given.model_dump())


@router.get("/api/plans", summary="All plans")
async def list_plans(request: Request) -> list[Plan]:
    """Newest first."""
    async with runtime_of(request).pool.acquire() as conn:
        return [Plan(revision=revision, **item.model_dump()) for revision, item in await store.plans(conn)]


@router.get("/api/plans/{code}", summary="One plan", responses=problems(404))
async def get_plan(request: Request, code: str) -> Plan:
    """With its directions, measures and results."""
    async with runtime_of(request).pool.acquire() as conn:
        found = await store.plan(conn, code)
    if found is None:
        raise Problem.not_found(f"There is no plan {code}.")
    return Plan(revision=found[0], **found[1].model_dump())
