"""Who may use which route. Figures of a group that was not released are the coordinator's; a member sees its own."""

from __future__ import annotations

from nrem_shared.runtime.identity import PUBLIC, Rule

_GROUP = Rule("coordinator", "secretariat", "member")

RULES: dict[str, Rule] = {
    "GET /": PUBLIC,
    "GET /quarters/{period}": _GROUP,
    "GET /years": PUBLIC,
    "GET /api/quarters/{period}": _GROUP,
    "GET /api/periods/{period}/completeness": _GROUP,
    "GET /api/years": PUBLIC,
    "POST /api/history": Rule("coordinator"),
}
