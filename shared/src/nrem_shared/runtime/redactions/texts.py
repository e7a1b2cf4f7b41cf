"""Which texts of a fact a redaction takes out. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nrem_shared.contracts.operations import FactRedacted
from nrem_shared.contracts.registry import EVENT_TYPES
from nrem_shared.runtime.journal.redacting import MARKS, free_texts

#: Fields that name a thing: they are no text that somebody wrote about it, and everything hangs on them.
NAMES = frozenset({"code", "initiative_code"})


@dataclass(frozen=True, slots=True)
class Text:
    """A text as it stands in a fact: `position` of the journal and JSON pointer."""

    position: int
    pointer: str
    text: str

    @property
    def value(self) -> str:
        """How a form names it."""
        return f"{self.position}:{self.pointer}"


def said(kind: str, payload: str) -> Any:
    """What a fact says; of one told again after a redaction, what it says since."""
    document = json.loads(payload)
    return document["data"] if EVENT_TYPES[kind].model is FactRedacted else document


def texts_of(rows: Iterable[Mapping[str, Any]]) -> list[Text]:
    """The texts in journal rows (position, type, payload), each once, where it was said last; the newest first."""
    found: dict[str, Text] = {}
    for row in rows:
        for pointer, text in free_texts(said(row["type"], row["payload"])):
            if pointer.rpartition("/")[2] not in NAMES and text not in MARKS.values():
                found[text] = Text(row["position"], pointer, text)
    return sorted(found.values(), key=lambda one: (-one.position, one.pointer))


def chosen(texts: Sequence[Text], places: Sequence[str]) -> tuple[list[Text], list[int]]:
    """(the texts at or under these pointers; none given = all, which of the places have none)."""
    if not places:
        return list(texts), []
    found = [one for one in texts if any(_within(one.pointer, place) for place in places)]
    empty = [n for n, place in enumerate(places) if not any(_within(one.pointer, place) for one in texts)]
    return found, empty


def _within(pointer: str, place: str) -> bool:
    return pointer == place or pointer.startswith(f"{place}/")
