"""Who may use which route of the report's form; whose report it is, the handlers check: else 404."""

from __future__ import annotations

from nrem_shared.runtime.identity import Rule

_PAGE = "/periods/{period}/submissions/{member}/report"

_READING = Rule("member", "officer", "contributor", "coordinator")
_FILLING = Rule("member", "contributor", "coordinator")
_WHOLE = Rule("member", "coordinator")

RULES: dict[str, Rule] = {
    f"GET {_PAGE}": _READING,
    f"GET {_PAGE}/sections/{{section}}": _FILLING,
    f"POST {_PAGE}/sections/{{section}}": _FILLING,
    f"POST {_PAGE}/sections/plan_progress": _FILLING,
    f"GET {_PAGE}/check": Rule("member", "officer", "coordinator"),
    f"POST {_PAGE}/submit": _WHOLE,
    f"POST {_PAGE}/sign": Rule("officer"),
    f"POST {_PAGE}/send-back": Rule("member", "officer"),
    f"POST {_PAGE}/discard": _WHOLE,
    f"POST {_PAGE}/restore": _WHOLE,
    f"POST {_PAGE}/take-over": _WHOLE,
    f"GET {_PAGE}/receipt": Rule("member", "officer", "coordinator", "secretariat"),
    f"GET {_PAGE}/correction": Rule("member", "officer", "coordinator"),
    f"POST {_PAGE}/correction": _WHOLE,
    f"POST {_PAGE}/correction/sign": Rule("officer"),
    f"POST {_PAGE}/correction/send-back": Rule("member", "officer"),
}
