"""Adding figures up without mixing numbers and empties."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
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


@dataclass(slots=True)
class Tally:
    """Reported values counted one by one; empties are counted beside the numbers, never as zero."""

    value: int = 0
    numbers: int = 0
    unknown: int = 0
    not_applicable: int = 0

    def count(self, part: Reported) -> None:
        """Add one reported value."""
        value = part.value
        if value is not None:
            self.value += value
            self.numbers += 1
        elif part.empty == "not_applicable":
            self.not_applicable += 1
        else:
            self.unknown += 1

    def merge(self, other: Tally) -> None:
        """Add everything that another one counted."""
        self.value += other.value
        self.numbers += other.numbers
        self.unknown += other.unknown
        self.not_applicable += other.not_applicable

    def figure(self, not_reported: int = 0) -> Figure:
        """What was counted, as it is shown; null where there is no number."""
        return Figure(
            value=self.value if self.numbers else None,
            incomplete=self.unknown + not_reported > 0,
            unknown=self.unknown,
            not_applicable=self.not_applicable,
            not_reported=not_reported,
        )


def add(parts: Iterable[Reported], not_reported: int = 0) -> Figure:
    """The sum of the numbers among `parts`; null where there is no number."""
    tally = Tally()
    for part in parts:
        tally.count(part)
    return tally.figure(not_reported)


def merge(tallies: Iterable[Tally]) -> Tally:
    """All of them as one."""
    merged = Tally()
    for tally in tallies:
        merged.merge(tally)
    return merged


def merge_by(pairs: Iterable[tuple[Key | None, Tally]]) -> dict[Key, Figure]:
    """The sum for each key, in order; what has no key belongs to no cell."""
    groups: dict[Key, Tally] = {}
    for key, tally in pairs:
        if key is not None:
            groups.setdefault(key, Tally()).merge(tally)
    return {key: groups[key].figure() for key in sorted(groups)}


def add_by(rows: Iterable[Row], key: Callable[[Row], Key | None]) -> dict[Key, Figure]:
    """The same sum for each value of `key`, in order; rows without a key belong to no cell."""
    groups: dict[Key, Tally] = {}
    for row in rows:
        cell = key(row)
        if cell is not None:
            groups.setdefault(cell, Tally()).count(row)
    return {cell: groups[cell].figure() for cell in sorted(groups)}


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
