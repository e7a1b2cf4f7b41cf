"""`nrem republish`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from nrem_embedded.cli.options import DEFAULT_STATE, State, complete_service
from nrem_embedded.cli.outcome import Failed, Refused, finish, out


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("republish")(republish)


def republish(
    services: Annotated[
        list[str] | None,
        typer.Argument(
            help="Whose journals; left out: those of which Kafka has lost something.",
            autocompletion=complete_service,
            metavar="[SERVICE]…",
        ),
    ] = None,
    erase: Annotated[
        bool, typer.Option("--erase", help="Delete the topics of the services named before: after a redaction.")
    ] = False,
    state: State = DEFAULT_STATE,
) -> None:
    """Bring everything back after Kafka lost data, a topic or all of it: from the journals, which have lost nothing.

    Makes missing topics, lets the relays send from the first row and the projections read from the beginning, and
    waits until all have caught up. What a projection had applied is passed over; no mail is sent again. Start Kafka
    (it may be empty) and the platform first. Safe to repeat; without names it does nothing where nothing is lost.

    Examples:

        nrem republish

        nrem republish intake

        nrem republish intake plan-tracker statistics notifier --erase
    """
    if erase and not services:
        raise typer.BadParameter("name the services whose topics are to be sent anew", param_hint="--erase")
    finish(_republish(state, services or [], erase=erase))


async def _republish(state: Path, named: list[str], *, erase: bool) -> int:
    from nrem_embedded.cli.access import installation_of, services_named
    from nrem_embedded.operating.installed import Away
    from nrem_embedded.operating.republishing import Stalled, Unsafe
    from nrem_embedded.operating.republishing import republish as send_again
    from nrem_embedded.platform.screen import Screen

    chosen = [each for name in named for each in services_named(name)]
    services = installation_of(state)
    try:
        outlook, done = await send_again(services, chosen, Screen(out()), erase=erase)
    except ConnectionError as error:
        raise Refused(f"{error}. Start Kafka first (it may be empty), then repeat") from error
    except Unsafe as error:
        raise Refused(str(error)) from error
    except (Away, Stalled) as error:
        raise Failed(str(error)) from error
    for name, topics in outlook.lost.items():
        for topic, why in topics.items():
            out().print(f"  {topic} of {name}: {why}", markup=False)
    if done is None:
        out().print("nothing is lost; to send a journal again all the same, name its service")
        return 0
    if done.made:
        out().print(f"topics made: {', '.join(done.made)}")
    for name, facts in done.sent.items():
        out().print(f"{name}: its journal of {facts} facts is on its topics again")
    for name, topics_read in done.reread.items():
        if topics_read:
            out().print(f"{name}: has read {', '.join(topics_read)} from the beginning")
    return 0
