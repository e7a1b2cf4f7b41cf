"""Rows of words: where a screen is too narrow for columns, each cell stands below the other and names its column."""

import re
from collections.abc import Sequence

from markupsafe import Markup, escape

#: A row, and a cell of it. Text of a cell is escaped: no tag of its own can look like one.
_ROW = re.compile(r"<tr\b.*?</tr>", re.DOTALL)
_CELL = re.compile(r"<(td|th)\b")


def labelled(rows: str, headings: Sequence[str]) -> Markup:
    """The rows (HTML, `<tr>` of `<td>` and `<th scope="row">`) with each `<td>` told the heading of its column.

    A row with fewer cells than there are headings lacks the first ones: those of a row above span it.
    """
    labels = [escape(Markup.striptags(escape(heading))) for heading in headings]

    def told(row: re.Match[str]) -> str:
        columns = iter(labels[max(len(labels) - len(_CELL.findall(row[0])), 0) :])

        def cell(found: re.Match[str]) -> str:
            label = next(columns, "")
            return f'{found[0]} data-label="{label}"' if label and found[1] == "td" else found[0]

        return _CELL.sub(cell, row[0])

    return Markup(_ROW.sub(told, rows))  # noqa: S704 - the template's own rows, and escaped headings
