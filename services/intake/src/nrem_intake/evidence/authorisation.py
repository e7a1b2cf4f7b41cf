"""Who may send, see and remove files. That a member handles its own only is checked by the handlers: else 404."""

from __future__ import annotations

from nrem_shared.runtime.identity import Rule

_SEES = Rule("member", "officer", "contributor", "coordinator", "secretariat")
_SENDS = Rule("member", "contributor")
_COORDINATOR = Rule("coordinator")

_JSON = "/api/periods/{period}/evidence/{member}"
_PAGE = "/periods/{period}/submissions/{member}/evidence"

RULES: dict[str, Rule] = {
    f"GET {_JSON}": _SEES,
    f"POST {_JSON}": _SENDS,
    "GET /api/evidence/{id}": _SEES,
    "POST /api/evidence/{id}/remove": _COORDINATOR,
    f"GET {_PAGE}": _SEES,
    f"POST {_PAGE}": _SENDS,
    f"POST {_PAGE}/remove": _COORDINATOR,
}
