"""A table of figures as a page shows it: numbers, and each kind of empty told apart."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

Text = str | Mapping[str, str]
"""A submitted text, or one in each language (``{lv, en}``)."""


class EmptyKind(StrEnum):
    """Why a cell has no number (code list ``empty_kind``); zero is a number and no kind of empty."""

    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"
    NOTHING_TO_REPORT = "nothing_to_report"
    NOT_REPORTED = "not_reported"
    SUPPRESSED = "suppressed"


@dataclass(frozen=True)
class Cell:
    """One figure: a number, or the reason why there is none; never both, never neither.

    ``small`` marks a count that a public table would not show; ``partial`` a total over parts of which some are
    missing; ``revised`` a figure that changed after it was accepted.
    """

    value: int | float | Decimal | None = None
    empty: EmptyKind | None = None
    small: bool = False
    partial: bool = False
    provisional: bool = False
    revised: bool = False
    href: str | None = None

    def __post_init__(self) -> None:
        """Refuse what is neither a number nor an empty."""
        if (self.value is None) == (self.empty is None):
            raise ValueError("a cell has either a number or a kind of empty")

    @property
    def marks(self) -> tuple[str, ...]:
        """Names of the marks this cell carries, as the legend explains them."""
        return tuple(name for name in ("small", "partial", "provisional", "revised") if getattr(self, name))


@dataclass(frozen=True)
class Row:
    """A row with its header; ``cells`` are figures or, in a text column, texts."""

    label: Text
    cells: tuple[Cell | Text, ...]
    level: int = 0


@dataclass(frozen=True)
class Column:
    """A column header; figures are aligned right, texts left."""

    label: Text
    numeric: bool = True


@dataclass(frozen=True)
class FigureTable:
    """A table with a caption, one header column and, at its foot, totals.

    ``identifier`` is the id in the page; ``corner`` heads the column of row labels; ``about`` says what is counted.
    Raises ValueError if a row does not have one cell per column.
    """

    identifier: str
    caption: Text
    corner: Text
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    totals: tuple[Row, ...] = ()
    about: Text | None = None
    provisional: bool = False
    illustrative: bool = False

    def __post_init__(self) -> None:
        """Refuse rows that do not fit the columns."""
        for row in (*self.rows, *self.totals):
            if len(row.cells) != len(self.columns):
                raise ValueError(f"row {row.label!r} has {len(row.cells)} cells for {len(self.columns)} columns")

    @property
    def figures(self) -> tuple[Cell, ...]:
        """All cells that are figures, totals included."""
        return tuple(cell for row in (*self.rows, *self.totals) for cell in row.cells if isinstance(cell, Cell))

    @property
    def empty_kinds(self) -> tuple[EmptyKind, ...]:
        """The kinds of empty that occur, for the legend."""
        occurring = {cell.empty for cell in self.figures}
        return tuple(kind for kind in EmptyKind if kind in occurring)

    @property
    def marks(self) -> tuple[str, ...]:
        """The marks that occur, for the legend."""
        occurring = {mark for cell in self.figures for mark in cell.marks}
        return tuple(mark for mark in ("small", "partial", "provisional", "revised") if mark in occurring)
