"""One cell as the value it means: understood, or refused; never guessed at.

A number may have come as text: with a decimal comma or point, and with spaces, points or commas between thousands.
Where a lone comma or point could be either (`1,234`), it is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date

from nrem_intake.spreadsheets.domain.book import Kind
from nrem_intake.spreadsheets.domain.choices import normal
from nrem_intake.spreadsheets.domain.raw import Odd, RawValue

#: A plain value of a submission: a code, a text, a number, yes or no, a day as `2026-09-10`.
Plain = str | int | float | bool

#: A name of a list → its code.
Meaning = Callable[[str, str], str | None]

YES = frozenset({"jā", "ja", "yes", "true", "patiess", "x"})
NO = frozenset({"nē", "ne", "no", "false", "aplams"})

_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})\Z", re.ASCII)
_DOTTED = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})\.?\Z", re.ASCII)
_SPACES = re.compile("[ \u00a0\u2009\u202f]")
_THOUSANDS = re.compile(r"\d{1,3}( \d{3})+\Z", re.ASCII)
_DIGITS = re.compile(r"\d+\Z", re.ASCII)
_LONGEST_NUMBER = 30
_WHOLE_AND_REST = re.compile(r"(.*?)([.,])(\d+)\Z", re.ASCII | re.DOTALL)


class Unclear(Exception):
    """What stands in the cell cannot be taken; `code` names the message."""

    def __init__(self, code: str, **parameters: str) -> None:
        super().__init__(code)
        self.code = code
        self.parameters = parameters


def plain(kind: Kind, choices: str, raw: RawValue, meaning: Meaning) -> Plain | None:
    """The value of a cell in a column of this kind; null for an empty one. Raises Unclear."""
    if isinstance(raw, Odd):
        raise Unclear(f"cell_{raw.kind}", value=raw.text)
    if isinstance(raw, str) and not raw.strip():
        return None
    if kind == "code":
        return _code(choices, raw, meaning)
    return _KINDS[kind](raw)


def _code(choices: str, raw: RawValue, meaning: Meaning) -> str:
    """A name of the list. What no list knows is handed on where it could be a code: validation says what it is not."""
    if not isinstance(raw, str):
        raise Unclear("cell_no_choice", value=_told(raw))
    found = meaning(choices, raw)
    if found is not None:
        return found
    text = raw.strip()
    if len(text) > 64 or " " in text:
        raise Unclear("cell_unknown_choice", value=text)
    return text


def _text(raw: RawValue) -> str:
    if not isinstance(raw, str):
        raise Unclear("cell_no_text", value=_told(raw))
    return raw


def _yes_no(raw: RawValue) -> bool:
    if isinstance(raw, bool):
        return raw
    word = normal(raw) if isinstance(raw, str) else ""
    if word not in YES | NO:
        raise Unclear("cell_no_yes_no", value=_told(raw))
    return word in YES


def _count(raw: RawValue) -> int:
    number = _number(raw)
    if isinstance(number, float) and not number.is_integer():
        raise Unclear("cell_no_whole_number", value=_told(raw))
    return int(number)


def _amount(raw: RawValue) -> float | int:
    return _number(raw)


def _measure(raw: RawValue) -> bool | float | int:
    """Where a plan indicator stands: yes or no, or a number."""
    if isinstance(raw, bool) or (isinstance(raw, str) and normal(raw) in YES | NO):
        return _yes_no(raw)
    return _number(raw)


def _day(raw: RawValue) -> str:
    """A day; of texts only those that cannot be read as another one."""
    if isinstance(raw, date):
        return raw.isoformat()
    text = raw.strip() if isinstance(raw, str) else ""
    if found := _DAY.match(text):
        year, month, day = map(int, found.groups())
    elif found := _DOTTED.match(text):
        day, month, year = map(int, found.groups())
    else:
        raise Unclear("cell_no_day", value=_told(raw))
    try:
        return date(year, month, day).isoformat()
    except ValueError as error:
        raise Unclear("cell_no_day", value=text) from error


def _number(raw: RawValue) -> int | float:
    if isinstance(raw, bool | date | Odd):
        raise Unclear("cell_date_for_number" if isinstance(raw, date) else "cell_no_number", value=_told(raw))
    if isinstance(raw, int | float):
        return int(raw) if float(raw).is_integer() else raw
    text = _SPACES.sub(" ", raw.strip()).replace("\u2212", "-")
    sign, digits = (-1, text[1:].strip()) if text.startswith("-") else (1, text)
    return sign * _unsigned(digits, raw)


def _unsigned(text: str, raw: str) -> int | float:
    """A number as people write it."""
    if len(text) > _LONGEST_NUMBER:
        raise Unclear("cell_no_number", value=_told(raw))
    if _DIGITS.match(text) or _THOUSANDS.match(text):
        return int(text.replace(" ", ""))
    found = _WHOLE_AND_REST.match(text)
    if found is None:
        raise Unclear("cell_no_number", value=_told(raw))
    whole, sign, rest = found.groups()
    other = "," if sign == "." else "."
    if sign in whole:  # the same sign again and again can only part thousands: 1.234.567
        if other not in whole and _THOUSANDS.match(text.replace(sign, " ")):
            return int(text.replace(sign, ""))
    elif other in whole:
        if _THOUSANDS.match(whole.replace(other, " ")):
            return float(f"{whole.replace(other, '')}.{rest}")
    elif _THOUSANDS.match(whole) or _DIGITS.match(whole):
        if len(rest) == 3 and _DIGITS.match(whole) and 0 < int(whole) < 1000:
            raise Unclear("cell_ambiguous_number", value=_told(raw))
        return float(f"{whole.replace(' ', '')}.{rest}")
    raise Unclear("cell_no_number", value=_told(raw))


def _told(raw: RawValue) -> str:
    """The cell's content as a message repeats it."""
    if isinstance(raw, bool):
        return str(raw).upper()
    if isinstance(raw, float) and raw.is_integer():
        return str(int(raw))
    return raw.isoformat() if isinstance(raw, date) else str(raw)


_KINDS: Mapping[str, Callable[[RawValue], Plain]] = {
    "text": _text,
    "yes_no": _yes_no,
    "count": _count,
    "amount": _amount,
    "measure": _measure,
    "date": _day,
}
