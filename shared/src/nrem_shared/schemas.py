"""`python -m nrem_shared.schemas [--check]`: the published JSON Schemas and the AsyncAPI document, from the contracts.

One file per event type, and `asyncapi.json`, in `shared/schemas/`.
"""

from __future__ import annotations

import argparse
import json
import sys
from importlib.metadata import version
from pathlib import Path

from nrem_shared.contracts.registry import EVENT_TYPES
from nrem_shared.runtime.asyncapi import document, event_schema

#: Beside the source, where the project is checked out.
FOLDER = Path(__file__).parents[2] / "schemas"


def generated() -> dict[str, str]:
    """File name → text of everything that is published."""
    schemas = {f"{name}.json": event_schema(name) for name in EVENT_TYPES}
    every = {**schemas, "asyncapi.json": document(version("nrem-shared"))}
    return {name: json.dumps(content, ensure_ascii=False, indent=2) + "\n" for name, content in every.items()}


def differences(folder: Path) -> list[str]:
    """What in `folder` is not as the contracts say, one sentence per file."""
    wanted = generated()
    present = {path.name: path.read_text("utf-8") for path in folder.glob("*.json")}
    return [
        *(f"{name} is missing" for name in sorted(wanted.keys() - present.keys())),
        *(f"{name} belongs to no event type" for name in sorted(present.keys() - wanted.keys())),
        *(f"{name} is out of date" for name in sorted(wanted) if present.get(name, wanted[name]) != wanted[name]),
    ]


def write(folder: Path) -> int:
    """Write all files and remove those of types that are gone; returns how many there are."""
    wanted = generated()
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.glob("*.json"):
        if path.name not in wanted:
            path.unlink()
    for name, text in wanted.items():
        (folder / name).write_text(text, "utf-8")
    return len(wanted)


def main(arguments: list[str] | None = None) -> int:
    """Write, or with `--check` only compare; the exit status is 1 where something differs."""
    parser = argparse.ArgumentParser(prog="python -m nrem_shared.schemas", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; say what differs and exit with 1")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where the files are (default: %(default)s)")
    options = parser.parse_args(arguments)
    if not options.check:
        sys.stdout.write(f"{write(options.folder)} files in {options.folder}\n")
        return 0
    found = differences(options.folder)
    for sentence in found:
        sys.stderr.write(f"{sentence}: run `make schemas`\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
