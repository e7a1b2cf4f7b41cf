"""Adopting and amending a plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nrem_plan_tracker.deadlines import store as deadlines
from nrem_plan_tracker.plans import store
from nrem_plan_tracker.plans.domain import Known, check_plan
from nrem_plan_tracker.redactions.brought_back import texts_brought_back
from nrem_plan_tracker.refusals import invalid
from nrem_plan_tracker.sources import store as sources
from nrem_plan_tracker.verdicts import store as verdicts
from nrem_shared.contracts.plans import PlanAdopted, PlanAmended
from nrem_shared.runtime.journal import Fact

if TYPE_CHECKING:
    from nrem_shared.runtime.journal import Writing


async def adopt(writing: Writing, given: PlanAdopted) -> int:
    """The plan's revision; an unchanged plan makes no new fact. Raises Refused."""
    plans = {plan.code: (revision, plan) for revision, plan in await store.plans(writing.conn)}
    known = Known(
        institutions=await sources.institutions(writing.conn),
        deadlines=await deadlines.all_deadlines(writing.conn),
        plans={code: plan for code, (_, plan) in plans.items()},
        judged=await verdicts.judged(writing.conn, given.code),
    )
    plan = PlanAdopted.model_validate(given.model_dump())
    _, held = plans.get(given.code, (0, None))
    again = await texts_brought_back(writing.conn, f"plan/{given.code}", plan, held)
    invalid((*check_plan(given, known), *again))
    if given.code not in plans:
        await store.save_plan(writing.conn, plan, 1)
        writing.record(Fact("nrem.plan.adopted.v1", f"plan/{given.code}", 1, plan))
        return 1
    revision, before = plans[given.code]
    if before == plan:
        return revision
    await store.save_plan(writing.conn, plan, revision + 1)
    amended = PlanAmended.model_validate(given.model_dump())
    writing.record(Fact("nrem.plan.amended.v1", f"plan/{given.code}", revision + 1, amended))
    return revision + 1
