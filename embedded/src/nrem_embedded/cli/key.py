"""`nrem key`."""

from __future__ import annotations

from typing import Annotated

import typer

from nrem_embedded.cli.options import DEFAULT_STATE, State
from nrem_embedded.cli.outcome import finish


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("key")(key)


def key(
    member: Annotated[str, typer.Argument(help="Code of an institution, such as vp.", metavar="MEMBER")],
    state: State = DEFAULT_STATE,
) -> None:
    """Print the key of an institution of the demonstration, for use with curl.

    Example:

        curl -u "vp:$(nrem key vp)" -d grant_type=client_credentials http://127.0.0.1:8080/intake/api/oauth/token
    """
    from nrem_embedded.cli.access import find

    async def work() -> int:
        access = find(state)
        access.key_of(member)
        typer.echo(access.keys[member].secret)
        return 0

    finish(work())
