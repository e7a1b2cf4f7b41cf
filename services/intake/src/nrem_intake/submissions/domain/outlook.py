"""What may be wrong with future plans, challenges and funding."""

from __future__ import annotations

from typing import Any

from nrem_intake.submissions.domain.catalogue import Catalogue
from nrem_intake.submissions.domain.fields import (
    check_amount,
    check_free_code,
    check_localized,
    check_period,
    check_project,
    check_result,
    code_of,
    optional,
    required,
)
from nrem_intake.submissions.domain.refusals import Findings

MOST_PLANS = 200
MOST_CHALLENGES = 200
MOST_FUNDING = 200

FUTURE_PLAN = {
    "code": required(check_free_code),
    "text": optional(check_localized),
    "planned_for": optional(check_period),
    "outcome": optional(code_of("plan_outcome")),
}

CHALLENGE = {
    "code": required(check_free_code),
    "text": required(check_localized),
    "state": required(code_of("challenge_state")),
}

FUNDING = {
    "source": required(code_of("funding_source")),
    "purpose": required(code_of("funding_purpose")),
    "amount_eur": required(check_amount),
    "project_code": optional(check_project),
    "plan_result": optional(check_result),
}


def check_future_plan(found: Findings, at: str, item: dict[str, Any], member: str, catalogue: Catalogue) -> None:  # noqa: ARG001
    """A plan is announced once, with text and quarter; later quarters refer to its code and say what became of it."""
    if item.get("outcome") is None:
        for name in ("text", "planned_for"):
            if item.get(name) is None:
                found.add(f"{at}/{name}", "missing")
