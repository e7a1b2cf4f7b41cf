"""The programs of docs/examples, run as they stand: in a folder of their own, as whoever a key's settings say."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"

#: Where the report of `wrong_report` is wrong.
WRONG_AT = "/observations/0/value"


def example_report() -> dict[str, Any]:
    """One institution's quarter."""
    report: dict[str, Any] = json.loads((EXAMPLES / "report.json").read_text())
    return report


def wrong_report() -> dict[str, Any]:
    """The same with one mistake: a negative number."""
    report = example_report()
    first, *rest = report["observations"]
    return {**report, "observations": [{**first, "value": -1}, *rest]}


def run_program(
    folder: Path, *command: str, settings: Mapping[str, str] | None = None, succeeds: bool = True
) -> subprocess.CompletedProcess[str]:
    """Run it with these variables and none of ours; it has to end as expected."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("NREM_")}
    done = subprocess.run(
        command, env={**kept, **(settings or {})}, cwd=folder, capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode == 0) is succeeds, f"{done.stdout}\n{done.stderr}"
    return done
