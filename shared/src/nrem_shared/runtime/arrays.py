"""Columns for `unnest`, each as one string: PostgreSQL's own way to write an array.

asyncpg asks of each element of a list whether it is an array itself, which takes longer than everything else it does.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from pydantic_core import to_json

if TYPE_CHECKING:
    from collections.abc import Sequence

#: What JSON writes otherwise than PostgreSQL: a control character as a letter or number after a backslash.
_ESCAPED = re.compile(r'\\[^"\\]')

#: One element of a column; null is null. Bytes go as their digits, `decode(…, 'hex')`.
Element = str | int | date | datetime | UUID | None


def literal(column: Sequence[Element]) -> str:
    """The text of a one-dimensional array, to be taken as `$1::text::integer[]` and the like. Times need their zone.

    Long texts that hold JSON are as well left to asyncpg: here each of their quotation marks would be looked at.
    """
    text = to_json(column).decode()
    if _ESCAPED.search(text):
        return "{" + ",".join(map(_element, column)) + "}"
    return "{" + text[1:-1] + "}"


def _element(value: Element) -> str:
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return to_json(value).decode()
