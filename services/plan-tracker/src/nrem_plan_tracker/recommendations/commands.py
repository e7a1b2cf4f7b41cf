"""Recording recommendations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nrem_plan_tracker.plans import store as plans
from nrem_plan_tracker.recommendations import store
from nrem_plan_tracker.redactions.brought_back import texts_brought_back
from nrem_plan_tracker.refusals import Refusal, invalid
from nrem_shared.runtime.journal import Fact

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nrem_shared.contracts.plans import RecommendationRecorded
    from nrem_shared.runtime.journal import Writing


async def record_all(writing: Writing, given: Sequence[RecommendationRecorded]) -> int:
    """Record those that differ from what is known; how many that were. Raises Refused."""
    known = await store.all_recommendations(writing.conn)
    results = {(plan.code, result.code) for _, plan in await plans.plans(writing.conn) for result in plan.results}
    again = [
        refusal
        for n, item in enumerate(given)
        for refusal in await texts_brought_back(
            writing.conn, f"recommendation/{item.code}", item, known.get(item.code, (0, None))[1], f"/{n}"
        )
    ]
    invalid((*_check(given, results), *again))
    changed = 0
    for item in given:
        revision, before = known.get(item.code, (0, None))
        if item == before:
            continue
        await store.save(writing.conn, item, revision + 1)
        writing.record(Fact("nrem.recommendation.recorded.v1", f"recommendation/{item.code}", revision + 1, item))
        changed += 1
    return changed


def _check(given: Sequence[RecommendationRecorded], results: set[tuple[str, str]]) -> Iterator[Refusal]:
    seen: set[str] = set()
    for n, item in enumerate(given):
        if item.code in seen:
            yield Refusal(f"/{n}/code", "stands_twice", {"named": item.code})
        seen.add(item.code)
        for place, link in enumerate(item.links):
            if (link.plan, link.result) not in results:
                named = {"named": f"{link.plan} {link.result}"}
                yield Refusal(f"/{n}/links/{place}/result", "dangling_reference", named)
        if item.status == "answered" and item.response is None:
            yield Refusal(f"/{n}/response", "response_missing", {"named": item.code})
