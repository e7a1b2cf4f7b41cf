"""Workbooks of the demonstration's members, and people's programs that save them again."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import cache
from typing import Any

import openpyxl

from data_catalogue import QUARTERS, catalogue, codelists, indicators, institutions, plan, projects
from demonstration_submissions import submissions
from nrem_intake.reporting.domain.history import History
from nrem_intake.spreadsheets.domain.building import report_book
from nrem_intake.spreadsheets.domain.choices import EVERYBODY, Offer
from nrem_intake.spreadsheets.writing import write
from nrem_intake.submissions.domain.labels import Labels, build_labels
from nrem_shared.contracts.submissions import SubmissionContent, content_of
from nrem_shared.web.messages import Translator, build_translators

SECTION_SHEETS = ("Statistika", "Aktivitātes", "Plāna izpilde", "Nākotnes plāni", "Problēmas", "Finansējums")


@cache
def words(language: str) -> Translator:
    return build_translators(["nrem_shared.web", "nrem_intake"], pseudo=False, strict=True)[language]


@cache
def labels() -> Labels:
    return build_labels(codelists(), indicators(), projects(), institutions(), plan().results)


def offer(period: str, member: str, language: str = "lv") -> Offer:
    said = words(language)
    reporting = frozenset({"iem", "vp", "vrs", "vdi", "lm", "marta", "pdm"})
    return Offer(catalogue(period), labels(), member, language, (said("workbook.yes"), said("workbook.no")), reporting)


def earlier(period: str, member: str) -> History:
    """What the member had accepted before the quarter."""
    return History(
        tuple(
            (quarter, content_of(document))
            for quarter in QUARTERS
            if quarter < period
            for document in submissions(quarter)
            if document["member"] == member and (document["decision"] or {}).get("outcome") == "accepted"
        )
    )


def workbook(
    period: str, member: str, content: SubmissionContent | None = None, *, language: str = "lv", before: bool = True
) -> bytes:
    """A member's workbook; with `content` what was reported already stands in it."""
    known = earlier(period, member) if before and member != EVERYBODY else History()
    return write(
        report_book(
            offer(period, member, language), content or SubmissionContent(), known, "15.10.2026", words(language)
        )
    )


def saved_again(raw: bytes, change: Callable[[Any], None] = lambda _: None) -> bytes:
    """Opened and saved by another program, which stands for those that people have."""
    book = openpyxl.load_workbook(io.BytesIO(raw))
    change(book)
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def sheet_of(book: Any, section: str) -> Any:
    """A section's sheet, whatever it is called and wherever it stands."""
    return next(sheet for sheet in book if sheet["A1"].value == f"nrem:{section}")


def column_of(sheet: Any, code: str) -> str:
    """The letters of a column, by its hidden code."""
    return str(next(cell.column_letter for cell in sheet[1] if cell.value == code))


def put(book: Any, section: str, row: int, **values: Any) -> list[str]:
    """Enter values by column code (`__` for `/`); returns the cells' places."""
    sheet = sheet_of(book, section)
    places = []
    for code, value in values.items():
        place = f"{column_of(sheet, code.replace('__', '/'))}{row}"
        sheet[place] = value
        places.append(place)
    return places


def first_empty_row(book: Any, section: str) -> int:
    """A row below everything that was prepared."""
    return int(sheet_of(book, section).max_row) + 1


def row_with(book: Any, section: str, code: str, value: Any) -> int:
    """The first row that holds a value in a column."""
    sheet = sheet_of(book, section)
    return int(next(cell.row for cell in sheet[column_of(sheet, code)] if cell.value == value))
