"""Who may use which route of extensions. That a member sees and asks for its own only is checked by the handlers."""

from __future__ import annotations

from nrem_shared.runtime.identity import Rule

_REPORTING = Rule("member", "coordinator", "secretariat")
_MEMBER = Rule("member")
_COORDINATOR = Rule("coordinator")

_JSON = "/api/periods/{period}/extensions"
_PAGE = "/periods/{period}/submissions/{member}"

RULES: dict[str, Rule] = {
    f"GET {_JSON}": _REPORTING,
    f"POST {_JSON}/{{member}}": _COORDINATOR,
    f"POST {_JSON}/{{member}}/ask": _MEMBER,
    f"POST {_JSON}/{{member}}/refuse": _COORDINATOR,
    f"GET {_PAGE}/extension": _COORDINATOR,
    f"POST {_PAGE}/extension": _COORDINATOR,
    f"POST {_PAGE}/refuse-extension": _COORDINATOR,
    f"GET {_PAGE}/ask-extension": _MEMBER,
    f"POST {_PAGE}/ask-extension": _MEMBER,
}
