"""Who may read the access log."""

from __future__ import annotations

from nrem_shared.runtime.identity import Rule

RULES: dict[str, Rule] = {
    "GET /access-log": Rule("coordinator"),
    "GET /access-log/download": Rule("coordinator"),
}
