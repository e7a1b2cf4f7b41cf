"""Working days: Monday to Friday, but for holidays, days off in lieu and Saturdays that are worked instead."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from nrem_shared.contracts.reference import CodeList

#: Code list of the exceptions: each code is a day (`2026-11-18`), its attribute `works` says which way it differs.
CALENDAR_LIST = "calendar_exception"

_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """Days that differ from the plain week."""

    off: frozenset[date] = frozenset()
    worked: frozenset[date] = frozenset()

    def works(self, day: date) -> bool:
        """Whether `day` is a working day."""
        return day in self.worked or (day.weekday() < _SATURDAY and day not in self.off)

    def add(self, day: date, days: int) -> date:
        """The `days`-th working day after `day`."""
        while days > 0:
            day += timedelta(days=1)
            days -= self.works(day)
        return day


def working_days(codelists: Iterable[CodeList]) -> WorkingDays:
    """The calendar that reference data holds; the plain week where it holds none."""
    entries = [entry for codelist in codelists if codelist.code == CALENDAR_LIST for entry in codelist.codes]
    return WorkingDays(
        off=frozenset(date.fromisoformat(e.code) for e in entries if not e.attributes.get("works")),
        worked=frozenset(date.fromisoformat(e.code) for e in entries if e.attributes.get("works")),
    )
