"""Who may use which route of workbooks. That a member sees and uploads its own only is checked by the handlers."""

from __future__ import annotations

from nrem_shared.runtime.identity import Rule

#: The institution itself, or the coordinator on its behalf.
_SENDING = Rule("member", "coordinator")
_REPORTING = Rule("member", "coordinator", "secretariat")
_COORDINATOR = Rule("coordinator")

_PAGE = "/periods/{period}/submissions/{member}/workbook"

RULES: dict[str, Rule] = {
    f"GET {_PAGE}": _SENDING,
    f"GET {_PAGE}.xlsx": _REPORTING,
    f"POST {_PAGE}": _SENDING,
    f"POST {_PAGE}/submit": _SENDING,
    "POST /api/workbooks": _REPORTING,
    "GET /api/workbooks/history": _COORDINATOR,
    "POST /api/workbooks/history": _COORDINATOR,
}
