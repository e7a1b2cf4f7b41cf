"""Who may use which route of workbooks. That a member sees and uploads its own only is checked by the handlers."""

from __future__ import annotations

from nrem_shared.runtime.identity import Rule

_MEMBER = Rule("member")
_REPORTING = Rule("member", "coordinator", "secretariat")
_COORDINATOR = Rule("coordinator")

_PAGE = "/periods/{period}/submissions/{member}/workbook"

RULES: dict[str, Rule] = {
    f"GET {_PAGE}": _MEMBER,
    f"GET {_PAGE}.xlsx": _REPORTING,
    f"POST {_PAGE}": _MEMBER,
    f"POST {_PAGE}/submit": _MEMBER,
    "POST /api/workbooks": _REPORTING,
    "GET /api/workbooks/history": _COORDINATOR,
    "POST /api/workbooks/history": _COORDINATOR,
}
