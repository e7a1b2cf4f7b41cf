"""What a sheet's XML says that its values do not: how far it goes, which cells are in error or were never worked out.

SpreadsheetML: ISO/IEC 29500-1, 18.3.1.4 (`c`), 18.18.11 (cell types), 18.2.20 (`sheets`).
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from dataclasses import dataclass, field
from xml.parsers import expat

from nrem_intake.spreadsheets.domain.raw import Odd, Place

_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})\Z", re.ASCII)
_WORKBOOK, _RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"


class TooMuch(Exception):
    """There are more rows, columns or cells than a report can have."""


@dataclass(slots=True)
class SheetScan:
    """How many cells hold something, and those of which the value cannot be taken."""

    cells: int = 0
    odd: dict[Place, Odd] = field(default_factory=dict)


def sheet_parts(parts: zipfile.ZipFile) -> dict[str, str]:
    """Name of each worksheet → the part of the file that holds it."""
    targets: dict[str, str] = {}
    named: dict[str, str] = {}

    def relation(name: str, attributes: dict[str, str]) -> None:
        if _local(name) == "Relationship" and attributes.get("Type", "").endswith("/worksheet"):
            target = attributes["Target"]
            targets[attributes["Id"]] = (
                target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
            )

    def sheet(name: str, attributes: dict[str, str]) -> None:
        identifier = next((value for key, value in attributes.items() if key.endswith(":id")), "")
        if _local(name) == "sheet" and identifier in targets:
            named[attributes["name"]] = targets[identifier]

    _parse(parts.read(_RELATIONS), relation)
    _parse(parts.read(_WORKBOOK), sheet)
    return named


def scan_sheet(xml: bytes, most_rows: int, most_columns: int, most_cells: int) -> SheetScan:
    """Go through the cells of one sheet. Raises TooMuch."""
    scanner = _Scanner(most_rows, most_columns, most_cells)
    parser = _parser()
    parser.StartElementHandler = scanner.start
    parser.EndElementHandler = scanner.end
    parser.CharacterDataHandler = scanner.text
    parser.buffer_text = True
    parser.Parse(xml, True)
    return scanner.scan


class _Scanner:
    """Follows `row` and `c`; a cell counts where it has a value, an inline text or a formula."""

    def __init__(self, most_rows: int, most_columns: int, most_cells: int) -> None:
        self.scan = SheetScan()
        self._most = (most_rows, most_columns, most_cells)
        self._row, self._column = -1, -1
        self._kind, self._value, self._formula, self._held = "", "", False, False
        self._inside_value = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        local = _local(name)
        if local == "row":
            self._row = int(attributes["r"]) - 1 if "r" in attributes else self._row + 1
            self._column = -1
        elif local == "c":
            self._begin(attributes)
        elif local in ("v", "is"):
            self._held, self._inside_value = True, local == "v"
        elif local == "f":
            self._formula = True

    def _begin(self, attributes: dict[str, str]) -> None:
        self._column += 1
        if found := _REFERENCE.match(attributes.get("r", "")):
            self._row, self._column = int(found[2]) - 1, _number(found[1])
        self._kind = attributes.get("t", "n")
        self._value, self._formula, self._held = "", False, False

    def text(self, text: str) -> None:
        if self._inside_value:
            self._value += text

    def end(self, name: str) -> None:
        local = _local(name)
        if local == "v":
            self._inside_value = False
        elif local == "c" and (self._held or self._formula):
            self._count()
            if self._kind == "e":
                self.scan.odd[(self._row, self._column)] = Odd("error", self._value.strip() or "#?")
            elif self._formula and self._kind != "str" and not self._value.strip():
                self.scan.odd[(self._row, self._column)] = Odd("uncomputed", "")

    def _count(self) -> None:
        self.scan.cells += 1
        rows, columns, cells = self._most
        if self._row >= rows or self._column >= columns or self.scan.cells > cells:
            raise TooMuch


def _parse(xml: bytes, start: object) -> None:
    parser = _parser()
    parser.StartElementHandler = start  # type: ignore[assignment]
    parser.Parse(xml, True)


def _parser() -> expat.XMLParserType:
    """Without document types: no entities to unfold, nothing fetched."""
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse
    return parser


def _refuse(*_: object) -> None:
    raise ValueError("a workbook has no document type")


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1
