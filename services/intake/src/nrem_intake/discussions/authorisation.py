"""Who may use which route of discussions. That a member sees its own only is checked by the handlers."""

from __future__ import annotations

from nrem_shared.runtime.identity import Rule

_BOTH_SIDES = Rule("member", "coordinator")
_READING = Rule("member", "coordinator", "secretariat")

_JSON = "/api/periods/{period}/submissions/{member}/discussion"
_PAGE = "/periods/{period}/submissions/{member}/versions/{version}/discussion"

RULES: dict[str, Rule] = {
    f"GET {_JSON}": _READING,
    f"POST {_JSON}": _BOTH_SIDES,
    f"GET {_PAGE}": _READING,
    f"POST {_PAGE}": _BOTH_SIDES,
}
