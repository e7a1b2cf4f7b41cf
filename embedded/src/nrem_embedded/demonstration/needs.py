"""Which earlier quarters a quarter's file refers to. Pure."""

from __future__ import annotations

from nrem_embedded.demonstration.quarter_files import QuarterFile


def needed_quarters(quarter: QuarterFile) -> dict[str, str]:
    """Period → the place (JSON pointer) in the file that first needs it: corrections, plans announced before."""
    needed: dict[str, str] = {}
    for place, correction in enumerate(quarter.corrections):
        needed.setdefault(correction.period, f"/corrections/{place}/period")
    announced = {
        plan.get("code")
        for each in quarter.submissions
        for plan in each.content.get("future_plans", ())
        if "outcome" not in plan
    }
    for place, each in enumerate(quarter.submissions):
        for number, plan in enumerate(each.content.get("future_plans", ())):
            if "outcome" in plan and plan.get("code") not in announced:
                pointer = f"/submissions/{place}/future_plans/{number}/code"
                needed.setdefault(quarter_before(quarter.period), pointer)
    return needed


def quarter_before(period: str) -> str:
    """`2026-Q1` → `2025-Q4`."""
    year, number = int(period[:4]), int(period[-1])
    return f"{year}-Q{number - 1}" if number > 1 else f"{year - 1}-Q4"
