"""Telephone numbers: Latvian ones in any way of writing, others with the prefix for calls from abroad.

What a number may be is asked of Google's libphonenumber (phonenumberslite). Eight digits that begin with 2 or 6 are a
Latvian number, unless they are years, a day, or an amount: `2025–2027`, `20260930`, `25 000 000 eiro`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import phonenumbers

from nrem_shared.runtime.personal_data.allowing import Allowed, national
from nrem_shared.runtime.personal_data.runs import Group, Run, windows

LATVIAN = 8
_COUNTRY = "371"
#: Digits of an international number, with the country's code (ITU-T E.164).
_SHORTEST, _LONGEST = 8, 15

_YEAR = re.compile(r"(?:19|20)\d\d")
_SAID = re.compile(
    r"(?:tālr|talr|tel|telef\w*|mob|mobil\w*|zvan\w*|phone|call|whatsapp|viber)\W*(?:nr|no)?\W*$",
    re.IGNORECASE,
)
_UNIT_AFTER = re.compile(
    r"\s*(?:[.,]\d\d)?\s*"
    r"(?:%|€|eur\b|eir|tūkst|milj|mljrd|million|thousand|euro|gab\b|eks|cop|cilv|person|people|skat|view)",
    re.IGNORECASE,
)
#: Before the number of a document, a project or a page on the web.
_NUMBER_OF = re.compile(r"[^\W\d]$|[/=_#№]\s?$|\b(?:nr|no)\.?\s?$", re.IGNORECASE)
_UNIT_BEFORE = re.compile(r"(?:€|eur|eiro|euro)\s*$", re.IGNORECASE)

#: How people cut up eight digits of a number, where there are other digits before or behind.
_USUAL = frozenset({(8,), (2, 6), (4, 4), (2, 3, 3), (2, 2, 2, 2), (3, 5), (3, 3, 2)})


def phones(text: str, run: Run, allowed: Allowed) -> Iterator[tuple[int, int]]:
    """Start and end of each telephone number in a run that is not allowed."""
    abroad = _international(run)
    if abroad is not None:
        number, end = abroad
        if national(number) not in allowed.numbers:
            yield run.start if run.international else run.groups[0].start, end
        return
    if run.digits in allowed.numbers:
        return
    for window in windows(run.groups, LATVIAN):
        number = "".join(group.digits for group in window)
        if number not in allowed.numbers and _is_latvian(text, run, window, number):
            yield window[0].start, window[-1].end


def _international(run: Run) -> tuple[str, int] | None:
    """The number with its country's code, and where it ends; null where the run does not begin like one."""
    digits = run.digits
    if not (run.international or digits.startswith("00") or (len(digits) == 11 and digits.startswith(_COUNTRY))):
        return None
    taken = ""
    best: tuple[str, int] | None = None
    for group in run.groups:
        taken += group.digits
        number = taken if run.international else taken.removeprefix("00")
        if _SHORTEST <= len(number) <= _LONGEST and _is_number(number):
            best = (number, group.end)
    return best


def _is_number(digits: str) -> bool:
    if digits.startswith(_COUNTRY) and len(digits) == len(_COUNTRY) + LATVIAN:
        return digits[3] != "0"
    return _is_valid(f"+{digits}", None)


def _is_valid(number: str, region: str | None) -> bool:
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(number, region))
    except phonenumbers.NumberParseException:
        return False


def _is_latvian(text: str, run: Run, window: tuple[Group, ...], number: str) -> bool:
    if not _is_valid(number, "LV"):
        return False
    before = text[max(0, run.start - 24) : run.start]
    if _SAID.search(before):
        return True
    if _NUMBER_OF.search(before) or any("/" in group.between for group in window[1:]):
        return False  # of a document, a project, a law: `2024/1712`
    shape = tuple(len(group.digits) for group in window)
    if len(window) < len(run.groups) and (shape not in _USUAL or not _stands_apart(run, window)):
        return False
    return not (_are_years(window) or _is_day(window) or _is_amount(text, window))


def _stands_apart(run: Run, window: tuple[Group, ...]) -> bool:
    """Cut up by spaces and hyphens only, and not by what cuts it off from its neighbours."""
    inside = {group.between for group in window[1:]}
    first = run.groups.index(window[0])
    behind = run.groups[first + len(window) : first + len(window) + 1]
    around = {window[0].between if first else "", *(group.between for group in behind)}
    return inside <= {" ", "-"} and (not inside or inside.isdisjoint(around)) and around <= {"", " ", "  ", ". "}


def _are_years(window: tuple[Group, ...]) -> bool:
    return len(window) == 2 and all(_YEAR.fullmatch(group.digits) for group in window)


def _is_day(window: tuple[Group, ...]) -> bool:
    """`20260930`, `26.08.2025`, `2026-09-30`: a day between 1900 and 2099."""
    shape = tuple(len(group.digits) for group in window)
    digits = "".join(group.digits for group in window)
    if shape in ((8,), (4, 2, 2)):
        return _exists(digits[:4], digits[4:6], digits[6:])
    return shape == (2, 2, 4) and _exists(digits[4:], digits[2:4], digits[:2])


def _exists(year: str, month: str, day: str) -> bool:
    """Or is meant to: a slip such as 31 September is a day all the same."""
    return bool(_YEAR.fullmatch(year)) and 1 <= int(month) <= 12 and 1 <= int(day) <= 31


def _is_amount(text: str, window: tuple[Group, ...]) -> bool:
    """Thousands cut up as in `25 000 000`, with what is counted before or behind."""
    start, end = window[0].start, window[-1].end
    if _UNIT_BEFORE.search(text[max(0, start - 6) : start]) or _UNIT_AFTER.match(text, end):
        return True
    whole = len(window) == 3 and {group.between for group in window[1:]} == {" "} and window[-1].digits == "000"
    return whole or "".join(group.digits for group in window).endswith("00000")
