"""One row as one item of a section: its cells put together, and where each of its fields stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from nrem_intake.spreadsheets.domain.cells import Plain

Issued = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Item:
    """`value` is the item; `suffixes` maps a column's code to the place inside the item that it stands for."""

    value: dict[str, Any]
    suffixes: Mapping[str, str]


def untouched(given: Mapping[str, Plain], issued: Issued) -> bool:
    """Whether a row holds nothing but what was put into it beforehand."""
    return all(name in issued and issued[name] == value for name, value in given.items())


def item_of(given: Mapping[str, Plain], issued: Issued, columns: Iterable[str]) -> Item:
    """Put the cells of a row together. Lists close up over places left empty, or left as they were issued."""
    columns = list(columns)
    numbers = _numbers(given, issued)
    suffixes = {code: place for code in columns if (place := _suffix(code, numbers)) is not None}
    value: dict[str, Any] = {}
    for code in columns:
        if code in given and code in suffixes:
            _put(value, suffixes[code].split("/")[1:], given[code])
    return Item(value, suffixes)


def _numbers(given: Mapping[str, Plain], issued: Issued) -> dict[tuple[str, int], int]:
    """(list, place in the workbook) → place in the item."""
    groups: dict[tuple[str, int], list[str]] = {}
    for code in given:
        name, _, rest = code.partition("/")
        number = rest.partition("/")[0]
        if number.isdecimal():
            groups.setdefault((name, int(number)), []).append(code)
    kept: dict[str, int] = {}
    numbers = {}
    for name, place in sorted(groups):
        if not untouched({code: given[code] for code in groups[(name, place)]}, issued):
            numbers[(name, place)] = kept.setdefault(name, 0)
            kept[name] += 1
    return numbers


def _suffix(code: str, numbers: Mapping[tuple[str, int], int]) -> str | None:
    """The place of a column inside the item; null for a place of a list that the item does not have."""
    parts = code.split("/")
    if len(parts) > 1 and parts[1].isdecimal():
        place = numbers.get((parts[0], int(parts[1])))
        if place is None:
            return None
        parts[1] = str(place)
    return "/" + "/".join(parts)


def _put(value: Any, path: list[str], found: Plain) -> None:
    """Set a nested field; lists grow by one place at a time, in order."""
    for part, following in pairwise(path):
        empty: Any = [] if following.isdecimal() else {}
        if isinstance(value, list):
            if int(part) == len(value):
                value.append(empty)
            value = value[int(part)]
        else:
            value = value.setdefault(part, empty)
    if isinstance(value, list):
        value.append(found)
    else:
        value[path[-1]] = found
