"""Comparing an `expected` block with an answer, leaf by leaf."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from nrem_embedded.checking.mapping import ROWS, Path, answered_path, groups, leaves, rows

_ABSENT = object()


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where expectation and answer differ, in words."""

    path: str
    what: str


@dataclass
class Comparison:
    """How many values were compared, and everything that differs or could not be compared."""

    compared: int = 0
    differences: list[Difference] = field(default_factory=list)

    def add(self, other: Comparison) -> None:
        """Take another comparison in."""
        self.compared += other.compared
        self.differences += other.differences


def compare(
    expected: Mapping[str, Any], answer: Mapping[str, Any], table: Mapping[str, str], about: str = ""
) -> Comparison:
    """Every leaf of `expected` against `answer`; `about` is put before the paths in differences.

    A leaf that the table does not know, and a code that only the answer has, are differences too.
    """
    result = Comparison()
    for leaf in leaves(expected):
        if leaf.value == {}:
            continue
        path = answered_path(table, leaf.path)
        if path is None:
            result.differences.append(Difference(about + leaf.name, "there is no such figure in the API's mapping"))
            continue
        result.compared += 1
        found = at(answer, path)
        if found is _ABSENT:
            result.differences.append(Difference(about + leaf.name, f"expected {leaf.value!r}, the answer has none"))
        elif not same(leaf.value, found):
            result.differences.append(Difference(about + leaf.name, f"expected {leaf.value!r}, answered {found!r}"))
    result.differences += _unexpected(expected, answer, table, about)
    return result


def count(expected: Mapping[str, Any]) -> int:
    """How many values a block has."""
    return sum(1 for _ in leaves(expected))


def at(answer: Any, path: Path) -> Any:
    """What stands at a path of the answer; a marker where nothing does."""
    found = answer
    for place, part in enumerate(path):
        if place and path[place - 1] in ROWS and isinstance(found, list):
            found = rows(path[place - 1], found)
        if not isinstance(found, Mapping) or part not in found:
            return _ABSENT
        found = found[part]
    return found


def same(expected: Any, found: Any) -> bool:
    """Whether two leaves say the same: numbers by value, instants by the moment, lists of codes in any order."""
    if isinstance(expected, bool) or isinstance(found, bool) or expected is None or found is None:
        return expected is found
    if isinstance(expected, list) and isinstance(found, list):
        return sorted(map(str, expected)) == sorted(map(str, found))
    numbers = _number(expected), _number(found)
    if None not in numbers:
        return numbers[0] == numbers[1]
    instants = _instant(expected), _instant(found)
    if None not in instants:
        return instants[0] == instants[1]
    return bool(expected == found)


def _unexpected(
    expected: Mapping[str, Any], answer: Mapping[str, Any], table: Mapping[str, str], about: str
) -> Iterable[Difference]:
    for pattern, answered_pattern in groups(table):
        for wanted, answered in _filled(pattern, answered_pattern, expected):
            there = _codes(at(expected, wanted), wanted)
            for code in sorted(_codes(at(answer, answered), answered) - there if there is not None else ()):  # type: ignore[operator]
                yield Difference(about + ".".join((*wanted, code)), "not expected, the answer has it")


def _filled(pattern: Path, answered: Path, expected: Mapping[str, Any]) -> Iterable[tuple[Path, Path]]:
    """The place with each code that is expected for its `*`."""
    if "*" not in pattern:
        yield pattern, answered
        return
    here, there = pattern.index("*"), answered.index("*")
    for code in sorted(_codes(at(expected, pattern[:here]), pattern[:here]) or ()):
        yield from _filled(
            (*pattern[:here], code, *pattern[here + 1 :]), (*answered[:there], code, *answered[there + 1 :]), expected
        )


def _codes(found: Any, path: Path) -> set[str] | None:
    if found is _ABSENT:
        return None
    if isinstance(found, list):
        return set(rows(path[-1], found))
    return set(found) if isinstance(found, Mapping) else None


def _number(value: Any) -> Decimal | None:
    if not isinstance(value, int | float | str):
        return None
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None


def _instant(value: Any) -> datetime | None:
    try:
        found = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return found if found.tzinfo else None
