"""Working days, and the instants at which the platform does what is planned; read from `data/`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from nrem_embedded.documents import read_document
from nrem_shared.runtime.clock import RIGA
from nrem_shared.runtime.working_days import WorkingDays


@dataclass(frozen=True, slots=True)
class PlatformCalendar:
    """When planned work runs, and which quarters are reported by when (period → due date)."""

    days: WorkingDays
    run_at: time
    due: Mapping[str, date]

    @classmethod
    def from_folder(cls, data: Path) -> PlatformCalendar:
        """From `deadlines.yaml` and `working_days.yaml`."""
        deadlines = read_document(data / "deadlines.yaml").content
        quarter = next(each for each in deadlines["deadlines"] if each["code"] == "QUARTER")
        return cls(
            days=WorkingDays.from_data(read_document(data / "working_days.yaml").content),
            run_at=time.fromisoformat(deadlines["run_at"]),
            due={each["period"]: date.fromisoformat(each["due"]) for each in quarter["calendar"]},
        )

    def opening(self, period: str) -> datetime:
        """When a quarter opens: on its first day, at the hour of planned work."""
        first = date(int(period[:4]), (int(period[-1]) - 1) * 3 + 1, 1)
        return self.at(first)

    def at(self, day: date) -> datetime:
        """The planned instant of a day, in UTC."""
        return datetime.combine(day, self.run_at, RIGA).astimezone(UTC)

    def planned(self, after: datetime, until: datetime) -> Iterator[datetime]:
        """The planned instants (one on each working day) later than `after`, up to `until` inclusive."""
        day = after.astimezone(RIGA).date()
        while (instant := self.at(day)) <= until:
            if instant > after and day in self.days:
                yield instant
            day += timedelta(days=1)
