"""One cell: understood, or refused by name; never taken for something else."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from nrem_intake.spreadsheets.domain.book import Kind
from nrem_intake.spreadsheets.domain.cells import Unclear, plain
from nrem_intake.spreadsheets.domain.raw import Odd, a1


def means(kind: Kind, raw: Any) -> Any:
    return plain(kind, "sex", raw, lambda _, text: {"sieviete": "F"}.get(text))


@pytest.mark.parametrize(
    ("written", "number"),
    [
        (3.0, 3), ("3", 3), (" 12 ", 12), ("1 234", 1234), ("1\u00a0234\u202f567", 1234567), ("1.234.567", 1234567),
        ("1,234,567", 1234567), ("-3", -3), ("\u22123", -3), ("1234", 1234),
    ],
)  # fmt: skip
def test_counts_are_understood_as_people_write_them(written: Any, number: int) -> None:
    found = means("count", written)
    assert (found, type(found)) == (number, int)


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("1,5", 1.5), ("1.5", 1.5), ("1 234,50", 1234.5), ("1.234,50", 1234.5), ("1,234.50", 1234.5), ("0,125", 0.125),
        ("1234,567", 1234.567), (6150.0, 6150), (12.75, 12.75), ("1 234,567", 1234.567),
    ],
)  # fmt: skip
def test_amounts_are_understood_with_comma_and_point(written: Any, number: float) -> None:
    assert means("amount", written) == number


@pytest.mark.parametrize(
    ("kind", "written", "code"),
    [
        ("count", "1,234", "cell_ambiguous_number"),
        ("amount", "12.345", "cell_ambiguous_number"),
        ("count", "2,5", "cell_no_whole_number"),
        ("count", 2.5, "cell_no_whole_number"),
        ("count", "12 34", "cell_no_number"),
        ("count", "1.23.456", "cell_no_number"),
        ("count", "ap 10", "cell_no_number"),
        ("count", "9" * 5000, "cell_no_number"),
        ("count", "١٢", "cell_no_number"),
        ("amount", "12 €", "cell_no_number"),
        ("count", True, "cell_no_number"),
        ("count", date(2026, 2, 1), "cell_date_for_number"),
        ("date", "10/09/2026", "cell_no_day"),
        ("date", "31.06.2026", "cell_no_day"),
        ("date", 46275.0, "cell_no_day"),
        ("text", 7.0, "cell_no_text"),
        ("text", date(2026, 1, 7), "cell_no_text"),
        ("code", 10.1, "cell_no_choice"),
        ("code", "kāda sieviete", "cell_unknown_choice"),
        ("yes_no", "varbūt", "cell_no_yes_no"),
        ("measure", "daļēji", "cell_no_number"),
        ("count", Odd("error", "#REF!"), "cell_error"),
        ("text", Odd("uncomputed", ""), "cell_uncomputed"),
        ("date", Odd("moment", "2026-09-10 12:30:00"), "cell_moment"),
    ],
)
def test_what_could_mean_something_else_is_refused(kind: Kind, written: Any, code: str) -> None:
    with pytest.raises(Unclear) as refused:
        means(kind, written)
    assert refused.value.code == code


@pytest.mark.parametrize("written", ["2026-09-10", "10.09.2026", "10.9.2026.", "10. 09. 2026", date(2026, 9, 10)])
def test_days(written: Any) -> None:
    assert means("date", written) == "2026-09-10"


def test_yes_no_numbers_and_names() -> None:
    assert [means("yes_no", each) for each in ("jā", "Nē", "YES", "no", True, False)] == [True, False] * 3
    assert [means("measure", each) for each in ("jā", 0.0, "12,5", False)] == [True, 0, 12.5, False]
    assert means("code", "sieviete") == "F"
    assert means("code", "XYZ") == "XYZ", "validation says what it is not"
    assert means("text", "  ar atstarpēm ") == "  ar atstarpēm "
    assert [means(kind, "   ") for kind in ("text", "code", "count", "date", "yes_no")] == [None] * 5  # type: ignore[arg-type]


def test_places_as_people_write_them() -> None:
    assert [a1(place) for place in ((0, 0), (4, 25), (4, 26), (8, 701), (8, 702))] == ["A1", "Z5", "AA5", "ZZ9", "AAA9"]
