"""Adding figures up without mixing numbers and empties."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple, Protocol, TypeVar

from pydantic import Field

from nrem_statistics.answer import Answer

#: A cell: one code, or a code in each of two dimensions.
Key = TypeVar("Key", str, tuple[str, str])


class Figure(Answer):
    """A figure and what it leaves out. Zero is a number; where nobody reported a number `value` is null."""

    value: int | None = Field(description="The number; null = no number was reported, never zero")
    incomplete: bool = Field(description="A part is not known: `unknown` or `not_reported` is above zero")
    unknown: int = Field(default=0, description="Parts reported as not known; not in `value`")
    not_applicable: int = Field(default=0, description="Parts reported as not applicable; nothing is missing there")
    not_reported: int = Field(
        default=0, description="Members that report this and have no version in force; totals only, 0 in a breakdown"
    )


class Part(NamedTuple):
    """One reported value: a number, or null with its kind of empty."""

    value: int | None
    empty: str | None = None


class Reported(Protocol):
    """Anything with a value or a kind of empty."""

    @property
    def value(self) -> int | None: ...  # noqa: D102
    @property
    def empty(self) -> str | None: ...  # noqa: D102


Row = TypeVar("Row", bound=Reported)


def add(parts: Iterable[Reported], not_reported: int = 0) -> Figure:
    """The sum of the numbers among `parts`; null where there is no number."""
    parts = tuple(parts)
    numbers = [part.value for part in parts if part.value is not None]
    unknown = sum(part.value is None and part.empty != "not_applicable" for part in parts)
    return Figure(
        value=sum(numbers) if numbers else None,
        incomplete=unknown + not_reported > 0,
        unknown=unknown,
        not_applicable=sum(part.value is None and part.empty == "not_applicable" for part in parts),
        not_reported=not_reported,
    )


def add_by(rows: Iterable[Row], key: Callable[[Row], Key | None]) -> dict[Key, Figure]:
    """The same sum for each value of `key`, in order; rows without a key belong to no cell."""
    groups: dict[Key, list[Row]] = {}
    for row in rows:
        cell = key(row)
        if cell is not None:
            groups.setdefault(cell, []).append(row)
    return {cell: add(groups[cell]) for cell in sorted(groups)}


def deduct(whole: Figure, part: Figure) -> Figure:
    """`whole` less `part`.

    Null where either is: an overlap that nobody reported is not zero. Null too where the part is larger, which
    happens only while the whole has not fully been reported.
    """
    unknown = whole.unknown + part.unknown
    not_reported = max(whole.not_reported, part.not_reported)
    value = None if whole.value is None or part.value is None else whole.value - part.value
    if value is not None and value < 0:
        value = None
    return Figure(
        value=value,
        incomplete=unknown + not_reported > 0 or (value is None and whole.value is not None),
        unknown=unknown,
        not_applicable=whole.not_applicable + part.not_applicable,
        not_reported=not_reported,
    )
