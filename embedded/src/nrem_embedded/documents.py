"""Reading YAML and JSON files so that every error can name its line.

Read by the rules of YAML 1.2: dates stay text, and `NO` (Norway) or `off` are words, not false.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

Pointer = str

_CORE = {
    "tag:yaml.org,2002:null": (re.compile(r"^(?:~|null|Null|NULL|)$"), ["~", "n", "N", ""]),
    "tag:yaml.org,2002:bool": (re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF")),
    "tag:yaml.org,2002:int": (re.compile(r"^[-+]?[0-9]+$"), list("-+0123456789")),
    "tag:yaml.org,2002:float": (
        re.compile(r"^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$"),
        list("-+.0123456789"),
    ),
}


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


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc] # the fast one where it is built
    """PyYAML's safe loader with the plain words of YAML 1.2's core schema only."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012


for _tag, (_pattern, _first) in _CORE.items():
    _Loader.add_implicit_resolver(_tag, _pattern, _first)


def _decimal_integer(loader: _Loader, node: yaml.ScalarNode) -> int:
    return int(str(loader.construct_scalar(node)))


_Loader.add_constructor("tag:yaml.org,2002:int", _decimal_integer)


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
    loader = _Loader(text)
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
    twice = [Fault(path, line, f"the key {key!r} stands here a second time") for key, line in _repeated(node)]
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


def _repeated(node: yaml.Node) -> Iterator[tuple[str, int]]:
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if key.value in seen:
                yield str(key.value), key.start_mark.line + 1
            seen.add(key.value)
            yield from _repeated(value)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from _repeated(value)
