"""YAML as JSON understands it, by the core schema of YAML 1.2.

Dates stay text, and `NO` (Norway), `off` or `yes` are words, not booleans: https://yaml.org/spec/1.2.2/#103-core-schema.
"""

from __future__ import annotations

import re
from typing import Any

import yaml

_CORE = {
    "tag:yaml.org,2002:null": (re.compile(r"^(?:~|null|Null|NULL|)$"), ["~", "n", "N", ""]),
    "tag:yaml.org,2002:bool": (re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF")),
    "tag:yaml.org,2002:int": (re.compile(r"^[-+]?[0-9]+$"), list("-+0123456789")),
    "tag:yaml.org,2002:float": (
        re.compile(r"^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$"),
        list("-+.0123456789"),
    ),
}


class PlainLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc] # the fast one where it is built
    """PyYAML's safe loader with the plain words of YAML 1.2's core schema only."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012


class PlainDumper(yaml.SafeDumper):
    """Writes what PlainLoader reads back as the same values: texts that look like something else are quoted."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002
        """Everything is written out where it stands: readers refuse aliases."""
        return True


def _decimal_integer(loader: Any, node: yaml.ScalarNode) -> int:
    return int(str(loader.construct_scalar(node)))


for _tag, (_pattern, _first) in _CORE.items():
    PlainLoader.add_implicit_resolver(_tag, _pattern, _first)
    PlainDumper.add_implicit_resolver(_tag, _pattern, _first)
PlainLoader.add_constructor("tag:yaml.org,2002:int", _decimal_integer)


def repeated_keys(node: yaml.Node | None) -> list[tuple[str, int]]:
    """Keys that stand in a mapping a second time, each with its line (from 1): what was meant is not known."""
    found: list[tuple[str, int]] = []
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if key.value in seen:
                found.append((str(key.value), key.start_mark.line + 1))
            seen.add(key.value)
            found += repeated_keys(value)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            found += repeated_keys(value)
    return found
