"""The form of a correction: a line for each accepted figure and for places that have none; only changed ones count."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from nrem_intake.reporting.domain.controls import Control, Line
from nrem_intake.reporting.domain.entries import PROPOSED, as_typed, read
from nrem_intake.reporting.domain.figures import figure_forms
from nrem_intake.reporting.domain.setting import Fields, Setting
from nrem_intake.submissions.domain.labels import Text
from nrem_intake.submissions.domain.observations import dimensions_of
from nrem_shared.contracts.submissions import Observation, SubmissionContent

#: The last part of the names of a line's controls.
REASON, DROP = "reason", "drop"
_CELL = ("value", "empty", "comment", REASON, DROP)


@dataclass(frozen=True, slots=True)
class CorrectionLine:
    """A figure: what it is about, what was accepted (empty = nothing), and its controls as they were filled in."""

    at: str
    title: Text
    names: tuple[Text, ...]
    dimensions: tuple[Control, ...]
    hidden: tuple[tuple[str, str], ...]
    accepted: str
    value: Control
    empty: Control
    comment: Control
    reason: Control
    drop: Control | None


def correction_lines(accepted: SubmissionContent, given: Mapping[str, str], setting: Setting) -> list[CorrectionLine]:
    """Accepted figures first, in their order, then lines for figures that were not reported."""
    rows = [row.model_dump(mode="json", exclude_none=True) for row in accepted.observations]
    found = [
        _line(line, form.title, accepted, given, setting) for form in figure_forms(rows, setting) for line in form.lines
    ]
    return sorted(found, key=lambda line: (not line.accepted, _number(line.at)))


def _line(
    line: Line, title: Text, accepted: SubmissionContent, given: Mapping[str, str], setting: Setting
) -> CorrectionLine:
    place = _number(line.at)
    row = accepted.observations[place] if place < len(accepted.observations) else None
    fields = Fields(line.at, {name: given.get(f"{line.at}/{name}", "") for name in _CELL})
    chosen = tuple(replace(control, value=given.get(control.name, control.value)) for control in line.dimensions)
    return CorrectionLine(
        line.at,
        title,
        setting.labels.breakdown(row.indicator, row.dimensions) if row else line.fixed,
        () if row else chosen,
        () if row else tuple(pair for pair in line.hidden if not pair[0].endswith(f"/{PROPOSED}")),
        _shown(row),
        fields.control("value", "count"),
        fields.choice("empty", line.empty.options),
        fields.control("comment", "text"),
        fields.control(REASON, "text"),
        fields.control(DROP, "flag") if row else None,
    )


def items_of_form(accepted: SubmissionContent, given: Mapping[str, str]) -> tuple[list[dict[str, Any]], list[str]]:
    """The items of the correction that the fields stand for, and of each the pointer of its line."""
    items, places = [], []
    for at in sorted({_line_of(name) for name in given if name.startswith("/observations/")}, key=_number):
        cell = {name: given.get(f"{at}/{name}", "") for name in _CELL}
        if not any(text.strip() for text in cell.values()):
            continue
        place = _number(at)
        row = accepted.observations[place] if place < len(accepted.observations) else None
        items.append(_item(at, row, cell, given))
        places.append(at)
    return items, places


def line_place(pointer: str, places: list[str]) -> str:
    """The control that an error of `{items}` belongs to."""
    parts = pointer.split("/")
    if parts[1:2] != ["items"] or len(parts) < 3 or not parts[2].isdecimal():
        return ""
    at = places[int(parts[2])]
    if parts[3:4] == [REASON]:
        return f"{at}/{REASON}"
    return f"{at}/{parts[-1]}" if parts[-1] in ("empty", "comment") else f"{at}/value"


def _item(at: str, row: Observation | None, cell: Mapping[str, str], given: Mapping[str, str]) -> dict[str, Any]:
    reason = cell[REASON].strip()
    item: dict[str, Any] = {"reason": {"lv": reason} if reason else None}
    if row is not None:
        item["observation"] = {"indicator": row.indicator, **row.dimensions}
        item["old"] = {"value": row.value, "empty": row.empty}
    else:
        found = read("observations", [*_fields_at(at, given), (f"{at}/value", "0")])
        item["observation"] = {"indicator": found[0]["indicator"], **dimensions_of(found[0])} if found else {}
        item["old"] = None
    item["new"] = None if cell[DROP].strip() else _new(at, row, cell)
    return item


def _fields_at(at: str, given: Mapping[str, str]) -> list[tuple[str, str]]:
    cell = {f"{at}/{name}" for name in _CELL}
    return [(name, text) for name, text in given.items() if name.startswith(f"{at}/") and name not in cell]


def _new(at: str, row: Observation | None, cell: Mapping[str, str]) -> dict[str, Any]:
    """The new figure; where only its comment changes, the number stays."""
    fields = [(f"{at}/{name}", cell[name]) for name in ("value", "empty", "comment")]
    found = read("observations", fields)
    new = dict(found[0]) if found else {}
    if row is not None and "value" not in new:
        new = {"value": row.value, **({"empty": row.empty} if row.empty else {}), **new}
    if row is not None and row.comment:
        new.setdefault("comment", row.comment)
    return new


def _shown(row: Observation | None) -> str:
    if row is None:
        return ""
    return as_typed(row.value) if row.value is not None else str(row.empty)


def _line_of(name: str) -> str:
    return "/".join(name.split("/")[:3])


def _number(at: str) -> int:
    part = at.rpartition("/")[2]
    return int(part) if part.isdecimal() and len(part) < 7 else 0
