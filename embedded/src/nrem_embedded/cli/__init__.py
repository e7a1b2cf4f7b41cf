"""The command line `nrem`: start the platform, send quarters, check figures, look after journals and projections."""

from __future__ import annotations

import typer

from nrem_embedded.cli import (
    backups,
    clock,
    demo,
    doctor,
    history,
    journals,
    key,
    load,
    mail,
    projections,
    quarters,
    republish,
    status,
    submit,
)
from nrem_shared.runtime.collecting import begin

HELP = """National rapporteur on trafficking in human beings: the whole platform on one machine.

Start it, and everything else finds it by its state folder:

    nrem demo

    nrem status

    nrem check-quarter data/demo/submissions-2026-Q1.yaml

    nrem clock advance 3d

Every command explains itself: `nrem submit --help`. Exit status: 0 done, 1 something differs or failed,
2 what was given cannot be used (each fault with file, line and reason).
"""


def build() -> typer.Typer:
    """The commands, in the order in which one meets them."""
    app = typer.Typer(
        name="nrem", help=HELP, no_args_is_help=True, rich_markup_mode="markdown", pretty_exceptions_show_locals=False
    )
    first, repairs = (demo, status, doctor, clock, submit, load, key, mail, quarters, history), (journals, projections)
    for module in (*first, *repairs, republish, backups):
        module.register(app)
    return app


def main() -> None:
    """The program `nrem`."""
    begin()
    build()(prog_name="nrem")
