"""Keeps the metrics current."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, cast

from nrem_plan_tracker.meetings import store as meetings
from nrem_plan_tracker.minutes import store as minutes
from nrem_plan_tracker.plans import store as plans
from nrem_plan_tracker.progress.reading import read_progress
from nrem_plan_tracker.tasks import store as tasks
from nrem_shared.runtime.clock import local_date
from nrem_shared.runtime.observing import every

if TYPE_CHECKING:
    from nrem_plan_tracker.metrics import PlanTrackerMetrics
    from nrem_shared.runtime.service import Runtime

#: Seconds between two looks.
OBSERVE_SECONDS = 10.0


async def observe_once(runtime: Runtime) -> None:
    """Count everything, now."""
    metrics = cast("PlanTrackerMetrics", runtime.metrics)
    now = runtime.clock.now()
    today = local_date(now)
    async with runtime.pool.acquire() as conn:
        known = [one.task for one in (await tasks.tasks(conn)).values()]
        held = [one.meeting for one in await meetings.meetings(conn)]
        kept = await minutes.all_minutes(conn)
        newest = [plan for _, plan in await plans.plans(conn)][:1]
        progress = await read_progress(conn, newest[0], now) if newest else None
    metrics.show(metrics.tasks, Counter(one.shown(today) for one in known))
    metrics.show(metrics.meetings, Counter(one.state for one in held))
    circulated = [one for one in kept.values() if one.state == "circulated"]
    metrics.minutes_awaiting_approval.set(len(circulated))
    metrics.amendments_open.set(sum(len(one.open_amendments) for one in circulated))
    due = [one for one in held if one.minutes_due and one.minutes_due < today and one.code not in kept]
    metrics.minutes_overdue.set(len(due))
    results = progress.results if progress else ()
    metrics.show(metrics.results, Counter(one.status or "unreported" for one in results))
    metrics.results_disputed.set(sum(one.disputed for one in results))


#: The role that keeps the gauges current.
observe = every(OBSERVE_SECONDS, observe_once)
