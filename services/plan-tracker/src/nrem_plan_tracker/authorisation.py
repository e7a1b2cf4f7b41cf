"""Who may use which route of plan-tracker. Handlers check whose a thing is: others' are not found."""

from __future__ import annotations

from nrem_shared.runtime.identity import PUBLIC, Rule

_GROUP = Rule("coordinator", "secretariat", "member")
_MINISTRY = Rule("coordinator", "secretariat")
_COORDINATOR = Rule("coordinator")

RULES: dict[str, Rule] = {
    "POST /api/plans": _COORDINATOR,
    "GET /api/plans": PUBLIC,
    "GET /api/plans/{code}": PUBLIC,
    "GET /api/plans/{plan}/results/{result}": _GROUP,
    "POST /api/plans/{plan}/results/{result}/verdicts": _COORDINATOR,
    "POST /api/plans/{plan}/results/{result}/dissents": _GROUP,
    "GET /api/periods/{period}/progress": _GROUP,
    "POST /api/recommendations": _COORDINATOR,
    "GET /api/recommendations": PUBLIC,
    "POST /api/legal-deadlines": _COORDINATOR,
    "GET /api/legal-deadlines": PUBLIC,
    "POST /api/legal-deadlines/{code}/met": _COORDINATOR,
    "POST /api/meetings": _MINISTRY,
    "GET /api/meetings": _GROUP,
    "GET /api/meetings/{code}": _GROUP,
    "GET /api/meetings/{code}/proposal": _MINISTRY,
    "POST /api/meetings/{code}/move": _MINISTRY,
    "POST /api/meetings/{code}/agenda": _MINISTRY,
    "POST /api/meetings/{code}/cancel": _MINISTRY,
    "POST /api/meetings/{code}/hold": _MINISTRY,
    "POST /api/meetings/{meeting}/decisions": _MINISTRY,
    "GET /api/meetings/{code}/minutes": _GROUP,
    "POST /api/meetings/{code}/minutes/circulate": _MINISTRY,
    "POST /api/meetings/{code}/minutes/amendments": _GROUP,
    "POST /api/meetings/{code}/minutes/amendments/{amendment}/decide": _MINISTRY,
    "POST /api/meetings/{code}/minutes/approve": _COORDINATOR,
    "GET /api/decisions": _GROUP,
    "GET /api/tasks": _GROUP,
    "POST /api/tasks/{code}/done": _GROUP,
    "GET /": PUBLIC,
}
