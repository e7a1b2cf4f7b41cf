"""Cases run in alternating order, medians, paired ratios, and whether the reach was met."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any, Literal

Kind = Literal["ours", "peer", "limit"]

#: A process that used this much of its one core is what limits.
FULL = 0.85
#: Seconds that one run of a case may take.
LONGEST = 600


@dataclass(frozen=True)
class Outcome:
    """What one run gave: its figure, further ones, and cores used by process."""

    value: float
    more: Mapping[str, float] = field(default_factory=dict)
    cores: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Case:
    """One way of doing the work. `runs` 1 = measured once: it takes long and is far away."""

    name: str
    kind: Kind
    run: Callable[[], Awaitable[Outcome]]
    runs: int | None = None


@dataclass(frozen=True)
class Target:
    """A figure to reach. `value` works it out of the results; `at_most` says which side is good."""

    what: str
    reach: float
    value: Callable[[Results], float | None]
    at_most: bool = False
    unit: str = "×"


class Results:
    """Outcomes by case, one a repetition."""

    def __init__(self) -> None:
        self.outcomes: dict[str, list[Outcome]] = {}

    def add(self, case: str, outcome: Outcome) -> None:
        self.outcomes.setdefault(case, []).append(outcome)

    def middle(self, case: str, name: str | None = None) -> float | None:
        """The median of a case's figure, or of a further one."""
        found = [_figure(one, name) for one in self.outcomes.get(case, ())]
        return median(found) if found else None

    def ratio(self, case: str, to: str, name: str | None = None) -> float | None:
        """The median of the ratios of the same repetition."""
        ours, theirs = self.outcomes.get(case, ()), self.outcomes.get(to, ())
        pairs = [(_figure(a, name), _figure(b, name)) for a, b in zip(ours, theirs, strict=False)]
        return median(a / b for a, b in pairs) if pairs else None


def _figure(outcome: Outcome, name: str | None) -> float:
    return outcome.value if name is None else outcome.more[name]


@dataclass
class Row:
    """One row of the table."""

    name: str
    title: str
    unit: str
    cases: Sequence[Case]
    targets: Sequence[Target]
    size: str
    less_is_better: bool = False
    notes: list[str] = field(default_factory=list)


async def measure(row: Row, repetitions: int, done: Callable[[str], None]) -> dict[str, Any]:
    """Run every case `repetitions` times, back and forth; the row as it is written down."""
    results = Results()
    for repetition in range(repetitions):
        for case in row.cases if repetition % 2 == 0 else reversed(row.cases):
            if repetition < (case.runs or repetitions):
                done(case.name)
                async with asyncio.timeout(LONGEST):
                    results.add(case.name, await case.run())
    return {
        "row": row.name,
        "title": row.title,
        "unit": row.unit,
        "size": row.size,
        "less_is_better": row.less_is_better,
        "cases": [_case(case, results) for case in row.cases],
        "targets": [_target(target, results) for target in row.targets],
        "limited_by": _limit(row, results),
        "notes": row.notes,
    }


def _case(case: Case, results: Results) -> dict[str, Any]:
    outcomes = results.outcomes[case.name]
    return {
        "name": case.name,
        "kind": case.kind,
        "median": _short(median(one.value for one in outcomes)),
        "values": [_short(one.value) for one in outcomes],
        "more": {name: _short(median(one.more[name] for one in outcomes)) for name in outcomes[0].more},
        "cores": {name: round(median(one.cores[name] for one in outcomes), 2) for name in outcomes[0].cores},
    }


def _target(target: Target, results: Results) -> dict[str, Any]:
    value = target.value(results)
    reached = None if value is None else (value <= target.reach if target.at_most else value >= target.reach)
    return {
        "what": target.what,
        "reach": f"{'≤' if target.at_most else '≥'} {target.reach:g} {target.unit}",
        "value": None if value is None else _short(value),
        "reached": reached,
    }


def _limit(row: Row, results: Results) -> str:
    """What was busy while the platform's own case ran."""
    case = next((case for case in row.cases if case.kind == "ours"), None)
    if case is None or not results.outcomes[case.name][0].cores:
        return ""
    cores = {
        name: median(one.cores[name] for one in results.outcomes[case.name])
        for name in results.outcomes[case.name][0].cores
    }
    busiest = max(cores, key=lambda name: cores[name])
    used = ", ".join(f"{name} {number:.2f}" for name, number in sorted(cores.items(), key=lambda item: -item[1]))
    if cores[busiest] >= FULL:
        return f"{busiest}: its one core is full (cores used: {used})"
    return f"waiting for one another: no process fills its core (cores used: {used})"


def _short(value: float) -> float:
    return round(value) if abs(value) >= 100 else float(f"{value:.3g}")
