"""Who may use which route of reviewing."""

from __future__ import annotations

from nrem_shared.runtime.identity import Rule

_MINISTRY = Rule("coordinator", "secretariat")
_COORDINATOR = Rule("coordinator")

_VERSION = "/periods/{period}/submissions/{member}/versions/{version}"

RULES: dict[str, Rule] = {
    "GET /queue": _MINISTRY,
    "GET /queue/accept": _COORDINATOR,
    "POST /queue/accept": _COORDINATOR,
    f"GET {_VERSION}/review": _MINISTRY,
    f"POST {_VERSION}/accept": _COORDINATOR,
    f"GET {_VERSION}/return": _COORDINATOR,
    f"POST {_VERSION}/return": _COORDINATOR,
    f"GET {_VERSION}/figures": _COORDINATOR,
    f"POST {_VERSION}/figures": _COORDINATOR,
    f"POST /api{_VERSION}/figures": _COORDINATOR,
    "GET /corrections": _MINISTRY,
    "GET /corrections/download": _MINISTRY,
    "GET /api/corrections": _MINISTRY,
}
