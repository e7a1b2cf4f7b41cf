"""What the ledger must hold, from `domain.md` and the comments of `deadlines.yaml` alone; shares no code with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import yaml

RIGA = ZoneInfo("Europe/Riga")
_CALENDAR = yaml.safe_load((Path(__file__).parents[3] / "data" / "working_days.yaml").read_text())
_OFF = {each["date"] for each in _CALENDAR["holidays"]} | {each["off"] for each in _CALENDAR["moved_days"]}
_WORKED = {each["worked"] for each in _CALENDAR["moved_days"]}

#: (obligation, institution, role, step) → (day, sent or merged)
Rows = dict[tuple[str, str, str, str], tuple[date, str]]


def worked(day: date) -> bool:
    return str(day) in _WORKED or (day.isoweekday() < 6 and str(day) not in _OFF)


def not_later(day: date) -> date:
    return day if worked(day) else not_later(day - timedelta(1))


def nth_after(day: date, n: int) -> date:
    for _ in range(n):
        day += timedelta(1)
        while not worked(day):
            day += timedelta(1)
    return day


def schedule(kind: str, due: date) -> list[tuple[date, str, str]]:
    """(day, step, to whom), in the order in which they speak of the same day."""
    if kind == "MEETING":
        day_before = not_later(due - timedelta(1))
        return [(not_later(due - timedelta(7)), "MEETING-7", "owner"), (day_before, "BEFORE-1", "owner")]
    before = [(not_later(due - timedelta(n)), f"BEFORE-{n}", "owner") for n in (30, 14, 7, 3, 1)]
    fifth = nth_after(due, 5)
    return [
        *before,
        (not_later(due), "ON_DAY", "owner"),
        (nth_after(due, 1), "OVERDUE+1", "owner"),
        (fifth, "OVERDUE+5", "owner"),
        (fifth, "ESCALATION+5", "authorised_officer"),
        (fifth, "ESCALATION+5", "coordinator"),
    ]


@dataclass
class Owed:
    """Something owed, as the model sees it."""

    key: str
    kind: str
    institution: str
    role: str
    opened: date
    due: date
    met: bool = False
    returned: bool = False
    moves: list[date] = field(default_factory=list)
    called_at: datetime | None = None
    invited: bool = True

    def recipient(self, to: str) -> tuple[str, str]:
        if to == "owner":
            return self.institution, self.role
        return (self.institution, to) if to == "authorised_officer" else ("iem", "coordinator")


@dataclass
class Model:
    """Everything owed, everything told; `look` is what a notifier does when it may."""

    owed: dict[str, Owed] = field(default_factory=dict)
    rows: Rows = field(default_factory=dict)
    digests: set[tuple[str, str, date]] = field(default_factory=set)

    def look(self, now: datetime) -> None:
        local = now.astimezone(RIGA)
        today, morning_over = local.date(), local.time() >= time(8)
        had = {(institution, role) for institution, role, day in self.digests if day == today}
        for one in self.owed.values():
            # An invitation that leaves now names the day in force: nobody needs to hear of moves before it.
            inviting = not one.invited and not one.met and one.called_at is not None
            inviting = inviting and one.due >= today and now - (one.called_at or now) <= timedelta(7)
            one.invited = True
            if not one.met:
                self._tell(one, today, worked(today) and morning_over, had, inviting)

    def _tell(self, one: Owed, today: date, digests: bool, had: set[tuple[str, str]], inviting: bool) -> None:
        quiet_until = max([one.opened, *one.moves])
        pending: dict[tuple[str, str], list[tuple[date, str, bool]]] = {}
        if one.returned:
            pending.setdefault(one.recipient("owner"), []).append((one.opened, "RETURNED", True))
        for day, step, to in schedule(one.kind, one.due):
            if quiet_until < day <= today:
                pending.setdefault(one.recipient(to), []).append((day, step, False))
        for number, day in enumerate(one.moves, 1):
            pending.setdefault(one.recipient("owner"), []).append((day, f"MOVED#{number}", True))
        for (institution, role), steps in pending.items():
            may = digests and (institution, role) not in had
            new = [
                (day, step, at_once)
                for day, step, at_once in steps
                if (one.key, institution, role, step) not in self.rows and (at_once or may)
            ]
            # Python's sort keeps the order of steps of one day.
            for place, (_, step, at_once) in enumerate(sorted(new, key=lambda each: each[0])):
                last = place == len(new) - 1
                told = last and not (inviting and step.startswith("MOVED"))
                self.rows[(one.key, institution, role, step)] = (today, "sent" if told else "merged")
                if last and not at_once:
                    self.digests.add((institution, role, today))
