"""Who may take texts out, and let texts pass: the coordinator alone."""

from __future__ import annotations

from nrem_shared.runtime.identity import Rule

_COORDINATOR = Rule("coordinator")

_JSON = "/api/periods/{period}/submissions/{member}"
_PAGE = "/periods/{period}/submissions/{member}"

RULES: dict[str, Rule] = {
    "GET /api/redactions": _COORDINATOR,
    "POST /api/redactions": _COORDINATOR,
    f"POST {_JSON}/versions/{{version}}/redactions": _COORDINATOR,
    f"POST {_JSON}/let-pass": _COORDINATOR,
    f"GET {_PAGE}/versions/{{version}}/redact": _COORDINATOR,
    f"POST {_PAGE}/versions/{{version}}/redact": _COORDINATOR,
    f"GET {_PAGE}/let-pass": _COORDINATOR,
    f"POST {_PAGE}/let-pass": _COORDINATOR,
}
