"""The worked cases of `data/demo/ledger-expected.yaml`, as obligations, and the rows they are to leave."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from nrem_notifier.ledger.domain import Decision
from nrem_notifier.obligations.domain.values import Move, Obligation, Recipient, words
from nrem_notifier.policies.domain import Rules, taken_over, working_days
from nrem_shared.contracts.reminders import PoliciesAdopted, WorkingCalendarSet
from nrem_shared.runtime.clock import RIGA, end_of_day, local_date

DATA = Path(__file__).parents[3] / "data"
MINISTRY = "iem"

#: Who owes each kind, by role; the institution is the case's member but for the ministry's own work.
ROLES = {"REVIEW": "coordinator", "ART19A_LATEST": "coordinator"}


def policies() -> PoliciesAdopted:
    """`data/deadlines.yaml` as the notifier takes it."""
    return PoliciesAdopted.model_validate(yaml.safe_load((DATA / "deadlines.yaml").read_text()))


def calendar() -> WorkingCalendarSet:
    """`data/working_days.yaml` as the notifier takes it."""
    return WorkingCalendarSet.model_validate(yaml.safe_load((DATA / "working_days.yaml").read_text()))


@cache
def rules() -> Rules:
    """The default policies, in force since before the first quarter."""
    return Rules(taken_over(policies(), None, date(2025, 1, 1)), working_days(calendar()), MINISTRY)


@dataclass(frozen=True)
class Row:
    """One row of the ledger as the file writes it."""

    obligation: str
    date: date
    step: str
    to: str
    mail: str
    planned: date


@dataclass(frozen=True)
class Case:
    """One worked case: obligations as they stand at any instant, the outage, the rows expected."""

    name: str
    up_to: date
    facts: tuple[dict[str, Any], ...]
    outage: tuple[datetime, datetime] | None
    expected: frozenset[Row]

    def obligations(self, now: datetime) -> list[Obligation]:
        """What is known at `now`: a move or a report that lies ahead is not known yet."""
        return [one for one in (_obligation(fact, now) for fact in self.facts) if one is not None]

    def instants(self, evenings: bool = True) -> list[datetime]:
        """When the notifier looks: morning and evening, whenever something happened, and when an outage ended."""
        days = [date.fromisoformat(str(fact["opened"])) for fact in self.facts]
        day, instants = min(days) - timedelta(days=1), []
        while day <= self.up_to:
            instants.append(datetime.combine(day, time(8), RIGA))
            instants += [datetime.combine(day, time(23), RIGA)] if evenings else []
            day += timedelta(days=1)
        for fact in self.facts:
            happened = [fact.get("met"), (fact.get("moved") or {}).get("at")]
            instants += [datetime.fromisoformat(at) for at in happened if at]
        if self.outage:
            instants = [at for at in instants if not self.outage[0] <= at < self.outage[1]] + [self.outage[1]]
        return sorted({at.astimezone(UTC) for at in instants if at <= end_of_day(self.up_to)})


def cases() -> Iterator[Case]:
    for each in yaml.safe_load((DATA / "demo" / "ledger-expected.yaml").read_text())["cases"]:
        outage = next((fact["outage"] for fact in each["facts"] if "outage" in fact), None)
        yield Case(
            name=each["case"],
            up_to=date.fromisoformat(each["up_to"]),
            facts=tuple(fact for fact in each["facts"] if "obligation" in fact),
            outage=tuple(datetime.fromisoformat(outage[end]) for end in ("from", "to")) if outage else None,
            expected=frozenset(_row(row) for row in each["ledger"]),
        )


def _row(row: dict[str, Any]) -> Row:
    day = date.fromisoformat(row["date"])
    planned = date.fromisoformat(row.get("planned", row["date"]))
    return Row(row["obligation"], day, row["step"], row["to"], row["mail"], planned)


def _obligation(fact: dict[str, Any], now: datetime) -> Obligation | None:
    code, member = fact["obligation"], fact["member"]
    opened, due = date.fromisoformat(fact["opened"]), date.fromisoformat(fact["due"])
    if opened > local_date(now):
        return None
    moves: tuple[Move, ...] = ()
    if "moved" in fact and datetime.fromisoformat(fact["moved"]["at"]) <= now:
        due = date.fromisoformat(fact["moved"]["due"])
        moves = (Move(datetime.fromisoformat(fact["moved"]["at"]), due),)
    met = datetime.fromisoformat(fact["met"]) if "met" in fact else None
    return Obligation(
        key=f"{code}/{fact.get('period') or fact.get('task') or due.year}/{member}",
        code=code,
        owner=Recipient(MINISTRY if code == "REVIEW" else member, ROLES.get(code, "focal_point")),
        title=words(code),
        detail=words(member),
        opened=opened,
        due=due,
        link="/",
        met_at=met if met and met <= now else None,
        moves=moves,
    )


def row_of(decision: Decision, day: date) -> Row:
    """A decision as the file writes it, settled on `day`."""
    step = decision.step
    return Row(step.obligation.code, day, step.key.step, step.key.recipient.role, decision.outcome, step.planned)
