"""Time is an argument: one clock is injected, domain code never asks the machine."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

RIGA = ZoneInfo("Europe/Riga")


class Clock(Protocol):
    """Tells the domain's time."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        return datetime.now(UTC)


class DemonstrationClock:
    """A clock that stands still and is moved forward by `nrem.clock.advanced` events only."""

    def __init__(self, now: datetime) -> None:
        self._now = now.astimezone(UTC)

    def now(self) -> datetime:
        """Where the demonstration stands, in UTC."""
        return self._now

    def advance(self, now: datetime) -> None:
        """Move forward to `now`; an earlier instant changes nothing (events may come twice)."""
        self._now = max(self._now, now.astimezone(UTC))


#: Where a new demonstration begins: before anything of its first quarter.
DEMONSTRATION_START = datetime(2025, 12, 31, 7, 0, tzinfo=UTC)


def end_of_day(day: date) -> datetime:
    """The last microsecond of `day` in Europe/Riga, in UTC: what *as known on* a date means."""
    return datetime.combine(day + timedelta(days=1), time(), RIGA).astimezone(UTC) - timedelta(microseconds=1)


def local_date(instant: datetime) -> date:
    """The calendar day of `instant` in Europe/Riga."""
    return instant.astimezone(RIGA).date()
