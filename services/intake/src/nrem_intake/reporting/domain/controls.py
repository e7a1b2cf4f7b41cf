"""What the form shows: items of a section with their controls, and figures in lines. Labels are ids of messages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from nrem_intake.evidence.domain import Evidence
from nrem_intake.submissions.domain.content_view import Detail
from nrem_intake.submissions.domain.labels import Text

Kind = Literal["text", "area", "count", "amount", "date", "choice", "flag", "choices", "yes_no", "file", "attached"]

#: (code, name)
Option = tuple[str, Text]


@dataclass(frozen=True, slots=True)
class Control:
    """One control. `name` is its pointer; of `choices` each option has a name of its own, in `names`.

    `label` is the id of a message, or a text in both languages where the label comes from reference data. A `file` is
    chosen, of at most `megabytes`; one that was chosen is `attached`: `value` refers to it.
    """

    name: str
    label: Text
    kind: Kind
    value: str = ""
    options: tuple[Option, ...] = ()
    names: tuple[str, ...] = ()
    chosen: frozenset[str] = frozenset()
    hint: str | None = None
    required: bool = False
    megabytes: int = 0
    attached: Evidence | None = None

    def posted(self) -> Iterator[tuple[str, str]]:
        """What a browser sends for it, as it stands."""
        if self.kind == "choices":
            pairs = zip(self.names, self.options, strict=True)
            yield from ((name, code) for name, (code, _) in pairs if code in self.chosen)
        elif self.kind != "file" and (self.kind != "flag" or self.value == "yes"):
            yield (self.name, self.value)


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of one kind within an item, the last ones empty: `at` is the pointer of the list.

    `removable` = how many of the first ones can be taken out.
    """

    at: str
    label: str
    rows: tuple[tuple[Control, ...], ...]
    hint: str | None = None
    hidden: tuple[tuple[tuple[str, str], ...], ...] = ()
    removable: int = 0


@dataclass(frozen=True, slots=True)
class ItemForm:
    """One item. `carried` = from an earlier quarter, of which `before` tells; `filled` = stands in the draft.

    `last` = what it stood at then, of items that are folded up.
    """

    at: str
    heading: Text
    controls: tuple[Control, ...]
    rows: tuple[Rows, ...] = ()
    hidden: tuple[tuple[str, str], ...] = ()
    details: tuple[Detail, ...] = ()
    before: tuple[Detail, ...] = ()
    carried: bool = False
    filled: bool = True
    removable: bool = True
    last: Text = ""

    def posted(self) -> Iterator[tuple[str, str]]:
        """What a browser sends for it, as it stands."""
        yield from self.hidden
        for control in self.controls:
            yield from control.posted()
        for group in self.rows:
            for row in group.rows:
                for control in row:
                    yield from control.posted()
            for hidden in group.hidden:
                yield from hidden


@dataclass(frozen=True, slots=True)
class Line:
    """One figure: `fixed` names of its place in the grid, or `dimensions` to choose. `last` is the quarter before's.

    `told` says in words what a line is about that has all its dimensions: (name of the dimension, code in words); the
    name is empty where the word alone is clear.
    """

    at: str
    fixed: tuple[Text, ...]
    dimensions: tuple[Control, ...]
    value: Control
    empty: Control
    comment: Control
    hidden: tuple[tuple[str, str], ...]
    last: str = ""
    filled: bool = True
    told: tuple[tuple[Text, Text], ...] = ()

    def posted(self) -> Iterator[tuple[str, str]]:
        """What a browser sends for it, as it stands."""
        yield from self.hidden
        for control in (*self.dimensions, self.value, self.empty, self.comment):
            yield from control.posted()


@dataclass(frozen=True, slots=True)
class FigureForm:
    """The lines of one indicator; `complete` = every cell of its grid is there, none is added.

    `before` = the quarter of its lines' `last` figures.
    """

    code: str
    title: Text
    about: Text | None
    dimensions: tuple[str, ...]
    lines: tuple[Line, ...]
    complete: bool
    before: str = ""
