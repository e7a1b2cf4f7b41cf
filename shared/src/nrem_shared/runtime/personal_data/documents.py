"""E-mail addresses, bank accounts, numbers of passports and identity cards."""

from __future__ import annotations

import re
from collections.abc import Iterator

from stdnum import iban

from nrem_shared.runtime.personal_data.allowing import Allowed

_AT = r"\s?(?:@|[(\[{]\s?(?:at|et)\s?[)\]}])\s?"
_DOT = r"\s?(?:\.|[(\[{]\s?(?:dot|punkts)\s?[)\]}])\s?"
_ADDRESS = re.compile(
    rf"(?P<local>[^\W_][\w.+%'-]*){_AT}(?P<domain>[^\W_][\w-]*(?:{_DOT}[^\W_][\w-]*)*{_DOT}[^\W\d_]{{2,24}})",
    re.IGNORECASE,
)
_DOTS = re.compile(_DOT, re.IGNORECASE)

_ACCOUNT = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}[ .-]?\d[ .-]?\d(?:[ .-]{0,2}[A-Za-z0-9]){11,30}")
_SIGN = re.compile(r"[A-Za-z0-9]")
_SHORTEST_ACCOUNT, _LONGEST_ACCOUNT = 15, 34

#: Latvian passports and identity cards: two letters and seven digits. Project codes look alike, so the text has to
#: say nearby that it is one.
_DOCUMENT = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}[ .-]?\d(?:[ .-]?\d){6}(?![A-Za-z0-9]|[.-]\d)")
#: A foreign one: letters and digits that are said to be its number.
_NUMBERED = re.compile(
    r"\b(?:pas(?:e|es|i|ē)|passport|eid|id[ -]?kart\w*|id[ -]?card|identity card|personas apliecīb\w*)\W{0,3}"
    r"(?:(?:nr|no|numur\w*|number|sērij\w*|series)\W{0,3}){0,2}(?P<number>[A-Z]{0,3}[ -]?\d(?:[ -]?\d){5,8})(?!\d)",
    re.IGNORECASE,
)
_NEARBY = re.compile(
    r"\b(?:pas(?:e|es|i|ē|u)\b|pasport|passport|eid\b|id[ -]?kart|id[ -]?card|identity|"
    r"personu apliecin|personas apliec|uzturēšanās atļauj|residence permit|ceļošanas dokument|travel document|"
    r"dokumenta n|document n)",
    re.IGNORECASE,
)
_NEAR = 60  # characters


def addresses(text: str, allowed: Allowed) -> Iterator[tuple[int, int]]:
    """Start and end of each e-mail address that is not allowed, also `name (at) host.lv`."""
    for match in _ADDRESS.finditer(text):
        written = f"{match['local']}@{_DOTS.sub('.', match['domain'])}".casefold()
        if written not in allowed.addresses:
            yield match.start(), match.end()


def accounts(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each IBAN with a right check number (ISO 13616)."""
    behind = 0
    for match in _ACCOUNT.finditer(text):
        signs = list(_SIGN.finditer(text, match.start(), match.end()))
        for length in range(min(len(signs), _LONGEST_ACCOUNT), _SHORTEST_ACCOUNT - 1, -1):
            number = "".join(sign[0] for sign in signs[:length]).upper()
            if match.start() >= behind and iban.is_valid(number, check_country=False):
                behind = signs[length - 1].end()
                yield match.start(), behind
                break


def identity_documents(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each number of a passport, identity card or residence permit that is said to be one."""
    taken: list[tuple[int, int]] = []
    for match in _DOCUMENT.finditer(text):
        if _NEARBY.search(text, max(0, match.start() - _NEAR), min(len(text), match.end() + _NEAR)):
            taken.append(match.span())
    for match in _NUMBERED.finditer(text):
        if not any(start < match.end("number") and match.start("number") < end for start, end in taken):
            taken.append(match.span("number"))
    yield from sorted(taken)
