"""`nrem demo`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from nrem_embedded.cli.options import DEFAULT_STATE, State
from nrem_embedded.cli.outcome import Refused, finish, out


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("demo")(demo)


def demo(
    port: Annotated[int, typer.Option(help="The one port people and programs reach.", min=1, max=65_535)] = 8080,
    state: State = DEFAULT_STATE,
    fresh: Annotated[bool, typer.Option("--fresh", help="Delete what the state folder holds, and begin anew.")] = False,
    empty: Annotated[
        bool, typer.Option("--empty", help="Reference data and members only; quarters come by `nrem import-quarter`.")
    ] = False,
    data: Annotated[
        Path | None, typer.Option(help="The folder with reference data and quarters.", envvar="NREM_DATA")
    ] = None,
    postgres: Annotated[
        str | None, typer.Option(help="Address (DSN) of a superuser of a PostgreSQL that runs already.", hidden=True)
    ] = None,
    kafka: Annotated[
        str | None, typer.Option(help="Address of a Kafka that runs already, host:port.", hidden=True)
    ] = None,
) -> None:
    """Start the whole platform here: PostgreSQL, Kafka, all services, with the demonstration's quarters.

    The first start installs and loads; later ones go on where the last one stood. Ctrl-C stops everything, and
    nothing is left running however it ends.

    Examples:

        nrem demo

        nrem demo --port 9000 --state /tmp/nrem

        nrem demo --fresh --empty
    """
    import uvloop

    from nrem_embedded.platform.demonstrating import Options, demonstrate
    from nrem_embedded.platform.installing import Content, GivenServers
    from nrem_embedded.platform.screen import Screen
    from nrem_embedded.project_data import data_folder

    async def work() -> int:
        if (postgres is None) != (kafka is None):
            raise Refused("name both servers, --postgres and --kafka, or neither")
        servers = GivenServers(postgres, kafka) if postgres and kafka else None
        content: Content = "empty" if empty else "demonstration"
        options = Options(state, port, fresh, content, data or data_folder(), servers)
        return await demonstrate(options, Screen(out()))

    finish(work(), loop=uvloop.new_event_loop)
