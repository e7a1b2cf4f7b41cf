"""Who may use which route of plan-tracker. Handlers check whose a thing is: others' are not found."""

from __future__ import annotations

from nrem_shared.runtime.identity import PUBLIC, Rule
from nrem_shared.web.operations import RULES as OPERATIONS
from nrem_shared.web.redactions import RULES as REDACTIONS

#: Who reads what the working group has before it; an observer reads along and may dissent.
_GROUP = Rule("coordinator", "secretariat", "member", "officer", "observer")
#: Who reports and proposes for an institution, and the ministry.
_ACTING = Rule("coordinator", "secretariat", "member", "officer")
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
    "POST /api/meetings/{code}/minutes/amendments": _ACTING,
    "POST /api/meetings/{code}/minutes/amendments/{amendment}/decide": _MINISTRY,
    "POST /api/meetings/{code}/minutes/approve": _COORDINATOR,
    "GET /api/decisions": _GROUP,
    "GET /api/tasks": _GROUP,
    "POST /api/tasks/{code}/done": _ACTING,
    "GET /api/meetings/{code}/readiness": _MINISTRY,
    "GET /api/challenges": _GROUP,
    "GET /api/future-plans": _GROUP,
    "GET /": PUBLIC,
    "GET /plans/{plan}": PUBLIC,
    "GET /plans/{plan}/results/{result}": PUBLIC,
    "GET /plans/{plan}/results/{result}/verdict": _COORDINATOR,
    "POST /plans/{plan}/results/{result}/verdict": _COORDINATOR,
    "GET /plans/{plan}/results/{result}/dissent": _GROUP,
    "POST /plans/{plan}/results/{result}/dissent": _GROUP,
    "GET /recommendations": PUBLIC,
    "GET /deadlines": PUBLIC,
    "GET /outlook": _GROUP,
    "GET /readiness": _MINISTRY,
    "GET /tasks": _GROUP,
    "POST /tasks/{code}/done": _ACTING,
    "GET /meetings": _GROUP,
    "GET /meetings/new": _MINISTRY,
    "POST /meetings/new": _MINISTRY,
    "GET /meetings/{code}": _GROUP,
    "POST /meetings/{code}/propose-agenda": _MINISTRY,
    "GET /meetings/{code}/move": _MINISTRY,
    "POST /meetings/{code}/move": _MINISTRY,
    "GET /meetings/{code}/cancel": _MINISTRY,
    "POST /meetings/{code}/cancel": _MINISTRY,
    "GET /meetings/{code}/hold": _MINISTRY,
    "POST /meetings/{code}/hold": _MINISTRY,
    "GET /meetings/{code}/decisions": _MINISTRY,
    "POST /meetings/{code}/decisions": _MINISTRY,
    "POST /meetings/{code}/circulate": _MINISTRY,
    "POST /meetings/{code}/approve": _COORDINATOR,
    "GET /meetings/{code}/minutes": _GROUP,
    "GET /meetings/{code}/report": _GROUP,
    "GET /meetings/{code}/amend": _ACTING,
    "POST /meetings/{code}/amend": _ACTING,
    "GET /meetings/{code}/amendments/{amendment}": _MINISTRY,
    "POST /meetings/{code}/amendments/{amendment}": _MINISTRY,
    **OPERATIONS,
    **REDACTIONS,
}
