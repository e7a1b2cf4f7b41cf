"""Setting legal deadlines, and saying that one was met."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nrem_plan_tracker.deadlines import store
from nrem_plan_tracker.plans import store as plans
from nrem_plan_tracker.redactions.brought_back import texts_brought_back
from nrem_plan_tracker.refusals import Refusal, conflict, invalid, unknown
from nrem_plan_tracker.sources import store as sources
from nrem_shared.contracts.plans import LegalDeadlineMet, LegalDeadlineSet
from nrem_shared.runtime.clock import local_date
from nrem_shared.runtime.journal import Fact

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from datetime import date

    from nrem_shared.runtime.journal import Writing


async def set_all(writing: Writing, given: Sequence[LegalDeadlineSet]) -> int:
    """Set those that differ from what is known; how many that were. Raises Refused."""
    known = await store.all_deadlines(writing.conn)
    results = {result.code for _, plan in await plans.plans(writing.conn) for result in plan.results}
    again = [
        refusal
        for n, item in enumerate(given)
        for refusal in await texts_brought_back(
            writing.conn, f"legal-deadline/{item.code}", item, known.get(item.code, (0, None))[1], f"/{n}"
        )
    ]
    invalid((*_check(given, results, await sources.institutions(writing.conn)), *again))
    changed = 0
    for item in given:
        revision, before = known.get(item.code, (0, None))
        kept = item.model_copy(update={"met": before.met}) if before else item
        if kept == before:
            continue
        await store.save(writing.conn, kept, revision + 1)
        writing.record(Fact("nrem.legal-deadline.set.v1", f"legal-deadline/{item.code}", revision + 1, kept))
        changed += 1
    return changed


def _check(given: Sequence[LegalDeadlineSet], results: set[str], institutions: Collection[str]) -> Iterator[Refusal]:
    seen: set[str] = set()
    for n, item in enumerate(given):
        if item.code in seen:
            yield Refusal(f"/{n}/code", "stands_twice", {"named": item.code})
        seen.add(item.code)
        owner = item.owner.institution if item.owner else None
        if owner is not None and owner not in institutions:
            yield Refusal(f"/{n}/owner/institution", "unknown_institution", {"named": owner})
        # A law may be older than the plan that carries it out: before the first plan its results are not known.
        for place, code in enumerate(item.plan_results):
            if results and code not in results:
                yield Refusal(f"/{n}/plan_results/{place}", "dangling_reference", {"named": code})


async def meet(writing: Writing, code: str, due: date, met_on: date | None) -> LegalDeadlineMet:
    """What was owed by `due` was delivered. Raises Refused."""
    found = (await store.all_deadlines(writing.conn)).get(code)
    if found is None:
        raise unknown("no_such_deadline", named=code[:40])
    revision, deadline = found
    if due in deadline.met:
        raise conflict("met_already", named=code)
    day = met_on or local_date(writing.now)
    refusals = [Refusal("/due", "no_due_date", {"named": code})] if due not in deadline.next else []
    if day > local_date(writing.now):
        refusals.append(Refusal("/met_on", "in_the_future"))
    invalid(refusals)
    kept = deadline.model_copy(
        update={"met": (*deadline.met, due), "next": tuple(one for one in deadline.next if one != due)}
    )
    met = LegalDeadlineMet(**kept.model_dump(), due=due, met_on=day)
    await store.save(writing.conn, kept, revision + 1)
    writing.record(Fact("nrem.legal-deadline.met.v1", f"legal-deadline/{code}", revision + 1, met))
    return met
