"""What was looked at, and how it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

State = Literal["ok", "warning", "problem"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: `said` is how it is, `do` what to do about it (empty where it is well)."""

    area: str
    what: str
    state: State
    said: str
    do: str = ""


def ok(area: str, what: str, said: str) -> Finding:
    """It is as it should be."""
    return Finding(area, what, "ok", said)


def warning(area: str, what: str, said: str, do: str) -> Finding:
    """It works, and somebody should look."""
    return Finding(area, what, "warning", said, do)


def problem(area: str, what: str, said: str, do: str) -> Finding:
    """It does not work, or not for long."""
    return Finding(area, what, "problem", said, do)


def worst(findings: Iterable[Finding]) -> State:
    """The worst state among them."""
    states = {each.state for each in findings}
    return "problem" if "problem" in states else "warning" if "warning" in states else "ok"
