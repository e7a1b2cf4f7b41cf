"""`nrem doctor`."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from nrem_embedded.cli.options import DEFAULT_STATE, SERVICES, State
from nrem_embedded.cli.outcome import DIFFERS, Refused, errors, finish, out
from nrem_embedded.cli.projections import BASES

if TYPE_CHECKING:
    from nrem_embedded.operating.doctor.findings import Finding

_STYLES = {"ok": "green", "warning": "yellow", "problem": "bold red"}


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("doctor")(doctor)


def doctor(
    full: Annotated[bool, typer.Option("--full", help="Read the journals whole, not only their last rows.")] = False,
    last: Annotated[int, typer.Option(help="So many rows of each journal are read.", min=1)] = 1000,
    as_json: Annotated[bool, typer.Option("--json", help="For programs: a list of findings.")] = False,
    state: State = DEFAULT_STATE,
) -> None:
    """Examine the installation: configuration, databases, Kafka, clocks, mail, freshness, journals, disk.

    Shows everything at once with what to do about it, changes nothing and sends no mail. Exit status 1 on a problem.

    Examples:

        nrem doctor

        nrem doctor --full --json
    """
    finish(_doctor(state, None if full else last, as_json))


async def _doctor(state: Path, last: int | None, as_json: bool) -> int:
    from nrem_embedded.cli.access import service_settings
    from nrem_embedded.operating.doctor.examination import examine
    from nrem_embedded.operating.doctor.findings import problem, worst
    from nrem_embedded.operating.installed import Installed
    from nrem_embedded.platform.screen import Screen
    from nrem_embedded.platform.state import StateFolder

    services, unread = {}, []
    for name in SERVICES:
        try:
            services[name] = Installed(*service_settings(state, name))
        except Refused as error:
            unread.append(problem("configuration", name, str(error), "docs/settings.md"))
    with Screen(errors()).part("Examining", 0) as part:
        findings = unread + await examine(services, _url(state), BASES, StateFolder(state).path, last, part)
    if as_json:
        typer.echo(json.dumps([dataclasses.asdict(each) for each in findings], indent=2, ensure_ascii=False))
    else:
        _show(findings)
    return DIFFERS if worst(findings) == "problem" else 0


def _url(state: Path) -> str | None:
    """The platform's address, where it is known."""
    from nrem_embedded.cli.access import find

    try:
        return find(state).url
    except Refused:
        return None


def _show(findings: list[Finding]) -> None:
    table = Table(box=None, pad_edge=False)
    for title in ("", "area", "what", "how it is", "what to do"):
        table.add_column(title, overflow="fold")
    for each in findings:
        style = _STYLES[each.state]
        table.add_row(f"[{style}]{each.state}[/]", each.area, each.what, _plain(each.said), _plain(each.do))
    out().print(table)
    counts = {state: sum(each.state == state for each in findings) for state in _STYLES}
    out().print(f"{counts['ok']} ok, {counts['warning']} warnings, {counts['problem']} problems")


def _plain(text: str) -> str:
    """Brackets in a text are no markup."""
    return text.replace("[", "\\[")
