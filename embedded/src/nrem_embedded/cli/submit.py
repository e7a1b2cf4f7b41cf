"""`nrem submit`."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nrem_embedded.cli.options import DEFAULT_STATE, State
from nrem_embedded.cli.outcome import errors, finish, out

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from nrem_embedded.cli.access import Access
    from nrem_embedded.institutions import Institutions
    from nrem_embedded.operating.submitting import Report

#: Who reads a workbook where all keys are at hand and the institution is not named: it stands in the workbook.
_READER = "coordinator"

Url = Annotated[
    str | None, typer.Option(help="Where the platform is, such as https://nrem.example.", envvar="NREM_URL")
]
KeyFile = Annotated[
    Path | None, typer.Option(help="A file with the key as it was issued, or its secret alone.", dir_okay=False)
]
Token = Annotated[str | None, typer.Option(help="An access token got elsewhere.", envvar="NREM_TOKEN")]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("submit")(submit)


def complete_member(context: typer.Context, incomplete: str) -> list[str]:
    """Institutions of which the state folder has keys, for the shell."""
    from nrem_embedded.platform.state import StateError, StateFolder

    try:
        keys = StateFolder(Path(context.params.get("state") or DEFAULT_STATE)).keys()
    except (StateError, OSError, ValueError):
        return []
    return [member for member in sorted(keys) if member.startswith(incomplete)]


def submit(
    file: Annotated[
        Path, typer.Argument(help="One submission: YAML, JSON, or a filled-in workbook (.xlsx).", dir_okay=False)
    ],
    period: Annotated[str | None, typer.Option(help="The quarter, such as 2026-Q3; else the file's `period`.")] = None,
    member: Annotated[
        str | None,
        typer.Option(help="The institution, such as vp; else the file's `member`.", autocompletion=complete_member),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", "--check", help="Only say whether it would be accepted as it stands.")
    ] = False,
    url: Url = None,
    key_file: KeyFile = None,
    token: Token = None,
    state: State = DEFAULT_STATE,
) -> None:
    """Submit one institution's quarter, with that institution's own key.

    A YAML or JSON file holds the content, and `period` and `member` unless they are given; a workbook knows for whom
    it was made. Whatever is wrong is shown at once, each fault with its line or its cell, and nothing is submitted.
    A dry run warns of figures far from the usual ones too; they refuse nothing.

    The platform is the one of the state folder, or any other: --url, and --key-file or --token (or NREM_URL,
    NREM_CLIENT_ID and NREM_CLIENT_SECRET). Exit status: 0 submitted, 1 it was tried and did not work, 2 the file
    cannot be used as it is.

    Examples:

        nrem submit my-quarter.yaml --dry-run

        nrem submit my-quarter.yaml --period 2026-Q3 --member vp

        nrem submit nrem-2026-Q3-vp.xlsx --url https://nrem.example --key-file vp-key.json
    """

    async def work() -> int:
        from nrem_embedded.cli.access import find_or_named

        access = find_or_named(state, url, key_file, token)
        return await _submit(access, file, period, member, dry_run=dry_run)

    finish(work())


async def _submit(access: Access, file: Path, period: str | None, member: str | None, *, dry_run: bool) -> int:
    from nrem_embedded.documents import BadDocument
    from nrem_embedded.operating.submitting import send, warnings_of

    try:
        async with access.speaking() as institutions:
            report = await _report(access, institutions, file, period, member)
            access.key_of(report.member)
            with _busy(f"Sending the report of {report.member} for {report.period} …"):
                answer = await send(institutions, report, dry_run=dry_run)
    except BadDocument as error:
        count = len(error.faults)
        errors().print(f"{file}: {count} {'error' if count == 1 else 'errors'}; nothing was submitted", style="bold")
        raise
    if dry_run:
        for warning in warnings_of(report, answer):
            out().print(f"warning: {warning}", markup=False)
        out().print(f"{file}: valid for {report.member}, {report.period}")
    else:
        _tell(answer)
    return 0


async def _report(
    access: Access, institutions: Institutions, file: Path, period: str | None, member: str | None
) -> Report:
    from nrem_embedded.operating.submitting import is_workbook, read_report, read_workbook

    if not is_workbook(file):
        return read_report(file, period, member)
    who = member or (_READER if access.installation else "")
    if who:
        access.key_of(who)
    with _busy("The platform reads the workbook …"):
        return await read_workbook(institutions, who, file, period, member)


def _busy(text: str) -> AbstractContextManager[Any]:
    """A sign of life on a terminal; nothing elsewhere."""
    console = errors()
    return console.status(text) if console.is_terminal else nullcontext()


def _tell(answer: dict[str, Any]) -> None:
    late = ", late" if answer.get("late") else ""
    out().print(
        f"{answer['member']}, {answer['period']}: version {answer['version']} {answer['state']}{late}"
        f" (due {answer['due']}); it waits for the coordinator's decision"
    )
