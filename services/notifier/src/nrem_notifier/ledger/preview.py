"""What will be sent on the coming days if nothing changes: the ledger's own decisions, day by day. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from nrem_notifier.ledger.domain import Decision, StepKey, decide
from nrem_notifier.obligations.domain.values import Obligation, Recipient
from nrem_notifier.policies.domain import Rules
from nrem_shared.runtime.clock import local_date

DAYS = 14


@dataclass(frozen=True, slots=True)
class Expected:
    """What one recipient is to be told on one day."""

    day: date
    recipient: Recipient
    decisions: tuple[Decision, ...]


def preview(
    obligations: Sequence[Obligation],
    told: Collection[StepKey],
    rules: Rules,
    now: datetime,
    digested: Collection[Recipient] = (),
    days: int = DAYS,
) -> list[Expected]:
    """From today for `days` days, in order of days and recipients."""
    known = set(told)
    expected: list[Expected] = []
    today = local_date(now)
    for day in (today + timedelta(days=n) for n in range(days + 1)):
        instant = max(now, rules.runs_at(day))
        decisions = decide(obligations, known, rules, instant, digested if day == today else ())
        known |= {one.step.key for one in decisions}
        for recipient in sorted({one.recipient for one in decisions}):
            theirs = tuple(one for one in decisions if one.recipient == recipient)
            expected.append(Expected(day, recipient, theirs))
    return expected
