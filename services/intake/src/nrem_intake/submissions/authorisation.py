"""Who may use which route of submissions. That a member sees and writes its own only is checked by the handlers."""

from __future__ import annotations

from nrem_shared.runtime.identity import Rule

_REPORTING = Rule("member", "officer", "contributor", "coordinator", "secretariat")
_MEMBER = Rule("member")
_COORDINATOR = Rule("coordinator")
#: The institution itself, or the coordinator on its behalf.
_SENDING = Rule("member", "coordinator")

_JSON = "/api/periods/{period}/submissions/{member}"
_PAGE = "/periods/{period}/submissions/{member}"

RULES: dict[str, Rule] = {
    "POST /api/submissions": _MEMBER,
    "GET /api/submissions": _REPORTING,
    f"POST {_JSON}": _MEMBER,
    f"GET {_JSON}": _REPORTING,
    f"GET {_JSON}/versions/{{version}}": _REPORTING,
    f"POST {_JSON}/corrections": _SENDING,
    f"POST {_JSON}/versions/{{version}}/accept": _COORDINATOR,
    f"POST {_JSON}/versions/{{version}}/return": _COORDINATOR,
    f"POST {_JSON}/versions/{{version}}/withdraw": _MEMBER,
    "POST /api/validate/{period}/{member}": _REPORTING,
    "GET /": _REPORTING,
    f"GET {_PAGE}": _REPORTING,
    f"GET {_PAGE}/upload": _SENDING,
    f"POST {_PAGE}/upload": _SENDING,
    f"POST {_PAGE}/nothing": _MEMBER,
    f"POST {_PAGE}/versions/{{version}}/withdraw": _MEMBER,
}
