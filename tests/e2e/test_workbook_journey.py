"""Reporting by spreadsheet, by keyboard: download, fill in, upload, see an error with its cell, mend it, submit."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
from playwright.sync_api import Page, expect

from e2e.people import (
    PERIOD,
    VIEWS,
    Open,
    content_of,
    main,
    no_barriers,
    opened,  # noqa: F401
    press,
    standing,
    submission,
    take_back,
    to_submission,
)
from support.keyboard import file_chosen, pressed, tab_to
from workbooks import first_empty_row, put, row_with

WORDS = {
    "lv": ("Lejupielādējiet aizpildāmo izklājlapu", "Aizpildītā izklājlapa", "Augšupielādēt un pārbaudīt",
           "Skaits ir negatīvs.", "Kļūdu nav. Vēl nekas nav iesniegts.", "Iesniegt", "Statistika"),
    "en": ("Download the workbook to fill in", "The filled-in workbook", "Upload and check",
           "The number is negative.", "There are no errors. Nothing was submitted yet.", "Submit", "Statistics"),
}  # fmt: skip


@VIEWS
def test_a_quarter_by_spreadsheet(
    opened: Open,  # noqa: F811
    platform: Any,
    tmp_path: Path,
    language: str,
    width: int,
) -> None:
    download, field, look, negative, ready, submit, sheet = WORDS[language]
    member = {"lv": "prok", "en": "tm"}[language]
    page, here = opened("member", member, width=width, language=language), submission(member)
    take_back(page, member, platform)
    page.goto(here)
    no_barriers(page)
    pressed(page, main(page).locator("a[href$='/workbook']").first)
    no_barriers(page)
    tab_to(page, page.get_by_role("link", name=download))
    with page.expect_download() as arriving:
        page.keyboard.press("Enter")
    path = tmp_path / arriving.value.suggested_filename
    arriving.value.save_as(path)
    assert path.name == f"nrem-{PERIOD}-{member}.xlsx"

    # A negative number: refused, with its sheet and cell.
    cells = fill(path, lambda book: figure(book, member, -4))
    upload(page, path, field, look)
    expect(page.get_by_role("alert")).to_contain_text(f"{sheet}!{cells[-1]}: {negative}")
    expect(page.get_by_role("row", name=re.compile(re.escape(f"{sheet}!{cells[-1]}")))).to_contain_text(negative)
    no_barriers(page)

    # Mended: what will be submitted is shown before anything is.
    fill(path, lambda book: mended(book, cells[-1], 4))
    upload(page, path, field, look)
    expect(main(page)).to_contain_text(ready)
    expect(page.locator("#observations td.nrem-number")).to_have_text("4")
    no_barriers(page)
    press(page, submit)
    expect(page).to_have_url(re.compile("/report/receipt$"))
    no_barriers(page)
    to_submission(page, member)
    expect(page.locator("#observations td.nrem-number")).to_have_text("4")
    expect(main(page).locator("a[href$='/workbook']")).to_have_count(0)  # what waits is not overwritten
    no_barriers(page)
    stands = standing(page, member)
    assert stands["state"] == "submitted"
    assert [one["value"] for one in content_of(page, member, stands["version"])["observations"]] == [4]


def figure(book: Any, member: str, value: int) -> list[str]:
    """In a line of its own, or where what was taken back stands."""
    given = {"prok": {"indicator": "PROS_DEC", "charge_decision": "CHARGE_ART2"},
             "tm": {"indicator": "JUDG", "court_outcome": "CONVICTION"}}[member]  # fmt: skip
    try:
        row = row_with(book, "observations", "value", 4)
    except StopIteration:
        row = first_empty_row(book, "observations")
    return put(book, "observations", row, **given, value=value)


def mended(book: Any, cell: str, value: int) -> list[str]:
    assert row_with(book, "observations", "value", -4) == int(re.sub(r"\D", "", cell))
    book[next(s.title for s in book if s["A1"].value == "nrem:observations")][cell] = value
    return []


def fill(path: Path, change: Callable[[Any], list[str]]) -> list[str]:
    book = openpyxl.load_workbook(path)
    cells = change(book)
    book.save(path)
    return cells


def upload(page: Page, path: Path, field: str, look: str) -> None:
    file_chosen(page, page.get_by_label(field), path)
    pressed(page, page.get_by_role("button", name=look))
