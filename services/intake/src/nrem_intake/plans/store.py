"""SQL of the plan results that reports refer to."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nrem_shared.contracts.plans import PlanAdopted
    from nrem_shared.runtime.database import Connection


async def replace_plan(conn: Connection, plan: PlanAdopted, revision: int) -> None:
    """All results of a plan as adopted or last amended; an older revision changes nothing, the same one is replaced."""
    await conn.execute("delete from projection.plan_result where plan = $1 and revision <= $2", plan.code, revision)
    await conn.execute(
        """
        insert into projection.plan_result (plan, code, valid_from, valid_to, revision, place, item)
        select $1, code, $2, $3, $7, place, item
          from unnest($4::text[], $5::integer[], $6::jsonb[]) as r(code, place, item)
         where not exists (select from projection.plan_result where plan = $1)
        """,
        plan.code,
        plan.valid_from,
        plan.valid_to,
        [result.code for result in plan.results],
        list(range(len(plan.results))),
        [result.model_dump(mode="json") for result in plan.results],
        revision,
    )
