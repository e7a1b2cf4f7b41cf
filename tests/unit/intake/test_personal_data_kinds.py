"""The guard finds each kind of personal data however it is written, and nothing in the texts of the platform."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum import iban
from stdnum.lv.pvn import calc_check_digit_pers

from data_catalogue import DATA
from nrem_shared.runtime.personal_data import Allowed, find, find_all

pytestmark = pytest.mark.unit

#: Files of the data in which contacts stand on purpose, or a text that has to be refused.
WITH_CONTACTS = {"members.yaml", "refused.yaml"}


def texts(document: Any) -> Iterator[str]:
    if isinstance(document, str):
        yield document
    elif isinstance(document, dict):
        for key, value in document.items():
            yield str(key)
            yield from texts(value)
    elif isinstance(document, list):
        for value in document:
            yield from texts(value)


@pytest.mark.parametrize("path", sorted(DATA.rglob("*.yaml")), ids=lambda path: path.name)
def test_no_text_of_the_data_is_taken_for_personal_data(path: Path) -> None:
    if path.name in WITH_CONTACTS:
        found = {one.kind for text in texts(yaml.safe_load(path.read_text())) for one in find_all(text)}
        assert found == ({"email"} if path.name == "members.yaml" else {"personal_code"})
        return
    assert [text for text in texts(yaml.safe_load(path.read_text())) if find_all(text)] == []


@pytest.mark.parametrize(
    "text",
    [
        "2025.–2027. gadam",
        "26.08.2025., 2026-09-30, 20260930, 2026-09-31",
        "25 000 000 eiro; 25 123 456 EUR; EUR 25 123 456; 21 450 000",
        "Direktīva (ES) 2024/1712, 2012/29/ES, COM(2022) 732",
        "likumi.lv/ta/id/326399, lēmums Nr. 21234567",
        "projekts ISF/2022/29123456, LV1234567",
        "no 2016 līdz 2024; 22, 4, 5",
        "90000068977, 40003032949, reģ. Nr. 90009235333",
        "zvaniet 112, 110, 116 006, 116123 vai 116 111",
        "12 262 345,50; 1 262 345",
        "https://www.youtube.com/@iestade",
        "9. 11. 2026. 10.00–16.30",
        "A4, 3 × 2, 34 %",
    ],
)
def test_figures_dates_laws_and_helplines_pass(text: str) -> None:
    assert find_all(text) == ()


@pytest.mark.parametrize(
    ("text", "kind", "found"),
    [
        ("tālrunis +371 67219300", "phone", "+371 67219300"),
        ("Tel. 2 9 1 2 3 4 5 6", "phone", "2 9 1 2 3 4 5 6"),
        ("zvanīt: 2025 2026", "phone", "2025 2026"),
        ("29.12.34.56", "phone", "29.12.34.56"),
        ("2912 3456 vai nekad", "phone", "2912 3456"),
        ("00371 29123456", "phone", "00371 29123456"),
        ("+49 151 23456789 (Berlīne)", "phone", "+49 151 23456789"),
        ("2\u200b9123\u00ad456", "phone", "2\u200b9123\u00ad456"),
        ("janis.berzins@inbox.lv", "email", "janis.berzins@inbox.lv"),
        ("janis (at) inbox (dot) lv", "email", "janis (at) inbox (dot) lv"),
        ("ｊａｎｉｓ＠inbox.lv", "email", "ｊａｎｉｓ＠inbox.lv"),
        ("Konts LV80 BANK 0000 4351 9500 1 bankā", "iban", "LV80 BANK 0000 4351 9500 1"),
        ("lv80bank0000435195001", "iban", "lv80bank0000435195001"),
        ("pases Nr. LV1234567", "identity_document", "LV1234567"),
        ("PA1234567 (personas apliecība)", "identity_document", "PA1234567"),
        ("passport number: AB 123456", "identity_document", "AB 123456"),
        ("Klientei 329999-00000", "personal_code", "329999-00000"),
        ("①⑥①①⑦⑤-①⑨⑨⑨⑦", "personal_code", "①⑥①①⑦⑤-①⑨⑨⑨⑦"),
    ],
)
def test_each_kind_is_found_with_its_place(text: str, kind: str, found: str) -> None:
    assert [(one.kind, text[one.start : one.end]) for one in find_all(text)] == [(kind, found)]


def test_everything_is_found_at_once() -> None:
    text = "Anna, 161175-19997, tel. 29123456, anna@inbox.lv, LV80BANK0000435195001"
    assert [one.kind for one in find_all(text)] == ["personal_code", "phone", "email", "iban"]


def test_contacts_that_are_made_known_pass_and_their_neighbours_do_not() -> None:
    allowed = Allowed.of(["+371 67 219 300", "116 006", "pasts@iestade.example"])
    assert find_all("Zvaniet 67219300, +371 67 219 300 vai 00371 67219300; pasts@iestade.example", allowed) == ()
    assert [one.kind for one in find_all("67219301, anna@iestade.example", allowed)] == ["phone", "email"]


# ── properties: generated, written in unusual ways, put anywhere in a text ──────────────────────────────────────────

days = st.dates(date(1930, 1, 1), date(2017, 6, 30))
digit = st.integers(0, 9)


@st.composite
def old_codes(draw: st.DrawFn) -> str:
    born = draw(days)
    first = f"{born:%d%m%y}{(born.year - 1800) // 100}{draw(st.integers(0, 999)):03d}"
    return first + calc_check_digit_pers(first)


new_codes = st.builds(lambda a, b: f"3{a}{b:09d}", st.integers(2, 9), st.integers(0, 10**9 - 1))
mobiles = st.builds(lambda tail: f"29{tail:06d}", st.integers(111_111, 999_999))


def full_width(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if c.isdigit() else c for c in text)


def spaced(text: str) -> str:
    return " ".join(text)


def invisible(text: str) -> str:
    return "\u200b".join(text)


def dotted(text: str) -> str:
    return ".".join(text)


ways = st.sampled_from([str, full_width, spaced, invisible, dotted])
around = st.sampled_from([("", ""), ("Klientei ", " nav"), ("(", ")"), ("kods: ", "."), ("ā„", "”")])


@settings(max_examples=150, deadline=None)
@given(st.one_of(old_codes(), new_codes), st.booleans(), ways, around)
def test_any_personal_code_is_found_where_it_stands(code: str, hyphen: bool, way: Any, marks: tuple[str, str]) -> None:
    written = way(f"{code[:6]}-{code[6:]}" if hyphen and way is not dotted else code)
    text = f"{marks[0]}{written}{marks[1]}"
    found = find_all(text)
    assert found, text
    assert (found[0].start, found[-1].end) == (len(marks[0]), len(marks[0]) + len(written))


@settings(max_examples=150, deadline=None)
@given(mobiles, ways, st.sampled_from(["", "+371 ", "00371 "]), around)
def test_any_mobile_number_is_found_where_it_stands(number: str, way: Any, prefix: str, marks: tuple[str, str]) -> None:
    written = way(number) if not prefix else f"{prefix}{number}"
    text = f"{marks[0]}{written}{marks[1]}"
    assert find(text) == len(marks[0]), text


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 10**13 - 1), st.sampled_from(["", " ", "-", "."]), around)
def test_any_latvian_account_is_found(number: int, between: str, marks: tuple[str, str]) -> None:
    body = f"BANK{number:013d}"
    account = f"LV{iban.calc_check_digits('LV00' + body)}{body}"
    assert iban.is_valid(account)
    written = between.join(account[at : at + 4] for at in range(0, len(account), 4))
    assert [one.kind for one in find_all(f"{marks[0]}{written}{marks[1]}")] == ["iban"]


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=80))
def test_any_text_is_read_and_places_lie_in_it(text: str) -> None:
    for one in find_all(text):
        assert 0 <= one.start < one.end <= len(text)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 19_999_999), st.dates(date(1990, 1, 1), date(2049, 12, 31)))
def test_amounts_and_days_pass(amount: int, day: date) -> None:
    grouped = f"{amount:,}".replace(",", " ")
    assert find_all(f"{grouped} eiro, {day:%d.%m.%Y}., {day.isoformat()}") == ()
