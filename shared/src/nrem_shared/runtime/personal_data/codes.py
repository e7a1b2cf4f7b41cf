"""Latvian personal codes (Law on the Register of Natural Persons).

The old form `DDMMYY-CNNNN` says the day of birth and ends in a check digit; the one issued since July 2017 begins
with 32 to 39 and has none that is published. With a hyphen between six and five digits both are refused whatever the
check digit is: a mistyped code is somebody's all the same. Otherwise eleven digits may be something else (the
registration number of an institution begins with 4, 5, 9 …): they count only where they begin like a code, and cut up
in an unusual way only where the check digit is right too.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from stdnum.lv.pvn import calc_check_digit_pers

from nrem_shared.runtime.personal_data.runs import Group, Run, windows

DIGITS = 11

#: Six digits and five: as a code is written.
_USUAL = ((6, 5), (11,))


def personal_codes(run: Run) -> Iterator[tuple[int, int]]:
    """Start and end of each personal code in a run."""
    if run.international:
        return
    for window in windows(run.groups, DIGITS):
        if _is_code(window, alone=len(window) == len(run.groups)):
            yield window[0].start, window[-1].end


def _is_code(window: tuple[Group, ...], *, alone: bool) -> bool:
    digits = "".join(group.digits for group in window)
    shape = tuple(len(group.digits) for group in window)
    if shape == (6, 5) and "-" in window[1].between:
        return True
    if shape in _USUAL:
        return _begins_like_a_code(digits)
    if not alone:
        return False
    return _is_new(digits) or _is_old(digits)


def _begins_like_a_code(digits: str) -> bool:
    return _is_new(digits) or (1 <= int(digits[:2]) <= 31 and 1 <= int(digits[2:4]) <= 12)


def _is_new(digits: str) -> bool:
    return 32 <= int(digits[:2]) <= 39


def _is_old(digits: str) -> bool:
    """A day of birth in the century that the seventh digit names, and the check digit."""
    try:
        date(1800 + 100 * int(digits[6]) + int(digits[4:6]), int(digits[2:4]), int(digits[:2]))
    except ValueError:
        return False
    return int(digits[6]) <= 2 and calc_check_digit_pers(digits[:-1]) == digits[-1]
