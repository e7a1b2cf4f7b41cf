"""Working days in Latvia: Monday to Friday, but for holidays, days off in lieu and Saturdays worked instead.

Source of the exceptions: `data/working_days.yaml`; services know them as the code list `calendar_exception`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from nrem_shared.contracts.reference import CodeList

#: Code list of the exceptions: each code is a day (`2026-11-18`), its attribute `works` says which way it differs.
CALENDAR_LIST = "calendar_exception"

_SATURDAY = 5
_ONE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """The days that differ from the plain week."""

    off: frozenset[date] = frozenset()
    worked: frozenset[date] = frozenset()

    @classmethod
    def from_data(cls, content: Mapping[str, Any]) -> WorkingDays:
        """From the content of `working_days.yaml`; days may be dates or ISO texts."""
        off = {_day(each["date"]) for each in content["holidays"]} | {
            _day(each["off"]) for each in content["moved_days"]
        }
        return cls(frozenset(off), frozenset(_day(each["worked"]) for each in content["moved_days"]))

    @classmethod
    def from_code_lists(cls, code_lists: Iterable[CodeList]) -> WorkingDays:
        """From reference data; the plain week where it holds no calendar."""
        entries = [entry for one in code_lists if one.code == CALENDAR_LIST for entry in one.codes]
        return cls(
            off=frozenset(date.fromisoformat(e.code) for e in entries if not e.attributes.get("works")),
            worked=frozenset(date.fromisoformat(e.code) for e in entries if e.attributes.get("works")),
        )

    def is_working(self, day: date) -> bool:
        """Whether `day` is worked."""
        return day in self.worked or (day.weekday() < _SATURDAY and day not in self.off)

    __contains__ = is_working

    def add(self, day: date, days: int) -> date:
        """The `days`-th working day after `day`; `day` itself for 0."""
        while days > 0:
            day += _ONE
            days -= self.is_working(day)
        return day

    def previous(self, day: date) -> date:
        """`day` itself where it is worked, else the last working day before it."""
        while not self.is_working(day):
            day -= _ONE
        return day

    def next(self, day: date) -> date:
        """`day` itself where it is worked, else the first working day after it."""
        while not self.is_working(day):
            day += _ONE
        return day


def _day(value: date | str) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value
