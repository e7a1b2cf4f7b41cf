"""Which steps are to be taken now. Pure: obligations, what was told, rules and the time in; decisions out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from nrem_notifier.obligations.domain.values import Notice, Obligation, Recipient
from nrem_notifier.policies.domain import Rules, rank
from nrem_shared.runtime.clock import local_date


@dataclass(frozen=True, slots=True)
class StepKey:
    """What is never told twice: obligation × recipient × step. `occurrence` tells moves apart, else it is empty."""

    obligation: str
    recipient: Recipient
    step: str
    occurrence: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of an obligation for one recipient on the day it falls on; `at` = it is told at once, from then on."""

    key: StepKey
    obligation: Obligation
    planned: date
    rank: int
    at: datetime | None = None
    since: date | None = None

    @property
    def at_once(self) -> bool:
        """Whether it is told the moment it arises, on its own."""
        return self.at is not None


@dataclass(frozen=True, slots=True)
class Decision:
    """A step taken now: told itself (`sent`), or by the later step `by` of the same mail (`merged`)."""

    step: Step
    outcome: Literal["sent", "merged"]
    by: StepKey

    @property
    def recipient(self) -> Recipient:
        """Who is told."""
        return self.step.key.recipient


def steps_of(obligation: Obligation, rules: Rules) -> list[Step]:
    """Every step that can ever be taken for an obligation as it stands, in order of days.

    Steps on or before the day it was opened are not planned, nor those on or before the day its date moved: the step
    MOVED tells of that. Steps that were not taken before a move follow the new date.
    """
    steps = [*_at_once(obligation, rules), *_by_policy(obligation, rules)]
    return sorted(steps, key=lambda one: (one.planned, one.rank, one.key.recipient))


def _at_once(obligation: Obligation, rules: Rules) -> Iterator[Step]:
    if on_open := rules.on_open(obligation.code):
        for recipient in rules.recipients(on_open.to, obligation.owner):
            key = StepKey(obligation.key, recipient, on_open.step)
            opened = datetime.combine(obligation.opened, datetime.min.time(), rules.runs_at(obligation.opened).tzinfo)
            yield Step(key, obligation, obligation.opened, rank(on_open.step), opened)
    if not rules.policy(obligation.code).steps:
        return
    for number, move in enumerate(obligation.moves, 1):
        key = StepKey(obligation.key, obligation.owner, "MOVED", str(number))
        yield Step(key, obligation, local_date(move.at), rank("MOVED"), move.at)


def _by_policy(obligation: Obligation, rules: Rules) -> Iterator[Step]:
    floor = floor_of(obligation)
    for one in rules.plan(obligation.code, obligation.due):
        step = one.step
        if one.day <= floor or (step.since is not None and one.day < step.since):
            continue
        for recipient in rules.recipients(step.to, obligation.owner):
            yield Step(StepKey(obligation.key, recipient, step.name), obligation, one.day, one.rank)


def floor_of(obligation: Obligation) -> date:
    """The last day on which nothing of the policy is planned: it was opened then, or its date moved."""
    return max([obligation.opened, *(local_date(move.at) for move in obligation.moves)])


def remindable(obligation: Obligation, rules: Rules) -> bool:
    """Whether anybody may be mailed about it: it is owed as far as we know, and due from the go-live date on."""
    return obligation.met_at is None and obligation.due >= rules.adopted.remind_from


def decide(
    obligations: Iterable[Obligation],
    told: Collection[StepKey],
    rules: Rules,
    now: datetime,
    digested: Collection[Recipient] = (),
) -> list[Decision]:
    """The steps to take now, of all obligations.

    What fell due while nothing could be sent is caught up: the latest step speaks for the earlier ones. `digested` =
    recipients that had their digest today; what is left for them waits for the next working day.
    """
    decisions: list[Decision] = []
    digests = rules.open_for_digests(now)
    for obligation in obligations:
        if remindable(obligation, rules):
            pending = [one for one in steps_of(obligation, rules) if _falls_due(one, now) and one.key not in told]
            for recipient in dict.fromkeys(one.key.recipient for one in pending):
                may_digest = digests and recipient not in digested
                mine = [one for one in pending if one.key.recipient == recipient and (one.at_once or may_digest)]
                decisions += _merged(mine)
    return decisions


def _falls_due(step: Step, now: datetime) -> bool:
    # What is to be told at once happened before we heard of it, whatever another machine's clock says.
    return step.at_once or step.planned <= local_date(now)


def _merged(pending: list[Step]) -> list[Decision]:
    """One mail: the latest step is told, the others are told with it."""
    if not pending:
        return []
    latest = max(pending, key=lambda one: (one.planned, one.rank, one.key.occurrence))
    return [Decision(one, "sent" if one is latest else "merged", latest.key) for one in pending]


def decide_notices(
    notices: Iterable[Notice], told: Collection[StepKey], rules: Rules, now: datetime, lapse: timedelta
) -> tuple[list[Notice], list[Notice]]:
    """(to be told now, lapsed): what is to be told at once and was not; what is older than `lapse` is no news."""
    fresh: list[Notice] = []
    lapsed: list[Notice] = []
    for notice in notices:
        if local_date(notice.at) < rules.adopted.remind_from or notice_key(notice) in told:
            continue
        if notice.day is not None and notice.day < rules.adopted.remind_from:
            continue
        over = notice.kind == "invitation" and notice.day is not None and notice.day < local_date(now)
        (lapsed if over or now - notice.at > lapse else fresh).append(notice)
    return fresh, lapsed


def notice_key(notice: Notice) -> StepKey:
    """The ledger's key of a notice: its step is its kind."""
    return StepKey(notice.key, notice.recipient, notice.kind.upper())
