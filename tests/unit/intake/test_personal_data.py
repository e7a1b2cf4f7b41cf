"""Personal codes are found in any form; numbers of institutions are not taken for one."""

from __future__ import annotations

import pytest

from nrem_shared.runtime import personal_data

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    "text",
    [
        "329999-00000",
        "32999900000",
        "Klientei 010190-12345 nav dzīvesvietas",
        "01019012345",
        "(311299–99999)",
        "010190 - 12345",
        "999999-12345",
        "kods:010190-12345.",
    ],
)
def test_a_personal_code_is_found(text: str) -> None:
    assert personal_data.find(text) is not None
    assert "2345" not in personal_data.quotable(text)


@pytest.mark.parametrize(
    "text",
    [
        "Reģ. Nr. 90000068977",
        "40003032949",
        "aģentūra, tālrunis 116006",
        "116006",
        "2026-09-10",
        "1234567-12345",
        "010190-123456",
        "rīkojums Nr. 534, 26.08.2025.",
        "",
    ],
)
def test_other_numbers_are_none(text: str) -> None:
    assert personal_data.find(text) is None
    assert personal_data.quotable(text) == text


def test_the_place_in_the_text_is_told() -> None:
    assert personal_data.find("Klientei 329999-00000") == 9


def test_long_values_are_quoted_short() -> None:
    assert len(personal_data.quotable("x" * 1000)) == 64
