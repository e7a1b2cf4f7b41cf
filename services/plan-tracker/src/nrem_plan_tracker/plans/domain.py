"""Checking a plan before it becomes a fact."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nrem_shared.runtime.problems import FieldError, pointer

if TYPE_CHECKING:
    from nrem_shared.contracts.plans import PlanAdopted


def check_plan(plan: PlanAdopted) -> tuple[FieldError, ...]:
    """Everything wrong with a plan: codes that stand twice, results nobody answers for, dates the wrong way round."""
    errors = []
    if plan.valid_to < plan.valid_from:
        errors.append(FieldError("/valid_to", "before_start", "the plan ends before it begins"))
    seen: set[str] = set()
    for d, direction in enumerate(plan.directions):
        for m, measure in enumerate(direction.measures):
            for r, result in enumerate(measure.results):
                at: list[str | int] = ["directions", d, "measures", m, "results", r]
                if result.code in seen:
                    errors.append(FieldError(pointer([*at, "code"]), "duplicate", f"result {result.code} stands twice"))
                seen.add(result.code)
                if not result.bodies:
                    text = f"nobody is responsible for result {result.code}"
                    errors.append(FieldError(pointer([*at, "responsible"]), "missing", text))
    return tuple(errors)
