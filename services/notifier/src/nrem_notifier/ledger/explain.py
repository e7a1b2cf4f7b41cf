"""Why somebody was told something on a day, and why not. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Literal

from nrem_notifier.ledger.domain import Step, StepKey, floor_of, steps_of
from nrem_notifier.obligations.domain.values import Obligation, Recipient
from nrem_notifier.policies.domain import Rules, planned_on
from nrem_shared.runtime.clock import end_of_day, local_date

if TYPE_CHECKING:
    from nrem_notifier.ledger.store import Hold, LedgerRow

#: Why, in one word each; the messages are `why.<reason>`.
Reason = Literal[
    "told",
    "merged",
    "waiting",
    "failed",
    "withheld",
    "met",
    "before_go_live",
    "opened_late",
    "moved",
    "told_before",
    "held",
    "not_yet",
    "nobody",
    "nothing_planned",
    "over",
    "not_known_yet",
    "not_adopted_yet",
]


@dataclass(frozen=True, slots=True)
class Because:
    """One obligation, and why its recipient was told of it on a day or was not.

    `day` is the date the reason names (met on, told on, next planned on, due before …); `step` the step it is about.
    """

    obligation: Obligation
    reason: Reason
    step: str = ""
    day: date | None = None
    at: datetime | None = None


def explain(
    obligations: Iterable[Obligation],
    rows: Sequence[LedgerRow],
    holds: Sequence[Hold],
    rules: Rules,
    recipient: Recipient,
    day: date,
    now: datetime,
) -> list[Because]:
    """Everything that concerns this recipient, with the reason; what was told first."""
    told = {row.key: row for row in rows}
    found: list[Because] = []
    for obligation in obligations:
        steps = [one for one in steps_of(obligation, rules) if one.key.recipient == recipient]
        about = [row for key, row in told.items() if key.obligation == obligation.key and key.recipient == recipient]
        if steps or about or _ever_concerns(obligation, recipient, rules):
            found.append(_why(obligation, steps, about, holds, rules, day, now))
    order = {"told": 0, "merged": 0, "failed": 1, "waiting": 1, "withheld": 1, "held": 1}
    return sorted(found, key=lambda one: (order.get(one.reason, 2), one.obligation.due, one.obligation.key))


def _ever_concerns(obligation: Obligation, recipient: Recipient, rules: Rules) -> bool:
    if recipient == obligation.owner:
        return True
    policy = rules.policy(obligation.code)
    return any(recipient in rules.recipients(step.to, obligation.owner) for step in policy.steps)


def _why(
    obligation: Obligation,
    steps: Sequence[Step],
    rows: Sequence[LedgerRow],
    holds: Sequence[Hold],
    rules: Rules,
    day: date,
    now: datetime,
) -> Because:
    on_day = [row for row in rows if _settled_on(row) == day]
    if on_day:
        row = next((one for one in on_day if one.outcome == "sent"), on_day[0])
        return Because(obligation, _state(row), row.step, row.planned, row.settled_at)
    if obligation.opened > day:
        return Because(obligation, "not_known_yet", day=obligation.opened)
    if obligation.due < rules.adopted.remind_from:
        return Because(obligation, "before_go_live", day=rules.adopted.remind_from)
    if obligation.met_at is not None and obligation.met_at <= end_of_day(day):
        return Because(obligation, "met", day=local_date(obligation.met_at), at=obligation.met_at)
    known = {row.key: row for row in rows}
    planned = [one for one in steps if one.planned == day]
    for one in reversed(planned):
        return _planned_and_not_told(obligation, one, known, holds, rules, day, now)
    return _nothing_planned(obligation, steps, known, rules, day)


def _planned_and_not_told(
    obligation: Obligation,
    step: Step,
    known: dict[StepKey, LedgerRow],
    holds: Sequence[Hold],
    rules: Rules,
    day: date,
    now: datetime,
) -> Because:
    row = known.get(step.key)
    if row is not None:
        return Because(obligation, "told_before", step.key.step, _settled_on(row), row.settled_at)
    held = next((one for one in holds if local_date(one.began_at) <= day), None)
    if held is not None:
        return Because(obligation, "held", step.key.step, at=held.began_at)
    if now < rules.runs_at(day):
        return Because(obligation, "not_yet", step.key.step, day)
    return Because(obligation, "nobody", step.key.step, day)


def _nothing_planned(
    obligation: Obligation, steps: Sequence[Step], known: dict[StepKey, LedgerRow], rules: Rules, day: date
) -> Because:
    dropped = [one for one in rules.policy(obligation.code).steps if planned_on(one, obligation.due, rules.days) == day]
    if dropped:
        if dropped[-1].since is not None and day < dropped[-1].since:
            return Because(obligation, "not_adopted_yet", dropped[-1].name, dropped[-1].since)
        if day <= floor_of(obligation):
            moved = floor_of(obligation) != obligation.opened
            return Because(obligation, "moved" if moved else "opened_late", dropped[-1].name, floor_of(obligation))
    ahead = [one for one in steps if one.planned > day and one.key not in known]
    if ahead:
        return Because(obligation, "nothing_planned", ahead[0].key.step, ahead[0].planned)
    return Because(obligation, "over")


def _settled_on(row: LedgerRow) -> date:
    return local_date(row.settled_at or row.decided_at)


def _state(row: LedgerRow) -> Reason:
    if row.state in ("waiting", "sending"):
        return "waiting"
    if row.state == "failed":
        return "failed"
    if row.state == "withheld":
        return "withheld"
    return "merged" if row.outcome == "merged" else "told"
