"""`nrem status`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import typer
from rich.table import Table

from nrem_embedded.cli.clock import local
from nrem_embedded.cli.options import DEFAULT_STATE, State
from nrem_embedded.cli.outcome import DIFFERS, finish, out
from nrem_embedded.cli.projections import BASES


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("status")(status)


def status(state: State = DEFAULT_STATE) -> None:
    """How far each service is: its journal, what it sent, what it has read, and whether anything is missing.

    Exit status 1 where a service halted, misses something, or did not understand something.

    Example:

        nrem status
    """
    finish(_status(state))


async def _status(state: Path) -> int:
    from nrem_embedded.cli.access import find
    from nrem_embedded.institutions import ApiError

    access = find(state)
    found: dict[str, dict[str, Any]] = {}
    async with access.speaking() as institutions:
        for name, base in BASES.items():
            try:
                found[name] = (await institutions.do("coordinator", "GET", f"{base}/api/operations/status")).json()
            except ApiError as error:
                found[name] = {"halted": str(error)}
    now = next((each["now"] for each in found.values() if "now" in each), None)
    out().print(access.url + (f"  clock {local(now)} (Riga)" if now else ""))
    out().print(_table(found))
    for name, each in found.items():
        if each.get("halted"):
            out().print(f"{name}: {each['halted']}", markup=False, style="red")
    troubled = any(each.get("halted") or each.get("gaps") or each.get("dead_letters") for each in found.values())
    return DIFFERS if troubled else 0


def _table(found: dict[str, dict[str, Any]]) -> Table:
    table = Table(box=None, pad_edge=False)
    for title in ("service", "journal", "sent", "behind", "oldest knowledge", "gaps", "dead letters"):
        table.add_column(title, justify="left" if title == "service" else "right")
    for name, each in found.items():
        if "journal_position" not in each:
            table.add_row(name, *["?"] * 6)
            continue
        row = (each["journal_position"], each["relayed_position"], each["behind"], _oldest(each), each["gaps"])
        table.add_row(name, *map(str, row), str(each["dead_letters"]))
    return table


def _oldest(each: dict[str, Any]) -> str:
    ages = list(each["freshness_seconds"].values())
    if any(age is None for age in ages):
        return "not known"
    return f"{max(ages, default=0):.1f} s"
