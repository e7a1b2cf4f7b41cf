"""JSON pointers into a submission, in words: `Statistics, item 4, value`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nrem_shared.contracts.submissions import SECTIONS

if TYPE_CHECKING:
    from nrem_shared.web.messages import Translator

_NAMED = frozenset({*SECTIONS, "items", "reasons"})


def place_of(translate: Translator, pointer: str) -> str:
    """Where an error is, for a person; empty for the document as a whole."""
    words = []
    for part in pointer.split("/")[1:]:
        if part.isdecimal():
            words.append(translate("place.item", number=int(part) + 1))
        elif part in _NAMED:
            words.append(translate(f"section.{part}"))
        else:
            words.append(translate(f"field.{part}") if translate.has(f"field.{part}") else part)
    return ", ".join(words)
