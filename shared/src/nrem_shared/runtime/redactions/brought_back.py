"""Texts that were taken out and that a document, loaded again from an old file, would bring back.

What was taken out is known nowhere any more, and no trace of it is kept to compare with. So it goes by the place: where
a text was taken out of a row, only its mark or what stands there now is taken.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nrem_shared.runtime.journal import store as journal
from nrem_shared.runtime.journal.redacting import FREE, MARKS
from nrem_shared.runtime.redactions.texts import said

if TYPE_CHECKING:
    from nrem_shared.runtime.database import Connection

#: By which of its fields a row is known, wherever in its list it stands.
_NAMED_BY = (("code",), ("year",), ("first_year", "last_year"), ("after", "before"))
_MARKS = frozenset(MARKS.values())


@dataclass(frozen=True, slots=True)
class BroughtBack:
    """A text that may not be there: JSON pointer into the document, and what its row is called."""

    pointer: str
    row: str


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a text stands: by names of rows, by pointer, and what its row is called."""

    path: tuple[str, ...]
    pointer: str
    row: str
    text: str


def brought_back(given: Any, kept: Sequence[Any]) -> list[BroughtBack]:
    """Texts of `given` at places where one of the documents `kept` (the last = as it stands) has a mark."""
    taken_out = {one.path for document in kept for one in _places(document) if one.text in _MARKS}
    stands = {one.path: one.text for one in _places(kept[-1])} if kept else {}
    return [
        BroughtBack(one.pointer, one.row)
        for one in _places(given)
        if one.path in taken_out and one.text not in _MARKS and one.text != stands.get(one.path)
    ]


async def told(conn: Connection, subject: str) -> list[Any]:
    """What the facts of one stream say that still say anything, in their order."""
    rows = await journal.of_streams(conn, [subject.replace("\\", "\\\\").replace("_", r"\_").replace("%", r"\%")])
    return [said(row["type"], row["payload"]) for row in rows]


def _places(value: Any, path: tuple[str, ...] = (), pointer: str = "", row: str = "") -> Iterator[_Place]:
    if isinstance(value, dict):
        for name, each in value.items():
            at = f"{pointer}/{str(name).replace('~', '~0').replace('/', '~1')}"
            if isinstance(each, str):
                if name in FREE:
                    yield _Place((*path, str(name)), at, row, each)
            else:
                yield from _places(each, (*path, str(name)), at, row)
    elif isinstance(value, list):
        for place, each in enumerate(value):
            name = _name(each)
            yield from _places(each, (*path, name or f"#{place}"), f"{pointer}/{place}", name or row or str(place + 1))


def _name(row: Any) -> str:
    """What a row is called; empty where it has no name."""
    for names in _NAMED_BY:
        if isinstance(row, dict) and all(row.get(name) is not None for name in names):
            return "–".join(str(row[name]) for name in names)
    return ""
