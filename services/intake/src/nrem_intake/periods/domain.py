"""Reporting periods: pure rules."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from nrem_shared.contracts.members import InstitutionRegistered

_MONTHS = 3


def first_day(period: str) -> date:
    """The first day of a quarter such as `2026-Q3`."""
    return date(int(period[:4]), (int(period[-1]) - 1) * _MONTHS + 1, 1)


def last_day(period: str) -> date:
    """The last day of a quarter."""
    year, quarter = int(period[:4]), int(period[-1])
    following = date(year + quarter // 4, quarter % 4 * _MONTHS + 1, 1)
    return following - timedelta(days=1)


def owing(institutions: Iterable[InstitutionRegistered], group: str, day: date) -> tuple[str, ...]:
    """Who owes a submission: members of the group on the day the period opens, in alphabetical order."""
    return tuple(sorted(item.code for item in institutions if item.member_on(group, day)))
