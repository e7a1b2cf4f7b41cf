"""`nrem load`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nrem_embedded.cli.options import DEFAULT_STATE, State
from nrem_embedded.cli.outcome import Failed, Refused, finish, out

if TYPE_CHECKING:
    from nrem_embedded.demonstration.reference_data import InitialData

_KINDS = ("reference", "members", "contacts", "calendar", "deadlines", "plans", "recommendations", "history")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("load")(load)


def complete_kind(incomplete: str) -> list[str]:
    """What can be loaded, for the shell."""
    return [kind for kind in (*_KINDS, "all") if kind.startswith(incomplete)]


def load(
    kinds: Annotated[
        list[str], typer.Argument(help=f"{', '.join(_KINDS)}, or all.", autocompletion=complete_kind, metavar="WHAT…")
    ],
    source: Annotated[
        Path | None, typer.Option("--from", help="The folder with the files, in the form of data/.", envvar="NREM_DATA")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Read, check and compare; send nothing.")] = False,
    state: State = DEFAULT_STATE,
) -> None:
    """Load reference data of an installation, with the coordinator's key, over the services' interfaces.

    Files are checked whole before anything is sent. Only what is new or changed becomes a fact, so it is safe to
    repeat: edit the files and load them again. All kinds in one call are loaded in the right order.

    Examples:

        nrem load all --from data --dry-run

        nrem load reference members contacts --from data
    """
    finish(_load(state, kinds, source, dry_run))


async def _load(state: Path, kinds: list[str], source: Path | None, dry_run: bool) -> int:
    from nrem_embedded.cli.access import find
    from nrem_embedded.operating.loading import KINDS, look, send
    from nrem_embedded.platform.screen import Screen
    from nrem_embedded.project_data import data_folder

    unknown = [kind for kind in kinds if kind not in (*KINDS, "all")]
    if unknown:
        raise Refused(f"there is no {unknown[0]!r} to load; there are: {', '.join(KINDS)}, all")
    data, screen = _read(source or data_folder()), Screen(out())
    async with find(state).speaking() as institutions:
        for kind in KINDS if "all" in kinds else [each for each in KINDS if each in kinds]:
            sendings = list(KINDS[kind](data))
            with screen.part(kind, sum(len(each.bodies) for each in sendings)) as part:
                if dry_run:
                    seen = await look(institutions, sendings, part)
                    said = f"{seen.new} new, {seen.changed} changed, {seen.same} as they are"
                else:
                    facts = await send(institutions, sendings, part)
                    said = f"{facts} facts" if facts else "nothing new"
            out().print(f"    {said}")
    return 0


def _read(folder: Path) -> InitialData:
    """Everything in the folder, checked against the contracts. Raises Refused."""
    from pydantic import ValidationError

    from nrem_embedded.demonstration.reference_data import initial_data

    try:
        return initial_data(folder)
    except ValidationError as error:
        faults = "\n".join(f"{'/'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors())
        raise Refused(f"{folder}: a {error.title} is not what the contract says\n{faults}") from error
    except (KeyError, TypeError, ValueError) as error:
        raise Failed(f"{folder}: a file is not of the form of data/: {error!r}") from error
