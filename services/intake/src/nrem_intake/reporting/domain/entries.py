"""Between a section as a form posts it and its items as the contract has them.

A field's name is its JSON pointer into the content: `/activities/0/title/lv`. What cannot be read as a number, a day or
a yes stays in its place as it was typed: nothing is lost, and validation says what is wrong with it.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from nrem_intake.submissions.domain.refusals import step

#: Names a figure whose place in the grid is fixed: `VICT_REFERRED:sex=F|age_group=ADULT`.
CELL = "cell"
#: Stamp of an item that the form proposed: one that comes back unchanged was not entered by anybody.
PROPOSED = "proposed"

#: Fields that say what an item is about. An item, or a row in one, with nothing beyond them was not filled in.
_ANCHORS = {
    "observations": {"indicator"},
    "activities": {"code", "type"},
    "plan_progress": {"result", "on_behalf_of"},
    "future_plans": {"code"},
    "challenges": {"code"},
    "measured": {"indicator"},
}
_COUNTS = frozenset({"value", "participants", "reach", "copies"})
_AMOUNTS = frozenset({"amount_eur", "to_date"})
_FLAGS = frozenset({"continues", "delayed"})

_WHOLE = re.compile(r"[+-]?\d{1,15}\Z", re.ASCII)
_DECIMAL = re.compile(r"[+-]?\d{1,15}\.\d{1,6}\Z", re.ASCII)
_NAME = re.compile(r"/[a-z_]+/\d{1,6}(?:/[A-Za-z0-9_]+){1,4}\Z", re.ASCII)
_SPACES = re.compile(r"[\s\u00a0\u202f]+")


def read(section: str, fields: Iterable[tuple[str, str]]) -> list[dict[str, Any]]:
    """The items that were filled in, in the order of the numbers in their names; other fields are passed over."""
    tree: dict[str, Any] = {}
    for name, text in fields:
        if name.startswith(f"/{section}/") and _NAME.match(name):
            _put(tree, name.split("/")[2:], text.replace("\x00", ""))
    items = (_item(section, tree[place]) for place in sorted(tree, key=int))
    return [item for item in items if item is not None]


def without(fields: Iterable[tuple[str, str]], pointer: str) -> list[tuple[str, str]]:
    """The fields apart from those of the item or row at `pointer`."""
    return [(name, text) for name, text in fields if not (name == pointer or name.startswith(f"{pointer}/"))]


def written(section: str, items: Iterable[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """The fields that say the same as `items`, named by their pointers."""
    return [field for place, item in enumerate(items) for field in _fields(f"/{section}/{place}", item)]


def stamp(section: str, fields: Iterable[tuple[str, str]]) -> str:
    """What tells an item that comes back as it was proposed."""
    items = read(section, fields)
    return hashlib.sha256(json.dumps(items, sort_keys=True).encode()).hexdigest()[:16]


def as_typed(value: Any) -> str:
    """A value as it stands in a form's field."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _put(tree: dict[str, Any], path: list[str], text: str) -> None:
    *above, last = path
    for part in above:
        below = tree.setdefault(part, {})
        if not isinstance(below, dict):
            return
        tree = below
    tree.setdefault(last, text)


def _item(name: str, tree: Any) -> dict[str, Any] | None:
    """An item or a row of one; null where nothing was filled in."""
    if not isinstance(tree, dict):
        return None
    proposed = tree.pop(PROPOSED, None)
    item = {field: value for field, below in tree.items() if (value := _value(field, below)) is not None}
    cell = item.pop(CELL, None)
    if not item.keys() - _ANCHORS.get(name, set()):
        return None
    if proposed is not None and proposed == _stamped(item):
        return None
    if cell is not None:
        item = {**_named(str(cell)), **item}
    if name == "observations" and "empty" in item:
        item.setdefault("value", None)
    return item


def _stamped(item: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps([item], sort_keys=True).encode()).hexdigest()[:16]


def _value(name: str, below: Any) -> Any:
    if isinstance(below, dict):
        if below and all(part.isdecimal() for part in below):
            rows = [_row(name, below[place]) for place in sorted(below, key=int)]
            return [row for row in rows if row is not None] or None
        return {part: text for part, given in below.items() if (text := _text(given)) is not None} or None
    return _scalar(name, below)


def _row(name: str, below: Any) -> Any:
    return _item(name, below) if isinstance(below, dict) else _text(below)


def _scalar(name: str, text: str) -> Any:
    if name in _COUNTS:
        return _number(text, decimals=False)
    if name in _AMOUNTS:
        return _number(text, decimals=True)
    found = _text(text)
    return {"yes": True, "no": False}.get(found, found) if name in _FLAGS and found is not None else found


def _text(text: Any) -> str | None:
    """Text with the line ends that JSON has; null where there is none."""
    if not isinstance(text, str) or not text.strip():
        return None
    return text.replace("\r\n", "\n")


def _number(text: str, *, decimals: bool) -> Any:
    """A number, however its digits are grouped; with `decimals` yes or no too; else the text as typed."""
    plain = _SPACES.sub("", text)
    if not plain:
        return None
    if _WHOLE.match(plain):
        return int(plain)
    if decimals and _DECIMAL.match(plain.replace(",", ".")):
        return float(plain.replace(",", "."))
    if decimals and plain in ("yes", "no"):
        return plain == "yes"
    return text


def _named(cell: str) -> dict[str, str]:
    """Indicator and dimensions of a figure whose place is fixed."""
    indicator, _, key = cell.partition(":")
    return {"indicator": indicator, **dict(part.partition("=")[::2] for part in key.split("|") if "=" in part)}


def _fields(at: str, value: Any) -> list[tuple[str, str]]:
    if isinstance(value, Mapping):
        return [field for name, below in value.items() for field in _fields(at + step(name), below)]
    if isinstance(value, list | tuple):
        return [field for place, below in enumerate(value) for field in _fields(f"{at}/{place}", below)]
    return [] if value is None else [(at, as_typed(value))]
