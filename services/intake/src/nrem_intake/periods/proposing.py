"""Which quarter to open next and when it is due: what the page proposes. Pure.

The rule is the one by which `data/deadlines.yaml` dates the obligation QUARTER: 15 calendar days after the quarter's
last day, on the next working day. Intake owns the due date (the notifier takes it from the fact that a period was
opened), so the rule stands here, and the working days are those of the code list `calendar_exception`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from nrem_intake.periods.domain import last_day

if TYPE_CHECKING:
    from nrem_shared.runtime.working_days import WorkingDays

#: Calendar days between a quarter's last day and the day its submissions are due, before it moves to a working day.
DAYS_TO_REPORT = 15


@dataclass(frozen=True, slots=True)
class Proposal:
    """A quarter that is not open yet, and its due date by the rule."""

    code: str
    due: date

    @property
    def year(self) -> str:
        """As the form holds it."""
        return self.code[:4]

    @property
    def quarter(self) -> str:
        """As the form holds it."""
        return self.code[-1]


def proposed(opened: Iterable[str], today: date, calendar: WorkingDays) -> Proposal:
    """The quarter after the newest that was opened; the present one where none was."""
    newest = max(opened, default=None)
    code = following(newest) if newest else f"{today.year}-Q{(today.month + 2) // 3}"
    return Proposal(code, due_of(code, calendar))


def following(period: str) -> str:
    """The quarter after this one."""
    year, quarter = int(period[:4]), int(period[-1])
    return f"{year + quarter // 4:04}-Q{quarter % 4 + 1}"


def due_of(period: str, calendar: WorkingDays) -> date:
    """When submissions for a quarter are due by the rule."""
    return calendar.next(last_day(period) + timedelta(days=DAYS_TO_REPORT))
