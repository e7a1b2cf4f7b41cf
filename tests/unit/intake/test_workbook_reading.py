"""A workbook as people send it back: what is understood, and what is refused with its cell and the reason."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from data_catalogue import catalogue
from demonstration_submissions import before, submissions
from nrem_intake.spreadsheets.domain.places import Cell, cell_of, pointer_of
from nrem_intake.spreadsheets.domain.reading import ITS_OWN, Reading, read, refusals_with_cells
from nrem_intake.spreadsheets.domain.stamp import NotOurs, check_for, stamp_in
from nrem_intake.spreadsheets.opening import MOST_ROWS, Unopenable, open_workbook
from nrem_intake.submissions.domain.validation import Refused, validate
from nrem_shared.contracts.submissions import content_of
from workbooks import column_of, first_empty_row, labels, offer, put, row_with, saved_again, sheet_of, workbook

PERIOD, MEMBER = "2026-Q3", "vp"


def filled(change: Callable[[Any], None], member: str = MEMBER, *, same_lists: bool = True) -> Reading:
    raw = saved_again(workbook(PERIOD, member), change)
    return read(open_workbook(raw), offer(PERIOD, member), same_lists=same_lists)


def errors(reading: Reading, member: str = MEMBER) -> dict[str, str]:
    """Cell → code of everything wrong."""
    result = validate(
        reading.report.document,
        period=PERIOD,
        member=member,
        catalogue=catalogue(PERIOD),
        before=before(member, PERIOD),
    )
    refusals = result.errors if isinstance(result, Refused) else ()
    return {
        str(fault.cell): fault.refusal.code
        for fault in refusals_with_cells(reading.report, refusals, reading.faults, ITS_OWN)
    }


def test_an_error_of_validation_is_told_at_its_cell_and_back() -> None:
    places: list[str] = []

    def change(book: Any) -> None:
        row = first_empty_row(book, "observations")
        places.extend(put(book, "observations", row, indicator="SUSP", sex="vīrietis", age_group="ADULT", value=-2))
        places.extend(put(book, "challenges", first_empty_row(book, "challenges"), code="CH-vp-9", state="open"))

    reading = filled(change)
    found = errors(reading)
    assert found[f"Statistika!{places[3]}"] == "negative"
    citizenship = cell_of(reading.report.cells, "/observations/0/citizenship")
    assert found[str(citizenship)] == "missing"
    assert found[str(cell_of(reading.report.cells, "/challenges/0/text"))] == "missing"
    assert pointer_of(reading.report.cells, Cell("Statistika", places[3])) == "/observations/0/value"


def test_every_pointer_leads_to_its_cell_and_back() -> None:
    for document in submissions("2026-Q2"):
        raw = workbook("2026-Q2", document["member"], content_of(document))
        report = read(open_workbook(raw), offer("2026-Q2", document["member"]), same_lists=True).report
        leaves = [p for p in report.cells if not any(q.startswith(f"{p}/") for q in report.cells)]
        assert all(pointer_of(report.cells, cell_of(report.cells, p)) == p for p in leaves)  # type: ignore[arg-type]


def test_cells_in_error_and_formulas_never_worked_out_are_named() -> None:
    def change(book: Any) -> None:
        sheet = sheet_of(book, "observations")
        row = row_with(book, "observations", "indicator", labels().indicator("PROC_OPEN")["lv"])
        sheet[f"{column_of(sheet, 'value')}{row}"] = "=1+2"
        sheet[f"{column_of(sheet, 'comment')}{row}"] = "#REF!"
        sheet[f"{column_of(sheet, 'comment')}{row}"].data_type = "e"

    reading = filled(change)
    assert sorted(fault.refusal.code for fault in reading.faults) == ["workbook_cell_error", "workbook_cell_uncomputed"]
    assert all(fault.cell.sheet == "Statistika" and fault.cell.at for fault in reading.faults)
    assert set(errors(reading).values()) == {"workbook_cell_error", "workbook_cell_uncomputed"}


def test_a_formula_counts_with_the_value_it_had() -> None:
    raw = workbook(PERIOD, MEMBER)
    book = openpyxl.load_workbook(io.BytesIO(raw))
    place = put(book, "observations", first_empty_row(book, "observations"), indicator="PROC_OPEN", value="=5+6")[1]
    saved = io.BytesIO()
    book.save(saved)
    marked = f'<c r="{place}"'.encode()
    reading = read(open_workbook(_with_value(saved.getvalue(), marked)), offer(PERIOD, MEMBER), same_lists=True)
    assert reading.report.document["observations"] == [{"indicator": "PROC_OPEN", "value": 11}]


def _with_value(raw: bytes, cell: bytes) -> bytes:
    """The file with a value beside the formula of one cell, as programs that calculate keep it."""
    source, target = zipfile.ZipFile(io.BytesIO(raw)), io.BytesIO()
    with zipfile.ZipFile(target, "w") as written:
        for entry in source.infolist():
            data = source.read(entry)
            if cell in data and b"<f>5+6</f>" in data:
                data = data.replace(b"<f>5+6</f><v />", b"<f>5+6</f><v>11</v>").replace(
                    b"<f>5+6</f><v></v>", b"<f>5+6</f><v>11</v>"
                )
            written.writestr(entry.filename, data)
    return target.getvalue()


def test_columns_are_found_by_their_codes_wherever_they_stand() -> None:
    def change(book: Any) -> None:
        sheet = sheet_of(book, "funding")
        sheet.insert_cols(3)
        put(book, "funding", first_empty_row(book, "funding"), source="piešķirtais budžets", purpose="CAMPAIGN",
            amount_eur="1 250,50")  # fmt: skip

    reading = filled(change)
    assert reading.report.document["funding"][0]["amount_eur"] == 1250.5


def test_a_cell_outside_the_columns_is_not_passed_over() -> None:
    def change(book: Any) -> None:
        sheet_of(book, "funding")["Z9"] = 300

    assert errors(filled(change))["Finansējums!Z9"] == "workbook_cell_outside"


def test_prepared_rows_count_once_something_is_added() -> None:
    def change(book: Any) -> None:
        row = row_with(book, "future_plans", "code", "FP-vp-2")
        put(book, "future_plans", row, outcome="īstenots")
        put(book, "challenges", row_with(book, "challenges", "code", "CH-vp-1"), state="pastāv")

    document = filled(change).report.document
    assert document["future_plans"] == [{"code": "FP-vp-2", "outcome": "realised"}]
    assert document["challenges"][0]["code"] == "CH-vp-1"
    assert set(document) == {"nothing_to_report", "future_plans", "challenges"}


def test_dates_of_a_program_that_counts_from_1904() -> None:
    def change(book: Any) -> None:
        book.epoch = CALENDAR_MAC_1904
        row = row_with(book, "activities", "code", "2026-Q3-vp-1")
        from datetime import date

        put(book, "activities", row, date=date(2026, 9, 10), type="TRAINING", title__lv="Mācības", audience="POLICE")

    assert filled(change).report.document["activities"][0]["date"] == "2026-09-10"


@pytest.mark.parametrize(
    ("template", "code"),
    [("0", "workbook_template_older"), ("99", "workbook_template_newer"), ("x", "workbook_stamp_damaged")],
)
def test_another_template_is_refused_with_the_reason(template: str, code: str) -> None:
    def change(book: Any) -> None:
        sheet = next(sheet for sheet in book if sheet["A1"].value == "nrem:stamp")
        next(row for row in sheet.iter_rows() if row[0].value == "template")[1].value = template

    with pytest.raises(NotOurs) as refused:
        stamp_in(open_workbook(saved_again(workbook(PERIOD, MEMBER), change)))
    assert refused.value.code == code


def test_what_is_not_ours_or_not_for_this_is_refused() -> None:
    empty = io.BytesIO()
    openpyxl.Workbook().save(empty)
    with pytest.raises(NotOurs, match="workbook_no_stamp"):
        stamp_in(open_workbook(empty.getvalue()))
    stamp = stamp_in(open_workbook(workbook("2026-Q2", MEMBER)))
    for period, member, code in (
        ("2026-Q3", "vp", "workbook_other_period"),
        ("2026-Q2", "lm", "workbook_other_member"),
    ):
        with pytest.raises(NotOurs, match=code):
            check_for(stamp, period, member)


def test_a_missing_or_copied_sheet_is_refused() -> None:
    with pytest.raises(NotOurs, match="workbook_sheet_missing"):
        filled(lambda book: book.remove(sheet_of(book, "funding")))
    with pytest.raises(NotOurs, match="workbook_sheet_twice"):
        filled(lambda book: book.copy_worksheet(sheet_of(book, "funding")))


def test_a_deleted_column_is_told() -> None:
    reading = filled(lambda book: sheet_of(book, "funding").delete_cols(4))
    assert [fault.refusal.code for fault in reading.faults] == ["workbook_column_missing"]


def _zip(**parts: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as written:
        for name, data in parts.items():
            written.writestr(name, data)
    return target.getvalue()


def _changed(raw: bytes, **more: bytes) -> bytes:
    source = zipfile.ZipFile(io.BytesIO(raw))
    return _zip(**{**{entry.filename: source.read(entry) for entry in source.infolist()}, **more})


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (lambda: b"period: 2026-Q3", "no_workbook"),
        (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old_or_locked"),
        (lambda: _zip(mimetype=b"application/vnd.oasis.opendocument.spreadsheet"), "other_format"),
        (lambda: _changed(workbook(PERIOD, MEMBER), **{"xl/vbaProject.bin": b"x"}), "macros"),
        (lambda: _changed(workbook(PERIOD, MEMBER), **{"xl/media/image1.png": b"\0" * 40_000_000}), "too_large"),
        (lambda: workbook(PERIOD, MEMBER)[:-300], "no_workbook"),
        (lambda: _changed(workbook(PERIOD, MEMBER), **{"xl/worksheets/sheet2.xml": b"<worksheet><row>"}), "damaged"),
        (
            lambda: _changed(
                workbook(PERIOD, MEMBER),
                **{"xl/worksheets/sheet2.xml": b'<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet>&a;</worksheet>'},
            ),
            "damaged",
        ),
        (lambda: saved_again(workbook(PERIOD, MEMBER), lambda book: _far(book)), "too_large"),
    ],
    ids=["text", "old", "other", "macros", "bomb", "cut", "broken", "entities", "far"],
)
def test_a_file_that_is_no_plain_workbook_is_refused_by_its_content(raw: Callable[[], bytes], code: str) -> None:
    with pytest.raises(Unopenable) as refused:
        open_workbook(raw())
    assert refused.value.code == code


def _far(book: Any) -> None:
    sheet_of(book, "funding").cell(MOST_ROWS + 1, 3).value = 1


def test_cells_that_are_only_formatted_do_not_count() -> None:
    def change(book: Any) -> None:
        sheet_of(book, "funding").cell(200_000, 3).number_format = "0.00"

    assert filled(change).faults == []
