"""From a policy's step to the day it falls on; taking over a new set of policies."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property

from nrem_notifier.obligations.domain.values import Recipient
from nrem_shared.contracts.reminders import (
    ObligationKind,
    OnOpen,
    PoliciesAdopted,
    PolicyStep,
    RecipientName,
    ReminderPolicy,
    WorkingCalendarSet,
)
from nrem_shared.runtime.clock import RIGA
from nrem_shared.runtime.problems import FieldError, pointer
from nrem_shared.runtime.working_days import WorkingDays

#: Kinds of steps in the order in which they speak of the same day: the later one speaks for the earlier ones.
_RANK = ("RETURNED", "MEETING", "BEFORE", "ON_DAY", "OVERDUE", "ESCALATION", "MOVED")


@dataclass(frozen=True, slots=True)
class Planned:
    """A policy's step and the day it falls on; `rank` tells steps of one day apart."""

    step: PolicyStep
    day: date
    rank: int


@dataclass(frozen=True)
class Rules:
    """The policies in force, with the calendar and the ministry."""

    adopted: PoliciesAdopted
    days: WorkingDays
    ministry: str
    _plans: dict[tuple[str, date], tuple[Planned, ...]] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def kinds(self) -> dict[str, ObligationKind]:
        """Kinds of obligations by their code."""
        return {kind.code: kind for kind in self.adopted.deadlines}

    def plan(self, code: str, due: date) -> tuple[Planned, ...]:
        """The steps of the policy of a kind of obligation, each with its day; worked out once for each due date."""
        found = self._plans.get((code, due))
        if found is None:
            found = tuple(
                Planned(step, planned_on(step, due, self.days), rank(step.step, step.days))
                for step in self.policy(code).steps
            )
            self._plans[(code, due)] = found
        return found

    def policy(self, code: str) -> ReminderPolicy:
        """The policy of a kind of obligation; the one named `default` where no kind says otherwise."""
        kind = self.kinds.get(code)
        name = kind.policy if kind else "default"
        return self.adopted.policies.get(name, ReminderPolicy())

    def on_open(self, code: str) -> OnOpen | None:
        """The step taken the moment an obligation of this kind opens."""
        kind = self.kinds.get(code)
        return kind.on_open if kind else None

    def recipients(self, names: tuple[RecipientName, ...], owner: Recipient) -> list[Recipient]:
        """Who a step goes to; the coordinator is always the ministry's."""
        return list(dict.fromkeys(self._recipient(name, owner) for name in names))

    def _recipient(self, name: RecipientName, owner: Recipient) -> Recipient:
        if name == "owner":
            return owner
        return Recipient(self.ministry if name == "coordinator" else owner.institution, name)

    def runs_at(self, day: date) -> datetime:
        """When the digests of a day leave."""
        return datetime.combine(day, self.run_at, RIGA)

    def open_for_digests(self, now: datetime) -> bool:
        """Whether digests may leave now: on a working day, from the hour they leave at."""
        local = now.astimezone(RIGA)
        return self.days.is_working(local.date()) and local.time() >= self.run_at

    @property
    def run_at(self) -> time:
        """The hour at which digests leave, in Europe/Riga."""
        return self.adopted.run_at


def rank(name: str, days: int = 0) -> int:
    """Place of a step among those of its day: of two that count back the nearer one is later."""
    return _RANK.index(name) * 1000 + (500 - days if name in ("BEFORE", "MEETING") else days)


def planned_on(step: PolicyStep, due: date, days: WorkingDays) -> date:
    """The day a step falls on: counted from the due date, then rolled to a working day."""
    if step.step in ("OVERDUE", "ESCALATION"):
        return days.add(due, step.days)
    if step.unit == "working":
        day = due
        for _ in range(step.days):
            day = days.previous(day - timedelta(days=1))
        return day
    day = due - timedelta(days=step.days)
    if step.roll == "previous_working_day":
        return days.previous(day)
    return days.next(day) if step.roll == "next_working_day" else day


def working_days(calendar: WorkingCalendarSet | None) -> WorkingDays:
    """The calendar as days; the plain week where none was set."""
    if calendar is None:
        return WorkingDays()
    off = {one.date for one in calendar.holidays} | {one.off for one in calendar.moved_days}
    return WorkingDays(frozenset(off), frozenset(one.worked for one in calendar.moved_days))


def check(given: PoliciesAdopted) -> tuple[FieldError, ...]:
    """Everything wrong with a set of policies: kinds that name no policy, steps and kinds that stand twice."""
    errors = []
    seen: set[str] = set()
    for place, kind in enumerate(given.deadlines):
        if kind.policy not in given.policies:
            text = f"there is no policy {kind.policy}"
            errors.append(FieldError(pointer(["deadlines", place, "policy"]), "unknown_code", text))
        if kind.code in seen:
            errors.append(FieldError(pointer(["deadlines", place, "code"]), "duplicate", f"{kind.code} stands twice"))
        seen.add(kind.code)
    for name, policy in given.policies.items():
        steps: set[tuple[str, str]] = set()
        for place, step in enumerate(policy.steps):
            for to in step.to:
                if (step.name, to) in steps:
                    text = f"{step.name} to {to} stands twice"
                    errors.append(FieldError(pointer(["policies", name, "steps", place]), "duplicate", text))
                steps.add((step.name, to))
    return tuple(errors)


def taken_over(given: PoliciesAdopted, before: PoliciesAdopted | None, today: date) -> PoliciesAdopted:
    """The new set, each step with the day it is in force from: its own where it was there before, else today.

    A step that is new says nothing of days that were over when it came.
    """
    policies = {
        name: ReminderPolicy(steps=tuple(_since(step, (before.policies.get(name) if before else None), today)
                                         for step in policy.steps))
        for name, policy in given.policies.items()
    }  # fmt: skip
    return given.model_copy(update={"policies": policies})


def _since(step: PolicyStep, before: ReminderPolicy | None, today: date) -> PolicyStep:
    plain = step.model_copy(update={"since": None})
    for known in before.steps if before else ():
        if known.model_copy(update={"since": None}) == plain:
            return known
    return step.model_copy(update={"since": today})
