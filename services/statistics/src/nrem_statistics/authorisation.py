"""Who may use which route.

Figures of the group are the ministry's until they are released, then the working group's too; a member always sees its
own. No figure of the group is for the public: a release is not disclosure-controlled.
"""

from __future__ import annotations

from nrem_shared.runtime.identity import PUBLIC, Rule
from nrem_shared.web.operations import RULES as OPERATIONS
from nrem_shared.web.redactions import RULES as REDACTIONS

_GROUP = Rule("coordinator", "secretariat", "member", "officer", "observer")

RULES: dict[str, Rule] = {
    "GET /": PUBLIC,
    "GET /quarters/{period}": _GROUP,
    "GET /quarters/{period}/release": Rule("coordinator"),
    "POST /quarters/{period}/release": Rule("coordinator"),
    "GET /quarters/{period}/releases/{version}": _GROUP,
    "GET /years": PUBLIC,
    "GET /api/quarters/{period}": _GROUP,
    "POST /api/quarters/{period}/releases": Rule("coordinator"),
    "GET /api/quarters/{period}/releases": _GROUP,
    "GET /api/quarters/{period}/releases/{version}": _GROUP,
    "GET /api/periods/{period}/completeness": _GROUP,
    "GET /api/years": PUBLIC,
    "POST /api/history": Rule("coordinator"),
    **OPERATIONS,
    **REDACTIONS,
}
