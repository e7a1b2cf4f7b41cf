"""`nrem import-history`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nrem_embedded.cli.options import DEFAULT_STATE, State
from nrem_embedded.cli.outcome import Refused, errors, finish, out
from nrem_embedded.cli.submit import KeyFile, Token, Url

if TYPE_CHECKING:
    from nrem_embedded.cli.access import Access


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("import-history")(import_history)


def import_history(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Quarters before go-live: YAML, JSON, or workbooks (.xlsx).")
    ] = None,
    group: Annotated[str | None, typer.Option(help="Whose members reported, else the file's `group`.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check everything; keep nothing.")] = False,
    template: Annotated[
        Path | None, typer.Option(help="Write an empty workbook for earlier quarters here.", dir_okay=False)
    ] = None,
    url: Url = None,
    key_file: KeyFile = None,
    token: Token = None,
    state: State = DEFAULT_STATE,
) -> None:
    """Bring in reports of quarters from before the platform was used, with the coordinator's key.

    All files are checked together and brought in at once, or nothing is. Quarters that are not there are opened; each
    report is entered as accepted, never late, and marked as imported wherever it is shown. Nobody is reminded of
    anything that was due before the day reminders begin. Repeating an import changes nothing.

    A YAML file has `group` and `periods`, each with `period`, `due` and `submissions`; or it is one quarter in the
    format of data/demo. In a workbook each row names its quarter and institution: `--template` writes an empty one.

    Examples:

        nrem import-history --template history.xlsx

        nrem import-history history.xlsx 2025.yaml --group working_group_2025 --dry-run

        nrem import-history docs/examples/history.yaml
    """

    async def work() -> int:
        from nrem_embedded.cli.access import find_or_named

        if not files and template is None:
            raise Refused("name the files to bring in, or --template for an empty workbook")
        access = find_or_named(state, url, key_file, token)
        return await _import(access, files or [], group, template, dry_run=dry_run)

    finish(work())


async def _import(access: Access, files: list[Path], group: str | None, template: Path | None, *, dry_run: bool) -> int:
    from nrem_embedded.documents import BadDocument
    from nrem_embedded.operating.history import COORDINATOR, bring_in, read_history

    access.key_of(COORDINATOR)
    async with access.speaking() as institutions:
        if template is not None:
            answer = await institutions.do(COORDINATOR, "GET", "/intake/api/workbooks/history")
            template.write_bytes(answer.content)  # noqa: ASYNC240 - one small file at the end of a command
            out().print(f"{template}: an empty workbook")
        if not files:
            return 0
        try:
            history = await read_history(institutions, files)
            history.group = group or history.group
            done = await bring_in(institutions, history, dry_run=dry_run)
        except BadDocument as error:
            count = len(error.faults)
            errors().print(f"{count} {'error' if count == 1 else 'errors'}; nothing was brought in", style="bold")
            raise
    would = "would be " if dry_run else ""
    for period in sorted({each["period"] for each in (*done["imported"], *done["there_already"])}):
        new = [each["member"] for each in done["imported"] if each["period"] == period]
        old = sum(1 for each in done["there_already"] if each["period"] == period)
        opened = f", {would}opened" if period in done["opened"] else ""
        out().print(f"{period}{opened}: {len(new)} {would}imported, {old} there already")
    return 0
