"""Who may use which route of plan-tracker."""

from __future__ import annotations

from nrem_shared.runtime.identity import PUBLIC, Rule

RULES: dict[str, Rule] = {
    "POST /api/plans": Rule("coordinator"),
    "GET /api/plans": PUBLIC,
    "GET /api/plans/{code}": PUBLIC,
    "GET /": PUBLIC,
}
