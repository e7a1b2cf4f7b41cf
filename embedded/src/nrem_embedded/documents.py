"""Reading YAML and JSON files so that every error can name its line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from nrem_shared.runtime.plain_yaml import PlainLoader, repeated_keys

Pointer = str


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong in a file: the line (from 1; 0 = the file as a whole) and the reason."""

    path: Path
    line: int
    reason: str

    def __str__(self) -> str:
        """`file:line: reason`, as editors understand it."""
        place = f"{self.path}:{self.line}" if self.line else str(self.path)
        return f"{place}: {self.reason}"


class BadDocument(Exception):
    """A file that cannot be used; carries every fault found."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Document:
    """A file's content, and where each part of it stands."""

    path: Path
    content: Any
    lines: dict[Pointer, int]

    def line_of(self, pointer: Pointer) -> int:
        """The line of what a JSON pointer names; of the nearest part around it where it does not exist."""
        while pointer not in self.lines and pointer:
            pointer = pointer.rpartition("/")[0]
        return self.lines.get(pointer, 1)

    def fault(self, pointer: Pointer, reason: str) -> Fault:
        """A fault at what a JSON pointer names."""
        return Fault(self.path, self.line_of(pointer), reason)


def read_document(path: Path) -> Document:
    """Read a YAML or JSON file. Raises BadDocument for one that cannot be read, or names a key twice."""
    try:
        text = path.read_text("utf-8")
    except OSError as error:
        raise BadDocument(Fault(path, 0, (error.strerror or str(error)).lower())) from error
    except UnicodeDecodeError as error:
        raise BadDocument(Fault(path, 0, "this is no text in UTF-8")) from error
    return parse_document(text, path)


def parse_document(text: str, path: Path) -> Document:
    """The same from a text; `path` names it in errors."""
    loader = PlainLoader(text)
    try:
        node = loader.get_single_node()
        if node is None:
            raise BadDocument(Fault(path, 1, "the file is empty"))
        content = loader.construct_document(node)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        reason = ", ".join(part for part in (error.context, error.problem) if part)
        raise BadDocument(Fault(path, mark.line + 1 if mark else 0, reason)) from error
    except (yaml.YAMLError, RecursionError) as error:
        raise BadDocument(Fault(path, 0, str(error))) from error
    finally:
        loader.dispose()
    twice = [Fault(path, line, f"the key {key!r} stands here a second time") for key, line in repeated_keys(node)]
    if twice:
        raise BadDocument(*twice)
    return Document(path, content, dict(_lines(node, "")))


def escaped(part: object) -> str:
    """One part of a JSON pointer (RFC 6901)."""
    return str(part).replace("~", "~0").replace("/", "~1")


def _lines(node: yaml.Node, pointer: Pointer) -> Iterator[tuple[Pointer, int]]:
    yield pointer, node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            inner = f"{pointer}/{escaped(key.value)}"
            yield from _lines(value, inner)
            yield inner, key.start_mark.line + 1
    elif isinstance(node, yaml.SequenceNode):
        for place, value in enumerate(node.value):
            yield from _lines(value, f"{pointer}/{place}")
