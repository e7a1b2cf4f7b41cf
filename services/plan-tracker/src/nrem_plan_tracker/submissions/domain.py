"""What counts of the reports: the versions in force on an instant, and the entries they hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class OfVersion:
    """What belongs to a version of a member's report."""

    period: str
    member: str
    version: int

    @property
    def reference(self) -> str:
        """How evidence names the version: `2026-Q3/vp/1`."""
        return f"{self.period}/{self.member}/{self.version}"


@dataclass(frozen=True, slots=True)
class InForce(OfVersion):
    """A version that counts: the latest of its stream accepted by the instant asked about."""

    accepted_at: datetime
    nothing_to_report: bool
    illustrative: bool


@dataclass(frozen=True, slots=True)
class Entry(OfVersion):
    """One entry of a section of a version in force; `item` is the contract's model as JSON."""

    section: str
    code: str
    item: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a member's submission for a period stands now."""

    member: str
    state: str
    accepted_version: int | None
    pending_version: int | None
    due: date
    late: bool
