"""What an obligation is, and whom it concerns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from itertools import pairwise

from nrem_shared.contracts.base import LocalizedText
from nrem_shared.contracts.members import InstitutionRegistered
from nrem_shared.contracts.reminders import MailKind, ObligationKind
from nrem_shared.runtime.working_days import WorkingDays


@dataclass(frozen=True, slots=True, order=True)
class Recipient:
    """A role of an institution; who holds it is known when a mail is made."""

    institution: str
    role: str


@dataclass(frozen=True, slots=True)
class Move:
    """At `at` the due date became `due`."""

    at: datetime
    due: date


@dataclass(frozen=True, slots=True)
class Obligation:
    """Something somebody owes by the end of `due` (Europe/Riga), or a meeting to attend on that day.

    `opened` = the day it arose; `met_at` = when it was done, or ceased to be owed (null = still owed); `moves` in the
    order of time, the last one's `due` is `due`. `link` is a path of the platform.
    """

    key: str
    code: str
    owner: Recipient
    title: LocalizedText
    detail: LocalizedText
    opened: date
    due: date
    link: str
    met_at: datetime | None = None
    moves: tuple[Move, ...] = ()
    illustrative: bool = False

    def owed_at(self, instant: datetime) -> bool:
        """Whether it is still to be done at `instant`."""
        return self.met_at is None or self.met_at > instant


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to be told once, at once, to one recipient: a receipt, an acceptance, an invitation …

    `day` is a date that the mail names (a due date, a meeting's day).
    """

    key: str
    kind: MailKind
    recipient: Recipient
    at: datetime
    title: LocalizedText
    detail: LocalizedText
    link: str
    day: date | None = None
    illustrative: bool = False
    meeting: str | None = None


@dataclass(frozen=True)
class Surroundings:
    """What obligations are worked out with, beside the facts: kinds, calendar, institutions, who the ministry is."""

    kinds: Mapping[str, ObligationKind]
    days: WorkingDays
    institutions: Mapping[str, InstitutionRegistered]
    ministry: str

    def title(self, code: str) -> LocalizedText:
        """What a kind of obligation is called; its code where no policy names it."""
        kind = self.kinds.get(code)
        return kind.title if kind else LocalizedText(lv=code, en=code)

    def name(self, institution: str) -> str:
        """The abbreviation people know an institution by."""
        known = self.institutions.get(institution)
        return known.abbreviation if known else institution

    def window(self, code: str, opened: date, fallback: int) -> date:
        """The last day of the working days that a kind allows after `opened`."""
        kind = self.kinds.get(code)
        days = kind.rule.days if kind and kind.rule.days is not None else fallback
        return self.days.add(opened, days)


@lru_cache(maxsize=8192)  # the same few hundred texts at each change of the facts
def words(lv: str, en: str | None = None) -> LocalizedText:
    """A text in both languages; one text where they do not differ. At most what a contract may hold."""
    return LocalizedText(lv=lv[:4000], en=(en or lv)[:4000])


def moves_of(dues: list[tuple[datetime, date]]) -> tuple[Move, ...]:
    """Each change of a due date, from (since when, due date) in the order of time."""
    return tuple(Move(at, due) for (_, before), (at, due) in pairwise(dues) if due != before)
