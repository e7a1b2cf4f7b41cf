"""The guard of free text: the platform holds counts and documents, never a person's identity.

It knows the Latvian personal code in its old form (`DDMMYY-NNNNN`) and in the one issued since July 2017
(`32NNNN-NNNNN`, first digits 32 to 39; Law on the Register of Natural Persons), with a hyphen of any kind or without.
Eleven digits in one piece may also be the registration number of an institution (first digit 4, 5, 9 …): they count as
a personal code only where they begin like one.
"""

from __future__ import annotations

import re

_CODE = re.compile(r"(?<!\d)(\d{2})(\d{2})\d{2}(\s?[-‐‑‒–—−]\s?)?\d{5}(?!\d)")

_MASK = "…"


def find(text: str) -> int | None:
    """Where the first personal code in `text` begins (0 = first character); null where there is none."""
    for match in _CODE.finditer(text):
        if match[3] or _begins_like_a_code(int(match[1]), int(match[2])):
            return match.start()
    return None


def quotable(text: str, limit: int = 64) -> str:
    """`text` as it may be repeated to its sender and in logs: shortened; a mask where it holds personal data."""
    if find(text) is not None:
        return _MASK
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _begins_like_a_code(first: int, second: int) -> bool:
    return 32 <= first <= 39 or (1 <= first <= 31 and 1 <= second <= 12)
