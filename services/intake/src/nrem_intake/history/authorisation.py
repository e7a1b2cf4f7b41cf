"""Who may use which route of imports."""

from __future__ import annotations

from nrem_shared.runtime.identity import Rule

RULES: dict[str, Rule] = {"POST /api/imports": Rule("coordinator")}
