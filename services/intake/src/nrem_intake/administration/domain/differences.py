"""What a change changes: place by place, old and new. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from nrem_intake.administration.domain.document import Document

#: A value at a place: a text, a number, yes or no; null = there was, or is, none.
Value = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Difference:
    """One place that changes, as `codes.ADULT.valid_to`."""

    place: str
    old: Value
    new: Value


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is new or changes; `kind` is a field of the document, `name` names the thing among its kind."""

    kind: str
    name: str
    what: Literal["new", "changed"]
    differences: tuple[Difference, ...] = ()


def changes(document: Document, present: Document) -> tuple[Change, ...]:
    """What taking the document over would change. What it does not name stays as it is."""
    found: list[Change] = []
    for kind in ("institutions", "contacts", "codelists", "indicators", "projects", "periods"):
        before = {_name(kind, item): item for item in getattr(present, kind)}
        for item in getattr(document, kind):
            name = _name(kind, item)
            if name not in before:
                found.append(Change(kind, name, "new"))
            elif before[name] != item:
                differences = between(before[name].model_dump(mode="json"), item.model_dump(mode="json"))
                found.append(Change(kind, name, "changed", differences))
    return tuple(found)


def between(old: Any, new: Any) -> tuple[Difference, ...]:
    """Every place where two pieces of JSON differ, in the order of the places."""
    before, after = dict(_flat(old, "")), dict(_flat(new, ""))
    places = [*before, *(place for place in after if place not in before)]
    return tuple(
        Difference(place, before.get(place), after.get(place))
        for place in places
        if before.get(place) != after.get(place)
    )


def fingerprint(found: Iterable[Change]) -> str:
    """Short name of a set of changes: what was confirmed is what is done."""
    return hashlib.sha256(repr(tuple(found)).encode()).hexdigest()[:32]


def _flat(value: Any, at: str) -> Iterable[tuple[str, Value]]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _flat(inner, f"{at}.{name}" if at else str(name))
    elif isinstance(value, list) and value and not any(isinstance(inner, Mapping | list) for inner in value):
        yield at, ", ".join(str(inner) for inner in value)
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            name = inner.get("code", place + 1) if isinstance(inner, Mapping) else place + 1
            yield from _flat(inner, f"{at}.{name}" if at else str(name))
    elif value is not None:
        yield at, value


def _name(kind: str, item: Any) -> str:
    return f"{item.member}/{item.role}" if kind == "contacts" else str(item.code)
