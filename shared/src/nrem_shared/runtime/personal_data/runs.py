"""Runs of digits as people write numbers: groups with little between them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

#: At least six digits, at most three separators between two of them; a plus sign or a bracket may open it.
_RUN = re.compile(r"(?P<plus>\+\s?)?\(?\d(?:[ .()/-]{0,3}\d){5,}")
_GROUP = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Group:
    """Digits in one piece, and what stands between them and the group before."""

    digits: str
    start: int
    end: int
    between: str


@dataclass(frozen=True, slots=True)
class Run:
    """A run of digits in a text; `international` = a plus sign opens it."""

    groups: tuple[Group, ...]
    start: int
    end: int
    international: bool

    @property
    def digits(self) -> str:
        """All of its digits."""
        return "".join(group.digits for group in self.groups)


def runs(text: str) -> Iterator[Run]:
    """Every run of at least six digits, in order."""
    for match in _RUN.finditer(text):
        groups: list[Group] = []
        behind = match.start()
        for group in _GROUP.finditer(text, match.start(), match.end()):
            groups.append(Group(group[0], group.start(), group.end(), text[behind : group.start()] if groups else ""))
            behind = group.end()
        yield Run(tuple(groups), match.start(), match.end(), bool(match["plus"]))


def windows(groups: tuple[Group, ...], length: int) -> Iterator[tuple[Group, ...]]:
    """Neighbouring groups that have exactly `length` digits together."""
    for first in range(len(groups)):
        total = 0
        for last in range(first, len(groups)):
            total += len(groups[last].digits)
            if total >= length:
                if total == length:
                    yield groups[first : last + 1]
                break
