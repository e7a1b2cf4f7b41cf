"""What a file's sheets hold, cell by cell, before anybody says what it means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal


@dataclass(frozen=True, slots=True)
class Odd:
    """A cell whose value cannot be taken: a formula's error, a formula without a value, a time of day."""

    kind: Literal["error", "uncomputed", "moment"]
    text: str


RawValue = str | int | float | bool | date | Odd

#: (row, column), from 0.
Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class RawSheet:
    """A sheet's name and its cells that hold something."""

    name: str
    cells: Mapping[Place, RawValue]

    @property
    def mark(self) -> str:
        """Its first cell where that is a text."""
        first = self.cells.get((0, 0))
        return first if isinstance(first, str) else ""

    def rows(self) -> list[int]:
        """The numbers of rows that hold something."""
        return sorted({row for row, _ in self.cells})


def a1(place: Place) -> str:
    """A place as people write it: (4, 27) is `AB5`."""
    row, column = place
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row + 1}"
