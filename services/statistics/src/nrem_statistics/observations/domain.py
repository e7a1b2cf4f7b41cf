"""Versions of submissions as rows, and which version of each stream counts at an instant."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal, NamedTuple

from nrem_shared.contracts.submissions import CorrectedFigure

Outcome = Literal["accepted", "returned", "withdrawn"]

CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One submitted version. `submitted_at` is its record time; `late` says so of the stream's first version."""

    member: str
    version: int
    submitted_at: datetime
    late: bool
    nothing_to_report: bool
    illustrative: bool = False
    corrected_figures: tuple[CorrectedFigure, ...] = ()


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """What became of one version; `decided_at` is the decision's record time."""

    member: str
    version: int
    outcome: Outcome
    decided_at: datetime


class ObservationRow(NamedTuple):
    """One figure of one version: a number from zero, or null with the kind of empty it is.

    A tuple: a quarter has many, and they are made for every answer.
    """

    member: str
    indicator: str
    dimensions: Mapping[str, str]
    value: int | None
    empty: str | None = None
    version: int = 1


@dataclass(frozen=True, slots=True)
class ActivityRow:
    """One thing done; `first_contact` = attendances by kind of first-contact institution."""

    member: str
    type: str
    audience: str
    participants: int | None = None
    copies: int | None = None
    first_contact: tuple[tuple[str, int], ...] = ()
    project_phase: str | None = None
    continues: bool = False


@dataclass(frozen=True, slots=True)
class FundingRow:
    """Money used, in euro to the cent."""

    member: str
    source: str
    purpose: str
    amount_eur: Decimal


@dataclass(frozen=True, slots=True)
class ChallengeRow:
    """A difficulty and whether it has ended."""

    member: str
    code: str
    state: str


@dataclass(frozen=True, slots=True)
class VersionRows:
    """All rows of the versions asked for."""

    observations: tuple[ObservationRow, ...] = ()
    activities: tuple[ActivityRow, ...] = ()
    funding: tuple[FundingRow, ...] = ()
    challenges: tuple[ChallengeRow, ...] = ()


def accepted_versions(decisions: Iterable[DecisionRow], known_on: datetime) -> dict[str, list[int]]:
    """Member → its versions accepted by `known_on`, oldest first."""
    accepted: dict[str, list[int]] = {}
    for decision in sorted(decisions, key=lambda row: (row.member, row.version)):
        if decision.outcome == "accepted" and decision.decided_at <= known_on:
            accepted.setdefault(decision.member, []).append(decision.version)
    return accepted


def versions_in_force(decisions: Iterable[DecisionRow], known_on: datetime) -> dict[str, int]:
    """Member → the version that counts as known on an instant: the last one accepted by then.

    A pending, returned or withdrawn correction displaces nothing.
    """
    return {member: versions[-1] for member, versions in accepted_versions(decisions, known_on).items()}


def euro(amount: float) -> Decimal:
    """An amount as reported, exact to the cent."""
    return Decimal(repr(amount)).quantize(CENT)
