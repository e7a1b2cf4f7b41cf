"""Writes docs/settings.md from the models of settings: `python -m nrem_embedded.settings_page [--check]`."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from pydantic import SecretStr
from pydantic_core import PydanticUndefined

from nrem_embedded.platform.composition import BLUEPRINTS
from nrem_shared.runtime.settings import ServiceSettings

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo

PAGE = Path(__file__).resolve().parents[3] / "docs" / "settings.md"

HEAD = """# Settings

Written by `python -m nrem_embedded.settings_page`, from the models that read them; do not edit it by hand.

Each process takes its settings from environment variables. A value that cannot be used stops the process at its start
and is named; `nrem doctor` names all of them at once. Lists are JSON (`["@iem.gov.lv"]`), switches are `true` or
`false`. Who runs the commands of [`nrem`](operations.md) for all services from one environment names the databases by
service: `NREM_INTAKE_DATABASE_URL`, `NREM_PLAN_TRACKER_OWNER_DATABASE_URL`, and so on. What the containers take beside
these (ports, images, memory) stands in [deploy/README.md](../deploy/README.md#settings).
"""

#: The end of a setting's name → the unit of its value.
UNITS = {
    "seconds": "seconds", "minutes": "minutes", "hours": "hours", "days": "days", "limit": "number", "size": "number",
    "partitions": "number", "replication": "number", "connections": "number", "threshold": "number", "port": "port",
    "url": "address", "file": "path", "host": "name", "bootstrap": "host:port", "recipients": "list",
}  # fmt: skip


def page() -> str:
    """The whole page."""
    every = ServiceSettings.model_fields
    parts = [HEAD, "## Every service\n", *_table(every)]
    for name, (_, settings) in BLUEPRINTS.items():
        own = {field: info for field, info in settings.model_fields.items() if field not in every}
        if own:
            parts += [f"\n## {name}\n", *_table(own)]
    return "\n".join(parts) + "\n"


def _table(fields: dict[str, FieldInfo]) -> Iterator[str]:
    yield "| variable | meaning | default | unit | may be |"
    yield "|---|---|---|---|---|"
    for name, info in fields.items():
        cells = (f"`NREM_{name.upper()}`", info.description or "", _default(info), _unit(name, info), _bounds(info))
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _default(info: FieldInfo) -> str:
    value: Any = info.default
    if value is PydanticUndefined:
        return "**must be set**"
    if value is None or value in ("", ()):
        return "none"
    return f"`{str(value).lower()}`" if isinstance(value, bool) else f"`{value}`"


def _unit(name: str, info: FieldInfo) -> str:
    if _inner(info) is SecretStr:
        return "secret"
    if _inner(info) is bool:
        return "switch"
    return UNITS.get(name.rpartition("_")[2], "text")


def _inner(info: FieldInfo) -> Any:
    """The type without `or nothing`."""
    kinds = [kind for kind in get_args(info.annotation) if kind is not type(None)]
    return kinds[0] if kinds and type(None) in get_args(info.annotation) else info.annotation


def _bounds(info: FieldInfo) -> str:
    values = [str(each) for each in get_args(info.annotation) if isinstance(each, str)]
    limits = [_limit(each) for each in info.metadata]
    return ", ".join(filter(None, [*(f"`{value}`" for value in values), *limits]))


def _limit(constraint: Any) -> str:
    match = re.fullmatch(r"(Ge|Gt|Le|Lt|MinLen)\(\w+=(.+)\)", repr(constraint))
    words = {"Ge": "≥", "Gt": ">", "Le": "≤", "Lt": "<", "MinLen": "characters ≥"}
    return f"{words[match[1]]} {match[2]}" if match else ""


def main() -> None:
    """Write the page, or say with exit status 1 that it is not current."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 where the page is not current")
    arguments = parser.parse_args()
    text = page()
    if not arguments.check:
        PAGE.write_text(text, "utf-8")
    elif not PAGE.exists() or PAGE.read_text("utf-8") != text:
        sys.exit(f"{PAGE} is not current: python -m nrem_embedded.settings_page")


if __name__ == "__main__":
    main()
