"""A known document with one of its values replaced: by one that nobody sends by mistake, or by one of another type."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from functools import reduce
from operator import getitem
from typing import Any

from hypothesis import strategies as st


def _deep(levels: int) -> Any:
    found: Any = 0
    for _ in range(levels):
        found = [found]
    return found


TEXTS = (
    "",
    " ",
    "\x00",
    "a\x00b",
    "\ud800",  # half of a pair: JSON can carry it, UTF-8 cannot
    "a" * 5000,
    "‮مرحبا",
    "%00",
    "../../etc/passwd",
    "2026-02-30",
    "0001-01-01",
    "9999-12-31",
    "9999-12-31T23:59:59-12:00",
    "0001-01-01T00:00:00+14:00",
    "2026-Q5",
    "9999-Q4",
    "0000-Q1",
    "1e400",
    "٣",
    "²",
    "NaN",
    "99999999999999999999",
    "-1",
)
OTHERS = (None, True, 0, -1, 2**31, 2**63, 10**400, 0.1, 1e308, -0.0, [], {}, [None], {"": None}, _deep(200))


_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def places(document: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The paths to every value of a document."""
    yield at
    items = (
        document.items() if isinstance(document, dict) else enumerate(document) if isinstance(document, list) else ()
    )
    for key, value in items:
        yield from places(value, (*at, key))


def misread(document: Any) -> Iterator[Any]:
    """The document with what a lenient reader would take for a value in its place, once for places of a kind."""
    done = set()
    for *above, last in filter(None, places(document)):
        kind = tuple("*" if isinstance(part, int) else part for part in (*above, last))
        value = reduce(getitem, (*above, last), document)
        if kind in done:
            continue
        for instead in _taken_for(value):
            done.add(kind)
            found = copy.deepcopy(document)
            reduce(getitem, above, found)[last] = instead
            yield found


def _taken_for(value: Any) -> tuple[Any, ...]:
    if isinstance(value, bool):
        return ("true", "no", 1)
    if isinstance(value, int | float):
        return (str(value), True)
    if isinstance(value, str) and _DAY.match(value):
        return (0, 86400.0)
    return ()


@st.composite
def spoiled(draw: st.DrawFn, document: Any, *, flat: bool = False) -> Any:
    """The document with one value replaced, one key dropped or one key added; `flat`: text alone, or as it is."""
    found = copy.deepcopy(document)
    *above, last = draw(st.sampled_from([place for place in places(document) if place] or [(None,)]))
    if last is None:
        return draw(st.sampled_from(OTHERS))
    target = found
    for key in above:
        target = target[key]
    kind = draw(st.sampled_from(("text", "as it is") if flat else ("text", "other", "other", "text", "drop", "add")))
    if kind == "text":
        target[last] = draw(st.sampled_from(TEXTS))
    elif kind == "other":
        target[last] = draw(st.sampled_from(OTHERS))
    elif kind == "drop":
        del target[last]
    elif kind == "add" and isinstance(target, dict):
        target["surplus\x00"] = draw(st.sampled_from(TEXTS))
    return found
