"""Checking a plan before it becomes a fact: everything wrong with it at once."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from nrem_plan_tracker.refusals import Refusal
from nrem_shared.contracts.plans import PlanAdopted, PlanIndicator, PlanResult
from nrem_shared.runtime.problems import pointer

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """What a plan may refer to: institutions, legal deadlines, the other plans, and results that have a verdict."""

    institutions: Collection[str]
    deadlines: Collection[str] = ()
    plans: Mapping[str, PlanAdopted] = field(default_factory=dict)
    judged: Collection[str] = ()


def check_plan(plan: PlanAdopted, known: Known) -> tuple[Refusal, ...]:
    """Codes that stand twice, references that lead nowhere or in a circle, bodies nobody knows, dates the wrong way
    round, totals that do not agree with what is listed, results gone that have a verdict."""
    return (
        *_dates_and_totals(plan),
        *_duplicates(plan),
        *_bodies(plan, known.institutions),
        *_same_duties(plan, known),
        *_continuations(plan, known),
        *_removed(plan, known),
    )


def results_at(plan: PlanAdopted) -> Iterator[tuple[Path, PlanResult]]:
    """Every result with where it stands in the document."""
    for d, direction in enumerate(plan.directions):
        for m, measure in enumerate(direction.measures):
            for r, result in enumerate(measure.results):
                yield ("directions", d, "measures", m, "results", r), result


def _dates_and_totals(plan: PlanAdopted) -> Iterator[Refusal]:
    if plan.valid_to < plan.valid_from:
        yield Refusal("/valid_to", "before_start")
    counted = {
        "directions": len(plan.directions),
        "measures": sum(len(direction.measures) for direction in plan.directions),
        "results": len(plan.results),
        "actions": len(plan.results),
    }
    for name, number in plan.totals.items():
        if name in counted and counted[name] != number:
            yield Refusal(pointer(("totals", name)), "total_differs", {"stated": number, "counted": counted[name]})


def _duplicates(plan: PlanAdopted) -> Iterator[Refusal]:
    seen: set[tuple[str, str]] = set()

    def twice(kind: str, code: str, at: Path) -> Iterator[Refusal]:
        if (kind, code) in seen:
            yield Refusal(pointer((*at, "code")), "stands_twice", {"named": code})
        seen.add((kind, code))

    for d, direction in enumerate(plan.directions):
        yield from twice("direction", direction.code, ("directions", d))
        for m, measure in enumerate(direction.measures):
            yield from twice("measure", measure.code, ("directions", d, "measures", m))
    for at, result in results_at(plan):
        yield from twice("result", result.code, at)
        for i, indicator in enumerate(result.indicators):
            yield from twice("indicator", indicator.code, (*at, "indicators", i))


def _bodies(plan: PlanAdopted, institutions: Collection[str]) -> Iterator[Refusal]:
    if plan.owner is not None and plan.owner not in institutions:
        yield Refusal("/owner", "unknown_institution", {"named": plan.owner})
    for at, result in results_at(plan):
        if not result.bodies:
            yield Refusal(pointer((*at, "responsible")), "nobody_responsible", {"named": result.code})
        parts: list[tuple[Path, PlanResult | PlanIndicator]] = [(at, result)]
        parts += [((*at, "indicators", i), indicator) for i, indicator in enumerate(result.indicators)]
        for place, part in parts:
            for name in ("responsible", "co_responsible"):
                for n, code in enumerate(getattr(part, name)):
                    if code not in institutions:
                        yield Refusal(pointer((*place, name, n)), "unknown_institution", {"named": code})


def _same_duties(plan: PlanAdopted, known: Known) -> Iterator[Refusal]:
    named = {result.code: result.same_duty_as for result in plan.results if result.same_duty_as}
    codes = {result.code for result in plan.results}
    for at, result in results_at(plan):
        target = result.same_duty_as
        if target is None:
            continue
        here = pointer((*at, "same_duty_as"))
        if target not in codes and target not in known.deadlines:
            yield Refusal(here, "dangling_reference", {"named": target})
        elif _leads_back(result.code, named):
            yield Refusal(here, "circular_reference", {"named": target})


def _leads_back(start: str, named: Mapping[str, str]) -> bool:
    seen, at = {start}, named.get(start)
    while at is not None:
        if at in seen:
            return at == start
        seen.add(at)
        at = named.get(at)
    return False


def _continuations(plan: PlanAdopted, known: Known) -> Iterator[Refusal]:
    others = {code: other for code, other in known.plans.items() if code != plan.code}
    own = {result.code for result in plan.results}
    elsewhere = {result.code for other in others.values() for result in other.results}
    back = {
        (result.code, target) for other in others.values() for result in other.results for target in result.continues_in
    }
    for at, result in results_at(plan):
        for n, target in enumerate(result.continues_in):
            here = pointer((*at, "continues_in", n))
            if target in elsewhere:
                if (target, result.code) in back:
                    yield Refusal(here, "circular_reference", {"named": target})
            elif target in own:
                yield Refusal(here, "circular_reference", {"named": target})
            else:
                yield Refusal(here, "dangling_reference", {"named": target})


def _removed(plan: PlanAdopted, known: Known) -> Iterator[Refusal]:
    before = known.plans.get(plan.code)
    if before is None:
        return
    now = {result.code for result in plan.results}
    wanted = {target for other in known.plans.values() for result in other.results for target in result.continues_in}
    for result in before.results:
        if result.code not in now and (result.code in known.judged or result.code in wanted):
            yield Refusal("/directions", "result_in_use", {"named": result.code})


def bodies_of(plan: PlanAdopted) -> frozenset[str]:
    """Codes of all bodies that the plan names."""
    named = {body for result in plan.results for body in result.bodies}
    return frozenset(named | ({plan.owner} if plan.owner else set()))


def first_day(period: str) -> date:
    """The first day of a quarter."""
    return date(int(period[:4]), 3 * int(period[-1]) - 2, 1)


def last_day(period: str) -> date:
    """The last day of a quarter."""
    year, month = int(period[:4]), 3 * int(period[-1])
    following = date(year + month // 12, month % 12 + 1, 1)
    return date.fromordinal(following.toordinal() - 1)


def plan_of(plans: Collection[PlanAdopted], period: str) -> PlanAdopted | None:
    """The plan that holds for a quarter: the newest of those valid on one of its days; null where there is none."""
    valid = [one for one in plans if one.valid_from <= last_day(period) and first_day(period) <= one.valid_to]
    return max(valid, key=lambda one: one.valid_from, default=None)
