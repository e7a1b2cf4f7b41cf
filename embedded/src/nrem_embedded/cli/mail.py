"""`nrem mail`: whether mail works."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Annotated, Any

import typer

from nrem_embedded.cli.options import DEFAULT_STATE, State
from nrem_embedded.cli.outcome import Failed, finish, out

#: How long the command waits for the mail server's word, and how often it looks.
PATIENCE_SECONDS = 60.0
LOOK_SECONDS = 0.3

_HELD = {
    "paused": "sending is paused (resume it on the page of policies)",
    "stale": "what the notifier knows is not fresh: look at Kafka and the relays",
    "no_policies": "no reminder policies were adopted yet",
    "": "the mail server was not asked yet: does the role `remind` of the notifier run?",
}


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(help="Try whether mail works.", no_args_is_help=True)
    group.callback()(_mail)
    group.command("test")(send_test)
    app.add_typer(group, name="mail")


def _mail() -> None:
    """Try whether mail works."""


def send_test(
    address: Annotated[str, typer.Argument(help="Who is written to; outside production one on the allow-list.")],
    language: Annotated[str, typer.Option(help="Language of the mail: lv or en.")] = "lv",
    state: State = DEFAULT_STATE,
) -> None:
    """Send a test mail and wait for the mail server's word.

    It goes the way every mail goes. Exit status 1 where it is refused, fails, or does not leave within a minute.

    Example:

        nrem mail test persona@iem.example
    """
    finish(_test(address, language, state))


async def _test(address: str, language: str, state: Path) -> int:
    from nrem_embedded.cli.access import find
    from nrem_embedded.demonstration.steps import COORDINATOR
    from nrem_embedded.institutions import ApiError

    access = find(state)
    async with access.speaking() as institutions:
        try:
            body = {"address": address, "language": language}
            made = (await institutions.do(COORDINATOR, "POST", "/reminders/api/mail/test", json=body)).json()
        except ApiError as error:
            raise Failed(_refusal(address, error.problem)) from error
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            shown = (await institutions.do(COORDINATOR, "GET", f"/reminders/api/mails/{made['mail']}")).json()
            if shown["state"] in ("sent", "failed") or shown["attempts"] or time.monotonic() > deadline:
                break
            await asyncio.sleep(LOOK_SECONDS)
        if shown["state"] == "sent":
            out().print(_sent(address, shown), markup=False)
            return 0
        held = (await institutions.do(COORDINATOR, "GET", "/reminders/api/today")).json()["sending"]["held"]
        raise Failed(_not_sent(address, shown, held))


def _refusal(address: str, problem: dict[str, Any]) -> str:
    codes = {error["code"] for error in problem.get("errors", ())}
    if "not_allowed" in codes:
        return (
            f"{address} is not written to: outside production only addresses on the allow-list are "
            "(NREM_ALLOWED_RECIPIENTS: addresses, or domains such as @iem.gov.lv)"
        )
    if "string_pattern_mismatch" in codes and "@" not in address:
        return f"{address} is no e-mail address"
    details = "; ".join(f"{error['pointer'].strip('/')}: {error['detail']}" for error in problem.get("errors", ()))
    return f"the test mail was refused: {details or problem.get('detail') or problem.get('title')}"


def _sent(address: str, shown: dict[str, Any]) -> str:
    return (
        f"sent “{shown['subject']}” from {shown['sender']} to {address}\n"
        f"through {shown['server']}, which took it (Message-ID {shown['message_id']})"
    )


def _not_sent(address: str, shown: dict[str, Any], held: str) -> str:
    through = f"through {shown['server']}"
    if shown["attempts"]:
        said = " ".join(part for part in (shown["cause"], shown["detail"]) if part)
        again = "" if shown["state"] == "failed" else "; it will be tried again"
        return f"the mail to {address} {through} was not taken: {said}{again}"
    return f"the mail to {address} waits, {through}: {_HELD.get(held, held)}"
