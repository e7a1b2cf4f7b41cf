"""Sheets on their way from the process that reads files: JSON, so that nothing but values comes out of it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from typing import Any

from nrem_intake.spreadsheets.domain.raw import Odd, RawSheet, RawValue


def packed(sheets: Iterable[RawSheet]) -> bytes:
    """The sheets as JSON."""
    found = [[sheet.name, [[*place, *_packed(value)] for place, value in sheet.cells.items()]] for sheet in sheets]
    return json.dumps({"sheets": found}).encode()


def unpacked(document: Any) -> list[RawSheet]:
    """The sheets again."""
    return [
        RawSheet(name, {(row, column): _unpacked(kind, value) for row, column, kind, value in cells})
        for name, cells in document["sheets"]
    ]


def _packed(value: RawValue) -> tuple[str, Any]:
    if isinstance(value, Odd):
        return value.kind, value.text
    if isinstance(value, date):
        return "day", value.isoformat()
    return "plain", value


def _unpacked(kind: Any, value: Any) -> RawValue:
    if kind == "plain":
        found: RawValue = value
        return found
    return date.fromisoformat(value) if kind == "day" else Odd(kind, value)
