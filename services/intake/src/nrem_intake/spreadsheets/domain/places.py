"""Where in a workbook each part of a submission stands, and the other way round."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

#: JSON pointer into a submission.
Pointer = str


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """A cell as people find it: the sheet's name and `F12`; without the latter the sheet as a whole."""

    sheet: str
    at: str = ""

    def __str__(self) -> str:
        """`Statistika!F12`."""
        return f"{self.sheet}!{self.at}" if self.at else self.sheet


def cell_of(cells: Mapping[Pointer, Cell], pointer: Pointer) -> Cell | None:
    """The cell of what a pointer names; else the first one inside it; else that of the nearest part around it."""
    while True:
        if pointer in cells:
            return cells[pointer]
        inside = next((cell for known, cell in cells.items() if known.startswith(f"{pointer}/")), None)
        if inside is not None and pointer:
            return inside
        if not pointer:
            return None
        pointer = pointer.rpartition("/")[0]


def pointer_of(cells: Mapping[Pointer, Cell], cell: Cell) -> Pointer | None:
    """What stands in a cell: the innermost part of the submission that it holds."""
    return max((pointer for pointer, known in cells.items() if known == cell), key=len, default=None)
