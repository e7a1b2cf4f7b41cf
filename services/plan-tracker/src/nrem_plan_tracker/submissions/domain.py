"""What counts of the reports: the versions in force on an instant, and the entries they hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class InForce:
    """A version that counts: the latest of its stream accepted by the instant asked about."""

    period: str
    member: str
    version: int
    accepted_at: datetime
    nothing_to_report: bool
    illustrative: bool

    @property
    def reference(self) -> str:
        """How evidence names it: `2026-Q3/vp/1`."""
        return f"{self.period}/{self.member}/{self.version}"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a section of a version in force; `item` is the contract's model as JSON."""

    period: str
    member: str
    version: int
    section: str
    code: str
    item: dict[str, Any]

    @property
    def reference(self) -> str:
        """How evidence names its version: `2026-Q3/vp/1`."""
        return f"{self.period}/{self.member}/{self.version}"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a member's submission for a period stands now."""

    member: str
    state: str
    accepted_version: int | None
    pending_version: int | None
    due: date
    late: bool
