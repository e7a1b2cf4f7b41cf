"""What statistics decides about figures: a quarter's tables, frozen. Topic `nrem.releases`, stream `release/<period>`.

A release is in the *ministry* view: nothing in it is suppressed. It is for the members of the working group and the
ministry; a consumer must not show it to anybody else.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from nrem_shared.contracts.base import Contract, InstitutionCode, LocalizedText, PeriodCode

#: What a figure says. `reported`: added up over those who reported it. `total`: the same where it may be called a
#: total. The other three belong to indicators that two routes count: see `Combination`.
Measure = Literal["reported", "total", "sum_of_routes", "on_both_routes", "deduplicated"]

#: How figures of several reporters combine. `sum`: they add up. `not_additive`: they do not, so there is no total.
#: `routes`: two routes count and overlap; `deduplicated` = `sum_of_routes` − `on_both_routes`.
Combination = Literal["sum", "not_additive", "routes"]

#: Why there is no number; never zero, and never more than one of them.
EmptyFigure = Literal["unknown", "not_applicable", "not_reported"]


class ReleasedValue(Contract):
    """A number or why there is none. Of money: whole cents."""

    value: int | None
    empty: EmptyFigure | None = None
    incomplete: bool = Field(default=False, description="A part of it is not known or was not reported")


class ReleasedFigure(ReleasedValue):
    """One figure of a table: what it says, and dimension → code of the cell (none = of the whole)."""

    measure: Measure
    dimensions: dict[str, str] = Field(default_factory=dict)


class ReleasedDimension(Contract):
    """A dimension that a table is broken down by, with the words for the codes in it as they were then."""

    code: str
    title: LocalizedText
    codes: dict[str, LocalizedText]


class ReleasedTable(Contract):
    """All figures of one indicator. `unit` is a code of the list of units; of money it is `eur_cent`."""

    indicator: str
    title: LocalizedText
    source: Literal["observations", "activities", "funding"]
    unit: str
    unit_label: LocalizedText
    combination: Combination
    overlap_indicator: str | None = Field(default=None, description="Which indicator counts what is on both routes")
    why: LocalizedText | None = Field(default=None, description="What the figures mean, or why they do not add up")
    dimensions: tuple[ReleasedDimension, ...] = ()
    figures: tuple[ReleasedFigure, ...]


class ReleasedCompleteness(Contract):
    """Who had reported: how many owe a submission, and those of them without an accepted version."""

    expected: int
    accepted: int
    not_accepted: tuple[InstitutionCode, ...] = ()


class ReleasedChange(Contract):
    """A figure that is not what the release before said. `old` null = it was not there, `new` null = it is gone."""

    indicator: str
    measure: Measure
    dimensions: dict[str, str] = Field(default_factory=dict)
    old: ReleasedValue | None
    new: ReleasedValue | None


class ReleasedCorrection(Contract):
    """What a member corrected since the release before: one reported figure, with the reason it gave."""

    member: InstitutionCode
    indicator: str
    dimensions: dict[str, str]
    old: ReleasedValue | None
    new: ReleasedValue | None
    reason: LocalizedText | None = None
    accepted_at: datetime


class FiguresReleased(Contract):
    """The figures of a quarter were frozen as they were known at `as_known_on`.

    `manifest` = the accepted version of each member that they were compiled from. `journal_head` = hash (hexadecimal)
    of the last fact that statistics journalled before, at `journal_position`. `previous` = the version that `changes`,
    `corrections` and `recompiled` (members whose accepted version is another one now) compare with; null = the first.
    """

    period: PeriodCode
    version: Annotated[int, Field(ge=1)]
    view: Literal["ministry"] = "ministry"
    as_known_on: datetime
    manifest: dict[InstitutionCode, int]
    completeness: ReleasedCompleteness
    tables: tuple[ReleasedTable, ...]
    small_cell_threshold: int
    illustrative: bool = False
    previous: int | None = None
    changes: tuple[ReleasedChange, ...] = ()
    corrections: tuple[ReleasedCorrection, ...] = ()
    recompiled: tuple[InstitutionCode, ...] = ()
    journal_position: int
    journal_head: str
