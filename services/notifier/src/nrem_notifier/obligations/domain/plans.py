"""Due dates of plan results, of recommendations and of the law."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from nrem_notifier.obligations.domain.facts import Facts, Revision
from nrem_notifier.obligations.domain.values import Move, Obligation, Recipient, Surroundings, moves_of, words
from nrem_shared.contracts.members import InstitutionRegistered
from nrem_shared.contracts.plans import (
    LegalDeadlineMet,
    LegalDeadlineSet,
    PlanAdopted,
    PlanResult,
    RecommendationRecorded,
    VerdictGiven,
)
from nrem_shared.runtime.clock import local_date

#: Verdicts after which nothing is owed any more.
FINAL = frozenset({"completed", "cancelled"})


@dataclass(frozen=True, slots=True)
class _Due:
    """The n-th due date of a result over the plan's revisions; `given_up` = since when the plan names none."""

    first: datetime
    due: date
    moves: tuple[Move, ...]
    given_up: datetime | None


def obligations(facts: Facts, around: Surroundings, today: date) -> Iterator[Obligation]:
    """Results of plans in force, recommendations with a due date, legal deadlines."""
    for subject, revisions in facts.of_kind("plan"):
        yield from _plan(facts, around, subject.removeprefix("plan/"), revisions, today)
    for _, revisions in facts.of_kind("recommendation"):
        yield from _recommendation(around, revisions)
    for _, revisions in facts.of_kind("legal-deadline"):
        yield from _legal(around, revisions)


def _plan(
    facts: Facts, around: Surroundings, plan: str, revisions: tuple[Revision, ...], today: date
) -> Iterator[Obligation]:
    states = [(one.recorded_at, one.data) for one in revisions if isinstance(one.data, PlanAdopted)]
    if not states or states[-1][1].status != "in_force":
        return
    newest = states[-1][1]
    same_duty = _printed_elsewhere(facts)
    for code in dict.fromkeys(result.code for _, data in states for result in data.results):
        history = [(at, next((r for r in data.results if r.code == code), None)) for at, data in states]
        result = next(r for _, r in reversed(history) if r is not None)
        if code in same_duty or result.same_duty_as is not None:
            continue
        met_at = _verdict(facts, plan, code)
        for number, due in enumerate(_dues(history)):
            for owner in owners(result, around, today):
                yield Obligation(
                    key=f"PLAN_RESULTS/{plan}/{code}/{number + 1}/{owner.institution}",
                    code="PLAN_RESULTS",
                    owner=owner,
                    title=around.title("PLAN_RESULTS"),
                    detail=words(f"{code} {result.title.lv}", f"{code} {result.title.en or result.title.lv}"),
                    opened=local_date(due.first),
                    due=due.due,
                    link=f"/plan/plans/{plan}/results/{code}",
                    met_at=met_at or due.given_up,
                    moves=due.moves,
                    illustrative=newest.illustrative,
                )


def _dues(history: list[tuple[datetime, PlanResult | None]]) -> Iterator[_Due]:
    longest = max(len(result.deadlines) if result else 0 for _, result in history)
    for number in range(longest):
        named = [
            (at, sorted(result.deadlines)[number] if result and number < len(result.deadlines) else None)
            for at, result in history
        ]
        dates = [(at, due) for at, due in named if due is not None]
        given_up = named[-1][0] if named[-1][1] is None else None
        yield _Due(dates[0][0], dates[-1][1], moves_of(dates), given_up)


def owners(result: PlanResult, around: Surroundings, today: date) -> list[Recipient]:
    """Who is reminded of a result: each responsible body in the group, else its parent, else the coordinator."""
    found = {
        _reached(body, around.institutions, around.ministry, today): None
        for body in dict.fromkeys(
            (*result.responsible, *(body for part in result.indicators for body in part.responsible))
        )
    }
    return list(found)


def _reached(body: str, known: Mapping[str, InstitutionRegistered], ministry: str, today: date) -> Recipient:
    seen: set[str] = set()
    at: str | None = body
    while at is not None and at not in seen:
        seen.add(at)
        found = known.get(at)
        if found is None:
            break
        if any(m.since <= today and (m.until is None or today <= m.until) for m in found.memberships):
            return Recipient(at, "focal_point")
        at = found.parent
    return Recipient(ministry, "coordinator")


def _printed_elsewhere(facts: Facts) -> frozenset[str]:
    """Results that a legal deadline names as the same duty: one obligation, one reminder."""
    newest = (facts.newest(subject, LegalDeadlineSet) for subject, _ in facts.of_kind("legal-deadline"))
    return frozenset(code for one in newest if one for code in one.same_duty_as)


def _verdict(facts: Facts, plan: str, result: str) -> datetime | None:
    since: datetime | None = None
    for one in facts.streams.get(f"verdict/{plan}/{result}", ()):
        if isinstance(one.data, VerdictGiven):
            since = (since or one.recorded_at) if one.data.verdict in FINAL else None
    return since


def _recommendation(around: Surroundings, revisions: tuple[Revision, ...]) -> Iterator[Obligation]:
    states = [(one.recorded_at, one.data) for one in revisions if isinstance(one.data, RecommendationRecorded)]
    dated = [(at, data.deadline) for at, data in states if data.deadline is not None]
    if not dated:
        return
    newest = states[-1][1]
    over = next((at for at, data in states if data.status != "open" or data.deadline is None), None)
    yield Obligation(
        key=f"RECOMMENDATION/{newest.code}",
        code="RECOMMENDATION",
        owner=Recipient(around.ministry, "coordinator"),
        title=words("Atbilde uz ieteikumu", "Response to a recommendation"),
        detail=words(newest.title.lv, newest.title.en),
        opened=local_date(dated[0][0]),
        due=dated[-1][1],
        link="/plan/recommendations",
        met_at=over if newest.status != "open" or newest.deadline is None else None,
        moves=moves_of(dated),
    )


def _legal(around: Surroundings, revisions: tuple[Revision, ...]) -> Iterator[Obligation]:
    """One obligation for each due date ever named; a date neither met nor named any more is given up."""
    states = [(one.recorded_at, one.data) for one in revisions if isinstance(one.data, LegalDeadlineSet)]
    newest = states[-1][1] if states else None
    if newest is None or newest.owner is None:
        return
    owner = Recipient(newest.owner.institution or around.ministry, newest.owner.role)
    yearly = newest.rule.get("kind") == "yearly"
    for due in sorted({due for _, data in states for due in (*data.next, *data.met)}):
        first = next(at for at, data in states if due in (*data.next, *data.met))
        yield Obligation(
            key=f"{newest.code}/{due.isoformat()}",
            code=newest.code,
            owner=owner,
            title=words(newest.title.lv, newest.title.en),
            detail=words(str(due.year)),
            opened=max(date(due.year, 1, 1), local_date(first)) if yearly else local_date(first),
            due=due,
            link="/plan/deadlines",
            met_at=_delivered(states, due),
        )


def _delivered(states: list[tuple[datetime, LegalDeadlineSet]], due: date) -> datetime | None:
    met = next((at for at, data in states if isinstance(data, LegalDeadlineMet) and data.due == due), None)
    if met is None:
        met = next((at for at, data in states if due in data.met), None)
    if met is None and due not in states[-1][1].next:
        met = next(at for at, data in reversed(states) if due not in data.next)
    return met
