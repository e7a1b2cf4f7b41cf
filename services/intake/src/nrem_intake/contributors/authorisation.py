"""Who may use which route of contributors. A member sees and changes its own only: others' are not found."""

from __future__ import annotations

from nrem_shared.runtime.identity import Rule

_GIVING = Rule("member", "coordinator")

RULES: dict[str, Rule] = {
    "GET /people": _GIVING,
    "POST /people": _GIVING,
    "GET /people/{id}": _GIVING,
    "POST /people/{id}": _GIVING,
    "POST /people/{id}/remove": _GIVING,
}
