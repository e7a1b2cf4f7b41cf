"""A workbook as a file. The same book gives the same bytes: nothing in it depends on the hour or the machine."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]

from nrem_intake.spreadsheets.domain.book import (
    CHOICES,
    CODES_ROW,
    COVER,
    FIRST_COLUMN,
    FIRST_ROW,
    HEADINGS_ROW,
    LEAD_ROW,
    MARK_COLUMN,
    NO_ITEM,
    NOTHING,
    SHEET_MARK,
    STAMP,
    TITLE_ROW,
    Book,
    Column,
    Row,
    Sheet,
    Value,
    mark_of,
)

_ACCENT, _LOCKED, _CLOSED, _LINE = "#0F4C5C", "#EEF2F3", "#D9DEE0", "#B8C4C8"
_LISTS_SHEET, _STAMP_SHEET = "_nrem_lists", "_nrem"

#: What an unlocked sheet lets people do.
_ALLOWED = {
    "format_cells": True,
    "format_columns": True,
    "format_rows": True,
    "sort": False,
    "autofilter": True,
    "select_locked_cells": True,
    "select_unlocked_cells": True,
}

#: Rows below the prepared ones that are open too.
_OPEN_BELOW = 200

_LARGEST = 10**9


def write(book: Book) -> bytes:
    """The workbook as .xlsx."""
    target = io.BytesIO()
    file = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    made = datetime(book.made_on.year, book.made_on.month, book.made_on.day)  # noqa: DTZ001 - a date, whatever the zone
    file.set_properties({"title": book.cover.heading, "author": "NREM", "created": made})
    writer = _Writer(file, book)
    writer.cover()
    for sheet in book.sheets:
        writer.section(sheet)
    writer.lists()
    writer.stamp()
    file.close()
    return target.getvalue()


class _Writer:
    """Writes the parts of one book."""

    def __init__(self, file: Any, book: Book) -> None:
        self._file, self._book = file, book
        self._formats = _formats(file)
        self._places = {name: place * 2 for place, name in enumerate(book.choices)}

    def cover(self) -> None:
        """What this is, how to fill it in, and the answer that there is nothing to report."""
        cover = self._book.cover
        sheet = self._file.add_worksheet(cover.title)
        sheet.write_string(0, MARK_COLUMN, SHEET_MARK + COVER)
        sheet.set_row(CODES_ROW, None, None, {"hidden": True})
        sheet.set_column(0, 0, 2, None, {"hidden": True})
        sheet.set_column(1, 1, 90)
        sheet.set_column(2, 2, 16)
        sheet.write_string(1, 1, cover.heading, self._formats["title"])
        for row, line in enumerate(cover.lines, 2):
            sheet.write_string(row, 1, line, self._formats["lead"])
        if cover.nothing_label:
            row = len(cover.lines) + 3
            sheet.write_string(row, 0, NOTHING)
            sheet.write_string(row, 1, cover.nothing_label, self._formats["question"])
            sheet.write(row, 2, cover.nothing, self._formats["text"])
            sheet.data_validation(row, 2, row, 2, self._yes_no())
        _protect(sheet)
        sheet.set_landscape()
        sheet.activate()

    def section(self, section: Sheet) -> None:
        """One section: hidden codes, a title, what to do, headings, rows."""
        sheet = self._file.add_worksheet(section.title)
        last = FIRST_ROW + len(section.rows) + _OPEN_BELOW - 1
        sheet.write_string(CODES_ROW, MARK_COLUMN, SHEET_MARK + section.code)
        sheet.set_row(CODES_ROW, None, None, {"hidden": True})
        sheet.set_column(MARK_COLUMN, MARK_COLUMN, 2, None, {"hidden": True})
        for row in (TITLE_ROW, LEAD_ROW, HEADINGS_ROW):
            sheet.write_string(row, MARK_COLUMN, NO_ITEM)
        sheet.write_string(TITLE_ROW, FIRST_COLUMN, section.title, self._formats["title"])
        sheet.write_string(LEAD_ROW, FIRST_COLUMN, section.lead, self._formats["note"])
        sheet.set_row(HEADINGS_ROW, 48)
        for place, column in enumerate(section.columns, FIRST_COLUMN):
            sheet.write_string(CODES_ROW, place, column.code)
            sheet.write_string(HEADINGS_ROW, place, column.title, self._formats["heading"])
            sheet.set_column(place, place, column.width, self._formats[_format_of(column)])
            if (rule := self._rule(column)) is not None:
                sheet.data_validation(FIRST_ROW, place, last, place, rule)
        for row, each in enumerate(section.rows, FIRST_ROW):
            self._row(sheet, row, section.columns, each)
        sheet.freeze_panes(FIRST_ROW, FIRST_COLUMN + 1)
        _protect(sheet)
        _on_paper(sheet)

    def _row(self, sheet: Any, row: int, columns: tuple[Column, ...], given: Row) -> None:
        if mark := mark_of(given):
            sheet.write_string(row, MARK_COLUMN, mark)
        for place, column in enumerate(columns, FIRST_COLUMN):
            value = given.cells.get(column.code)
            if column.code in given.closed:
                _write(sheet, row, place, None, self._formats["closed"])
            elif column.code in given.locked or column.kind == "shown":
                _write(sheet, row, place, value, self._formats["locked"])
            else:
                _write(sheet, row, place, value, self._formats[_format_of(column)])

    def lists(self) -> None:
        """Names and codes of every list, two columns each; hidden."""
        sheet = self._file.add_worksheet(_LISTS_SHEET)
        sheet.write_string(0, 0, SHEET_MARK + CHOICES)
        for name, entries in self._book.choices.items():
            place = self._places[name] + 1
            sheet.write_string(0, place, name)
            for row, entry in enumerate(entries, 1):
                sheet.write_string(row, place, entry.label)
                sheet.write_string(row, place + 1, entry.code)
        sheet.protect()
        sheet.very_hidden()

    def stamp(self) -> None:
        """For whom and for what the workbook was made; hidden."""
        sheet = self._file.add_worksheet(_STAMP_SHEET)
        sheet.write_string(0, 0, SHEET_MARK + STAMP)
        for row, (name, value) in enumerate(self._book.stamp.items(), 1):
            sheet.write_string(row, 0, name)
            sheet.write_string(row, 1, value)
        sheet.protect()
        sheet.very_hidden()

    def _rule(self, column: Column) -> dict[str, Any] | None:
        """What may be entered."""
        if column.kind == "code":
            return self._list(column.choices)
        if column.kind == "yes_no":
            return self._yes_no()
        if column.kind == "count":
            return self._between("integer", "count", 0, _LARGEST)
        if column.kind == "amount":
            return self._between("decimal", "amount", 0, _LARGEST)
        if column.kind == "date":
            return self._between("date", "date", date(2000, 1, 1), date(2100, 12, 31))
        return None

    def _list(self, name: str) -> dict[str, Any]:
        letters = _letters(self._places[name] + 1)
        last = max(len(self._book.choices[name]), 1) + 1
        source = f"='{_LISTS_SHEET}'!${letters}$2:${letters}${last}"
        return {"validate": "list", "source": source, **self._refused("code")}

    def _yes_no(self) -> dict[str, Any]:
        return {"validate": "list", "source": list(self._book.cover.yes_no), **self._refused("yes_no")}

    def _between(self, kind: str, text: str, least: Any, most: Any) -> dict[str, Any]:
        return {"validate": kind, "criteria": "between", "minimum": least, "maximum": most, **self._refused(text)}

    def _refused(self, kind: str) -> dict[str, Any]:
        return {"error_title": self._book.refused_title[:32], "error_message": self._book.refused_text[kind][:255]}


def _formats(file: Any) -> Mapping[str, Any]:
    base = {"font_name": "Calibri", "font_size": 11, "valign": "top"}
    open_cell = {**base, "border": 1, "border_color": _LINE, "locked": False, "text_wrap": True}
    closed = {**base, "border": 1, "border_color": _LINE, "text_wrap": True}
    wanted: dict[str, dict[str, Any]] = {
        "title": {**base, "bold": True, "font_size": 18, "font_color": _ACCENT},
        "lead": {**base, "text_wrap": True},
        "note": {**base},
        "question": {**base, "bold": True, "text_wrap": True},
        "heading": {**closed, "bold": True, "font_color": "#FFFFFF", "bg_color": _ACCENT, "valign": "vcenter"},
        "text": {**open_cell, "num_format": "@"},
        "general": open_cell,
        "count": {**open_cell, "num_format": "#,##0"},
        "amount": {**open_cell, "num_format": "#,##0.00"},
        "date": {**open_cell, "num_format": "yyyy-mm-dd"},
        "locked": {**closed, "bg_color": _LOCKED},
        "closed": {**closed, "bg_color": _CLOSED, "pattern": 1},
    }
    return {name: file.add_format(settings) for name, settings in wanted.items()}


def _format_of(column: Column) -> str:
    if column.kind in ("count", "amount", "date"):
        return column.kind
    return {"measure": "general", "shown": "locked"}.get(column.kind, "text")


def _write(sheet: Any, row: int, place: int, value: Value | None, style: Any) -> None:
    if value is None:
        sheet.write_blank(row, place, None, style)
    elif isinstance(value, bool):
        sheet.write_boolean(row, place, value, style)
    elif isinstance(value, date):
        sheet.write_datetime(row, place, value, style)
    elif isinstance(value, int | float):
        sheet.write_number(row, place, value, style)
    else:
        sheet.write_string(row, place, value, style)


def _protect(sheet: Any) -> None:
    """Headings and codes cannot be changed by mistake; there is no password: it protects, it does not lock out."""
    sheet.protect("", _ALLOWED)


def _on_paper(sheet: Any) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEADINGS_ROW)


def _letters(column: int) -> str:
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
