"""The demonstration's reports as plan-tracker holds them: entries of the versions in force on an instant."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any

from data_catalogue import QUARTERS, load
from nrem_plan_tracker.submissions.domain import Entry, InForce

_SECTIONS = {"plan_progress": "result", "activities": "code", "future_plans": "code", "challenges": "code"}


@cache
def decided() -> tuple[tuple[datetime, str, dict[str, Any]], ...]:
    """(accepted at, period, version) of every version that was accepted; corrections change figures alone."""
    found = []
    for quarter in QUARTERS:
        document = load(f"demo/submissions-{quarter}.yaml")
        for version in document["submissions"]:
            decision = version["decision"]
            if decision and decision["outcome"] == "accepted":
                found.append((datetime.fromisoformat(decision["at"]), quarter, version))
    return tuple(found)


def in_force(known_on: datetime, up_to: str) -> list[InForce]:
    """The versions that count on `known_on`, by period and member."""
    newest: dict[tuple[str, str], InForce] = {}
    for at, period, version in decided():
        if at <= known_on and period <= up_to:
            key = (period, version["member"])
            if key not in newest or newest[key].version < version["version"]:
                newest[key] = InForce(*key, version["version"], at, version["nothing_to_report"], True)
    return [newest[key] for key in sorted(newest)]


def entries(section: str, versions: list[InForce]) -> list[Entry]:
    """The entries of one section of these versions."""
    wanted = {(one.period, one.member, one.version) for one in versions}
    return [
        Entry(period, version["member"], version["version"], section, item[_SECTIONS[section]], item)
        for _, period, version in sorted(decided(), key=lambda one: (one[1], one[2]["member"]))
        if (period, version["member"], version["version"]) in wanted
        for item in version[section]
    ]
