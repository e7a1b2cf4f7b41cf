"""A workbook as values: sheets with coded columns, rows with what was put into them, and the lists to choose from.

Every sheet says in its first cell which one it is, every column says its code in the first row, every row says in the
first column what was put into it beforehand; both are hidden. Names, order and places of sheets and columns are
people's own.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

#: What a cell may hold. A code is held as its name.
Value = str | int | float | bool | date

#: `shown` columns are for reading only; nothing is taken from them.
Kind = Literal["text", "code", "yes_no", "count", "amount", "measure", "date", "shown"]

#: First cell of each sheet: this and the sheet's code.
SHEET_MARK = "nrem:"
COVER = "cover"
STAMP = "stamp"
CHOICES = "choices"

#: In the first column: a row that is no item (a heading, an explanation).
NO_ITEM = "#"

#: Rows and columns, from 0.
CODES_ROW, TITLE_ROW, LEAD_ROW, HEADINGS_ROW, FIRST_ROW = range(5)
MARK_COLUMN, FIRST_COLUMN = 0, 1

NOTHING = "nothing_to_report"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: `code` is the place in an item, such as `title/lv` or `languages/0`; `choices` the list of a code."""

    code: str
    title: str
    kind: Kind
    choices: str = ""
    width: int = 14


@dataclass(frozen=True, slots=True)
class Row:
    """A prepared row. `issued` is what stands in it beforehand and counts for nothing until more is added.

    `cells` is everything that stands in it; `locked` columns cannot be changed, `closed` ones do not apply.
    """

    cells: Mapping[str, Value] = field(default_factory=dict)
    issued: Mapping[str, str | int | float | bool] = field(default_factory=dict)
    locked: frozenset[str] = frozenset()
    closed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Sheet:
    """One section of the report."""

    code: str
    title: str
    lead: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a list: its code, and the name that people choose."""

    code: str
    label: str


@dataclass(frozen=True, slots=True)
class Cover:
    """The first sheet: what this is, by when, and how to fill it in. `nothing` = is there nothing to report."""

    title: str
    heading: str
    lines: tuple[str, ...]
    nothing_label: str
    nothing: str
    yes_no: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Book:
    """A whole workbook. `stamp` is kept in it and recognised again; `made_on` its date, a fact and not the hour."""

    stamp: Mapping[str, str]
    made_on: date
    cover: Cover
    sheets: tuple[Sheet, ...]
    choices: Mapping[str, tuple[Choice, ...]]
    refused_title: str
    refused_text: Mapping[str, str]


def mark_of(row: Row) -> str:
    """What the row's hidden first cell says; nothing where nothing was put into it beforehand."""
    return json.dumps(row.issued, ensure_ascii=False, sort_keys=True) if row.issued else ""
