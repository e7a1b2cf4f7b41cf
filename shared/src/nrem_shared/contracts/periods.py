"""Reporting periods: opening freezes who owes a submission, closing carries the manifest. Stream `period/<code>`."""

from __future__ import annotations

from datetime import date

from nrem_shared.contracts.base import Contract, InstitutionCode, PeriodCode


class PeriodOpened(Contract):
    """A period opened: `owes` is frozen, in alphabetical order."""

    code: PeriodCode
    due: date
    group: str
    owes: tuple[InstitutionCode, ...]
    illustrative: bool = False


class ReferenceVersion(Contract):
    """The revision of one piece of reference data in force when the manifest was made."""

    kind: str
    code: str
    revision: int


class PeriodClosed(Contract):
    """What a release of this period names and waits for: accepted version per member, and reference data in force."""

    code: PeriodCode
    accepted: dict[str, int]
    reference: tuple[ReferenceVersion, ...]
