"""A filled-in workbook as the submission it means, with the cell of every part, and everything that cannot be taken."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from nrem_intake.spreadsheets.domain.book import CHOICES, CODES_ROW, COVER, MARK_COLUMN, NO_ITEM, NOTHING, SHEET_MARK
from nrem_intake.spreadsheets.domain.cells import Plain, Unclear, plain
from nrem_intake.spreadsheets.domain.choices import Meanings, Offer, normal
from nrem_intake.spreadsheets.domain.columns import MEMBER, PERIOD, SHOWN, general, kinds_of
from nrem_intake.spreadsheets.domain.items import item_of, untouched
from nrem_intake.spreadsheets.domain.places import Cell, Pointer, cell_of
from nrem_intake.spreadsheets.domain.raw import Odd, RawSheet, a1
from nrem_intake.spreadsheets.domain.stamp import NotOurs
from nrem_intake.submissions.domain.refusals import Refusal
from nrem_shared.contracts.submissions import SECTIONS
from nrem_shared.runtime import personal_data

#: (period, member) of a workbook with several; ("", "") of one that is for one.
Whose = tuple[str, str]
ITS_OWN: Whose = ("", "")

#: The figures' fields that make a statistics row an item even where its number is missing.
_VALUE, _EMPTY = "value", "empty"


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong, with its cell; `refusal.pointer` is the place in the submission, as far as it has one."""

    cell: Cell
    refusal: Refusal
    whose: Whose = ITS_OWN


@dataclass(slots=True)
class Report:
    """One submission of a workbook: what it says, and the cell of each of its parts."""

    document: dict[str, Any] = field(default_factory=dict)
    cells: dict[Pointer, Cell] = field(default_factory=dict)


@dataclass(slots=True)
class Reading:
    """What a workbook says: its submissions, what is wrong with cells, and how many prepared rows were left alone."""

    reports: dict[Whose, Report] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    left_alone: int = 0

    @property
    def report(self) -> Report:
        """That of a workbook for one quarter and institution."""
        return self.reports.setdefault(ITS_OWN, Report())

    def fault(self, cell: Cell, code: str, pointer: Pointer = "", whose: Whose = ITS_OWN, **parameters: str) -> None:
        """Note what is wrong; quoted values never repeat personal data."""
        safe = {name: personal_data.quotable(value) for name, value in parameters.items()}
        self.faults.append(Fault(cell, Refusal(pointer, f"workbook_{code}", safe), whose))


def read(sheets: Iterable[RawSheet], offer: Offer, *, same_lists: bool) -> Reading:
    """Read all sections. `same_lists` = the workbook was made with the lists in force, so no column may lack.

    Raises NotOurs (`workbook_sheet_missing`, `workbook_sheet_twice`) where sheets cannot be told.
    """
    given = list(sheets)
    own = {sheet.mark.removeprefix(SHEET_MARK): sheet for sheet in given if sheet.mark.startswith(SHEET_MARK)}
    _check_sheets(given, own)
    meanings = Meanings(offer.labels, offer.catalogue, _brought(own.get(CHOICES)))
    reading = Reading()
    for section in SECTIONS:
        _Section(section, own[section], offer, meanings, reading, same_lists=same_lists).read()
    _read_cover(reading, own.get(COVER))
    for report in reading.reports.values():
        report.document.setdefault(NOTHING, False)
    return reading


def refusals_with_cells(
    report: Report, refusals: Iterable[Refusal], faults: Iterable[Fault], whose: Whose
) -> list[Fault]:
    """What validation says, cell by cell; a cell that could not be taken is not told to be missing besides."""
    own = [fault for fault in faults if fault.whose == whose]
    silent = {fault.refusal.pointer for fault in own if fault.refusal.pointer}
    told = [
        Fault(cell_of(report.cells, each.pointer) or Cell(""), each, whose)
        for each in refusals
        if each.pointer not in silent
    ]
    return [*own, *told]


def _check_sheets(given: list[RawSheet], own: Mapping[str, RawSheet]) -> None:
    for section in (*SECTIONS, COVER):
        twice = [sheet.name for sheet in given if sheet.mark == SHEET_MARK + section]
        if len(twice) > 1:
            raise NotOurs("workbook_sheet_twice", sheets=", ".join(twice))
    missing = [section for section in SECTIONS if section not in own]
    if missing:
        raise NotOurs("workbook_sheet_missing", sections=" ".join(missing))


def _brought(sheet: RawSheet | None) -> Mapping[str, Mapping[str, str]]:
    """The lists that the file itself carries: names as they were when it was made."""
    names: dict[str, dict[str, str]] = {}
    for (row, column), text in sheet.cells.items() if sheet else ():
        if row == CODES_ROW or column % 2 == 0:
            continue
        label, code = text, sheet.cells.get((row, column + 1)) if sheet else None
        name = sheet.cells.get((CODES_ROW, column)) if sheet else None
        if isinstance(name, str) and isinstance(label, str) and isinstance(code, str):
            names.setdefault(name, {})[normal(label)] = code
    return names


def _read_cover(reading: Reading, sheet: RawSheet | None) -> None:
    """Whether there is nothing to report: the cell beside the question."""
    for (row, column), mark in sorted(sheet.cells.items(), key=lambda each: each[0]) if sheet else ():
        if column == MARK_COLUMN and mark == NOTHING and sheet is not None:
            place = (row, 2)
            cell = Cell(sheet.name, a1(place))
            reading.report.cells[f"/{NOTHING}"] = cell
            try:
                answer = plain("yes_no", "", sheet.cells.get(place, ""), lambda *_: None)
                reading.report.document[NOTHING] = bool(answer)
            except Unclear as error:
                reading.fault(cell, error.code, f"/{NOTHING}", ITS_OWN, **error.parameters)


class _Section:
    """Reads one section's sheet into the reports."""

    def __init__(
        self, name: str, sheet: RawSheet, offer: Offer, meanings: Meanings, reading: Reading, *, same_lists: bool
    ) -> None:
        self._name, self._sheet, self._meanings, self._reading = name, sheet, meanings, reading
        self._kinds = kinds_of(name, offer)
        self._several = PERIOD in self._kinds
        self._columns = self._find_columns()
        if same_lists:
            self._check_columns()

    def read(self) -> None:
        """Row by row."""
        if not self._several:
            self._reading.report.cells[f"/{self._name}"] = Cell(self._sheet.name)
        for row in self._sheet.rows():
            mark = self._sheet.cells.get((row, MARK_COLUMN), "")
            if row != CODES_ROW and mark != NO_ITEM:
                self._read_row(row, mark)

    def _cell(self, row: int, column: int) -> Cell:
        return Cell(self._sheet.name, a1((row, column)))

    def _find_columns(self) -> dict[int, str]:
        """Column number → code; a code that stands twice, or that nobody knows, is a fault."""
        found: dict[int, str] = {}
        for (row, column), code in sorted(self._sheet.cells.items(), key=lambda each: each[0]):
            if row != CODES_ROW or column == MARK_COLUMN:
                continue
            text = code if isinstance(code, str) else ""
            if text in found.values() or not (text.startswith(SHOWN) or general(text) in self._kinds):
                self._reading.fault(self._cell(row, column), "column_unknown", value=str(code)[:40])
            found[column] = text
        return found

    def _check_columns(self) -> None:
        there = {general(code) for code in self._columns.values()}
        for code in self._kinds:
            if code not in there and not code.startswith(SHOWN):
                self._reading.fault(Cell(self._sheet.name), "column_missing", value=code)

    def _read_row(self, row: int, mark: Any) -> None:
        issued = self._issued(row, mark)
        given: dict[str, Plain] = {}
        unclear: list[tuple[int, Unclear]] = []
        for column in sorted(column for each, column in self._sheet.cells if each == row and column != MARK_COLUMN):
            code = self._columns.get(column, "")
            if code.startswith(SHOWN):
                continue
            try:
                value = self._plain(code, row, column)
            except Unclear as error:
                unclear.append((column, error))
                continue
            if value is not None:
                given[code] = value
        if not unclear and untouched(given, issued):
            self._reading.left_alone += bool(given)
            return
        self._take(row, given, issued, unclear)

    def _plain(self, code: str, row: int, column: int) -> Plain | None:
        raw = self._sheet.cells[(row, column)]
        kind = self._kinds.get(general(code))
        if kind is None:
            if isinstance(raw, str) and not raw.strip():
                return None
            raise Unclear("cell_outside", value=raw.text if isinstance(raw, Odd) else str(raw)[:40])
        return plain(*kind, raw, self._meanings.code)

    def _issued(self, row: int, mark: Any) -> Mapping[str, Any]:
        """What was put into the row beforehand."""
        if mark == "":
            return {}
        try:
            found = json.loads(mark) if isinstance(mark, str) else None
        except ValueError:
            found = None
        if not isinstance(found, dict):
            self._reading.fault(self._cell(row, MARK_COLUMN), "row_mark_damaged")
            return {}
        return found

    def _take(
        self, row: int, given: dict[str, Plain], issued: Mapping[str, Any], unclear: list[tuple[int, Unclear]]
    ) -> None:
        """Add the row's item to its report, and the places of its fields."""
        whose = self._whose(given)
        report = self._reading.reports.setdefault(whose, Report())
        items = report.document.setdefault(self._name, [])
        at = f"/{self._name}/{len(items)}"
        held = {**{self._columns[column]: "" for column, _ in unclear if self._columns.get(column)}, **given}
        codes = [code for code in self._columns.values() if not code.startswith((SHOWN, "@"))]
        item = item_of(held, issued, codes)
        columns = {code: column for column, code in self._columns.items()}
        first = min((columns[code] for code in given if code in columns), default=1)
        report.cells[at] = self._cell(row, first)
        for code, suffix in item.suffixes.items():
            report.cells[at + suffix] = self._cell(row, columns[code])
        if self._name == "observations" and _EMPTY in item.value:
            item.value.setdefault(_VALUE, None)
        items.append(item.value)
        for column, error in unclear:
            suffix = item.suffixes.get(self._columns.get(column, ""), "")
            pointer = at + suffix if suffix else ""
            self._reading.fault(self._cell(row, column), error.code, pointer, whose, **error.parameters)

    def _whose(self, given: dict[str, Plain]) -> Whose:
        """The quarter and institution that a row of a workbook for several names."""
        return (str(given.pop(PERIOD, "")), str(given.pop(MEMBER, "")))
