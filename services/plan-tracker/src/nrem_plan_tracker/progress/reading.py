"""Everything the progress of a plan is made from, read in one snapshot."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from nrem_plan_tracker.plans import store as plans
from nrem_plan_tracker.plans.domain import plan_of
from nrem_plan_tracker.progress.domain import (
    Assessment,
    ResultProgress,
    assessments_of,
    completed_without_evidence,
    progress_of,
)
from nrem_plan_tracker.submissions import store as submissions
from nrem_plan_tracker.submissions.domain import Entry
from nrem_plan_tracker.verdicts import store as verdicts
from nrem_shared.contracts.plans import PlanAdopted

if TYPE_CHECKING:
    from nrem_shared.runtime.database import Connection

#: Later than any period: everything accepted counts.
ALL_PERIODS = "9999-Q4"


@dataclass(frozen=True, slots=True)
class PlanProgressKnown:
    """A plan, its results' progress, and the entries it rests on."""

    plan: PlanAdopted
    results: tuple[ResultProgress, ...]
    entries: tuple[Entry, ...]
    illustrative: bool = False

    @property
    def completed_without_evidence(self) -> int:
        """How many reports say `completed` and point to nothing."""
        return completed_without_evidence(self.entries)

    def result(self, code: str) -> ResultProgress | None:
        """One result."""
        return next((one for one in self.results if one.result.code == code), None)


async def plan_for(conn: Connection, period: str) -> PlanAdopted | None:
    """The plan that holds for a quarter."""
    return plan_of([plan for _, plan in await plans.plans(conn)], period)


async def read_progress(
    conn: Connection, plan: PlanAdopted, known_on: datetime, up_to: str = ALL_PERIODS, member: str | None = None
) -> PlanProgressKnown:
    """As known on `known_on`, from reports of periods up to `up_to`; of one member alone where it is named."""
    versions = await submissions.in_force(conn, known_on, up_to)
    entries = [
        one
        for one in await submissions.entries(conn, "plan_progress", versions)
        if member is None or one.member == member
    ]
    codes = {result.code for result in plan.results}
    entries = [one for one in entries if one.code in codes]
    assessments: dict[str, dict[str, Assessment]] = assessments_of(entries)
    return PlanProgressKnown(
        plan,
        progress_of(
            plan.results,
            assessments,
            await verdicts.verdicts(conn, plan.code, known_on),
            await verdicts.dissents(conn, plan.code, known_on),
        ),
        tuple(entries),
        any(one.illustrative for one in versions),
    )
