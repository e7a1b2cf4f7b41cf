"""A file as its sheets' cells, if it is a plain .xlsx of bounded size; runs in a process of its own.

The values are python-calamine's. It gives nothing for a cell in error and for a formula that was never worked out,
which would be taken for empty: those are looked for in the sheets' XML, where the sheet's extent is bounded too.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from xml.parsers import expat

from python_calamine import CalamineError, CalamineWorkbook

from nrem_intake.spreadsheets.domain.raw import Odd, Place, RawSheet, RawValue
from nrem_intake.spreadsheets.sheet_xml import SheetScan, TooMuch, scan_sheet, sheet_parts

#: Bounds of what is unpacked and read.
LARGEST_UNPACKED = 32 * 1024 * 1024
MOST_PARTS, MOST_SHEETS, MOST_ROWS, MOST_COLUMNS, MOST_CELLS = 400, 40, 6000, 250, 120_000

_OLD_OR_LOCKED = b"\xd0\xcf\x11\xe0"
_MACROS = ("vbaproject.bin", "macrosheets/", "activex/")
_PLAIN = "spreadsheetml.sheet.main+xml"


class Unopenable(Exception):
    """The file is no workbook that can be read; `code` names the message."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def open_workbook(raw: bytes) -> list[RawSheet]:
    """Every sheet, hidden ones too. Raises Unopenable: `no_workbook`, `old_or_locked`, `macros`, `other_format`,
    `too_large`, `damaged`."""
    with _unpacked(raw) as parts:
        scans = _scan(parts)
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(raw)) as book:
            return [_sheet(book, name, scans[name]) for name in book.sheet_names if name in scans]
    except CalamineError as error:
        raise Unopenable("damaged") from error


def _unpacked(raw: bytes) -> zipfile.ZipFile:
    if raw.startswith(_OLD_OR_LOCKED):
        raise Unopenable("old_or_locked")
    try:
        parts = zipfile.ZipFile(io.BytesIO(raw))
    except (zipfile.BadZipFile, ValueError) as error:
        raise Unopenable("no_workbook") from error
    _check_parts(parts)
    return parts


def _check_parts(parts: zipfile.ZipFile) -> None:
    """Bounded before anything is unpacked, and then unpacked once to see that it is what it says."""
    names = [entry.filename.casefold() for entry in parts.infolist()]
    if len(names) > MOST_PARTS or sum(entry.file_size for entry in parts.infolist()) > LARGEST_UNPACKED:
        raise Unopenable("too_large")
    if len(set(names)) != len(names):
        raise Unopenable("damaged")
    if any(part in name for name in names for part in _MACROS):
        raise Unopenable("macros")
    if "[content_types].xml" not in names or "xl/workbook.xml" not in names:
        raise Unopenable("other_format")
    try:
        for entry in parts.infolist():
            with parts.open(entry) as opened:
                while opened.read(1 << 16):
                    pass
        types = parts.read("[Content_Types].xml").decode("utf-8", "replace")
    except (zipfile.BadZipFile, KeyError, NotImplementedError, RuntimeError, OSError, EOFError, ValueError) as error:
        raise Unopenable("damaged") from error
    if "macroEnabled" in types:
        raise Unopenable("macros")
    if _PLAIN not in types:
        raise Unopenable("other_format")


def _scan(parts: zipfile.ZipFile) -> dict[str, SheetScan]:
    """Name of a sheet → its extent, and its cells that hold no value to be taken."""
    try:
        named = sheet_parts(parts)
        if len(named) > MOST_SHEETS:
            raise Unopenable("too_large")
        scans, cells = {}, 0
        for name, part in named.items():
            scans[name] = scan_sheet(parts.read(part), MOST_ROWS, MOST_COLUMNS, MOST_CELLS - cells)
            cells += scans[name].cells
    except TooMuch as error:
        raise Unopenable("too_large") from error
    except (expat.ExpatError, KeyError, ValueError) as error:
        raise Unopenable("damaged") from error
    return scans


def _sheet(book: CalamineWorkbook, name: str, scan: SheetScan) -> RawSheet:
    rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    cells: dict[Place, RawValue] = {place: value for place, value in _values(rows) if value != ""}
    return RawSheet(name, {**cells, **scan.odd})


def _values(rows: list[list[Any]]) -> Iterator[tuple[Place, RawValue]]:
    for row, values in enumerate(rows):
        for column, value in enumerate(values):
            yield (row, column), _value(value)


def _value(value: Any) -> RawValue:
    if isinstance(value, datetime):
        return value.date() if value.time() == time() else Odd("moment", value.isoformat(" "))
    if isinstance(value, time | timedelta):
        return Odd("moment", str(value))
    if isinstance(value, str | bool | int | float | date):
        return value
    return ""
