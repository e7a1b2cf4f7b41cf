"""Options that several commands have."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

State = Annotated[
    Path,
    typer.Option(
        "--state",
        envvar="NREM_STATE",
        help="The platform's state folder; it knows addresses and keys.",
        file_okay=False,
        show_default=True,
    ),
]

DEFAULT_STATE = Path(".state")

SERVICES = ("intake", "statistics", "plan-tracker", "notifier")


def complete_service(incomplete: str) -> list[str]:
    """Names of services, for the shell."""
    return [name for name in (*SERVICES, "all") if name.startswith(incomplete)]
