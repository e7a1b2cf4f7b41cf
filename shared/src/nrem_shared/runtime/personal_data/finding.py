"""All kinds of personal data in one text. Most texts are done with after one look for a digit or an at sign."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nrem_shared.runtime.personal_data.allowing import NOTHING_ALLOWED, Allowed
from nrem_shared.runtime.personal_data.codes import personal_codes
from nrem_shared.runtime.personal_data.documents import accounts, addresses, identity_documents
from nrem_shared.runtime.personal_data.normalising import Normalised, normalised
from nrem_shared.runtime.personal_data.phones import phones
from nrem_shared.runtime.personal_data.runs import runs
from nrem_shared.runtime.personal_data.values import Kind, PersonalData

#: Whatever turns out to be a digit once it is normalised.
_D = "[\\d\u00b2\u00b3\u00b9\u2070-\u209c\u2460-\u24ff\u2776-\u2793\U0001f100-\U0001f10a]"

#: The fewest digits that any number of a person has, with little between them: without them there is none.
_DIGITS = re.compile(rf"{_D}(?:\W{{0,8}}{_D}){{5}}")
_AT = re.compile(r"[@＠﹫]|[(\[{]\s?[aAeE][tT]\s?[)\]}]")

_MASK = "…"


def find_all(text: str, allowed: Allowed = NOTHING_ALLOWED) -> tuple[PersonalData, ...]:
    """Everything in `text` that is personal data, in order; of what may be two kinds, one."""
    numbers, written_to = _DIGITS.search(text), _AT.search(text)
    if numbers is None and written_to is None:
        return ()
    read = normalised(text)
    found: list[PersonalData] = []
    for kind, start, end in (*(_addresses(read, allowed) if written_to else ()), *_numbers(read, allowed)):
        one = read.found(kind, start, end)
        if not any(other.start < one.end and one.start < other.end for other in found):
            found.append(one)
    return tuple(sorted(found, key=lambda one: one.start))


def _addresses(read: Normalised, allowed: Allowed) -> Iterator[tuple[Kind, int, int]]:
    for start, end in addresses(read.text, allowed):
        yield "email", start, end


def _numbers(read: Normalised, allowed: Allowed) -> Iterator[tuple[Kind, int, int]]:
    """Finds in the normalised text, the surest kinds first."""
    text = read.text
    every = list(runs(text))
    if not every:
        return
    for start, end in accounts(text):
        yield "iban", start, end
    for start, end in identity_documents(text):
        yield "identity_document", start, end
    for run in every:
        for start, end in phones(text, run, allowed):
            yield "phone", start, end
        for start, end in personal_codes(run):
            yield "personal_code", start, end


def find(text: str, allowed: Allowed = NOTHING_ALLOWED) -> int | None:
    """Where the first personal data in `text` begins (0 = first character); null where there is none."""
    found = find_all(text, allowed)
    return found[0].start if found else None


def quotable(text: str, limit: int = 64) -> str:
    """`text` as it may be repeated to its sender and in logs: shortened; a mask where it holds personal data."""
    if find_all(text):
        return _MASK
    return text if len(text) <= limit else text[: limit - 1] + "…"
