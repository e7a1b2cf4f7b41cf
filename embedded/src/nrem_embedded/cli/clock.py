"""`nrem clock`: the demonstration's time."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nrem_embedded.cli.options import DEFAULT_STATE, State
from nrem_embedded.cli.outcome import Failed, Refused, finish, out

if TYPE_CHECKING:
    from nrem_embedded.cli.access import Access

RIGA_FORMAT = "%Y-%m-%d %H:%M"
_SPAN = re.compile(r"^(\d{1,3})([mhdw])$")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}

_TOLD = {
    "open": "{period} opens",
    "submit": "{member} submits version {version} of {period}",
    "correct": "{member} corrects {period} (version {version})",
    "accept": "the coordinator accepts version {version} of {member}, {period}",
    "return": "the coordinator returns version {version} of {member}, {period}",
    "release": "the coordinator releases the figures of {period}",
    "call": "the coordinator calls the meeting {subject}",
    "hold": "the meeting {subject} takes place",
    "decide": "the meeting about {period} decides {subject}",
    "verdict": "the coordinator gives a verdict on result {subject}",
    "dissent": "{member} dissents on result {subject}",
    "finish": "{member}: task {subject} is done",
    "circulate": "the minutes of {subject} are circulated",
    "amend": "{member} proposes the amendment {subject}",
    "answer": "the coordinator decides about the amendment {subject}",
    "approve": "the minutes of {subject} are approved",
    "deliver": "the coordinator has delivered {subject}",
}


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(help="Show or move the demonstration's clock.", no_args_is_help=True)
    group.command("show")(show)
    group.command("advance")(advance)
    app.add_typer(group, name="clock")


def show(state: State = DEFAULT_STATE) -> None:
    """Where the clock stands, and what happens next.

    Example:

        nrem clock show
    """
    finish(_show(state))


def advance(
    span: Annotated[str | None, typer.Argument(help="How far: 90m, 12h, 3d, 2w.", metavar="[SPAN]")] = None,
    to: Annotated[str | None, typer.Option(help="Until when: 2026-10-20, or 2026-10-20T12:00 (in Riga).")] = None,
    state: State = DEFAULT_STATE,
) -> None:
    """Move the clock forward; it stops at every planned instant, and whatever is to happen on the way happens.

    A date means its beginning, 00:00 in Riga.

    Examples:

        nrem clock advance 3d

        nrem clock advance --to 2026-11-21
    """

    async def work() -> int:
        from nrem_embedded.cli.access import find

        return await _advance(find(state), _asked(span, to))

    finish(work())


def _asked(span: str | None, to: str | None) -> dict[str, Any]:
    if (span is None) == (to is None):
        raise Refused("say how far: a span such as 3d, or --to and a date")
    if to is not None:
        return {"to": instant(to).isoformat()}
    match = _SPAN.match(span or "")
    if match is None:
        raise Refused(f"{span!r} is no span; write 90m, 12h, 3d or 2w")
    return {"seconds": timedelta(**{_UNITS[match[2]]: int(match[1])}).total_seconds()}


def instant(text: str) -> datetime:
    """A date (its beginning) or an instant; without an offset it is Riga's time. Raises Refused."""
    from nrem_shared.runtime.clock import RIGA

    try:
        if len(text) == len("2026-10-20"):
            return datetime.combine(date.fromisoformat(text), time(), RIGA).astimezone(UTC)
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise Refused(f"{text!r} is no date and no instant; write 2026-10-20 or 2026-10-20T12:00") from error
    return (found if found.tzinfo else found.replace(tzinfo=RIGA)).astimezone(UTC)


def local(instant: str | datetime) -> str:
    """An instant in Riga's time, to the minute."""
    from nrem_shared.runtime.clock import RIGA

    found = datetime.fromisoformat(instant) if isinstance(instant, str) else instant
    return found.astimezone(RIGA).strftime(RIGA_FORMAT)


async def _show(state: Path) -> int:
    from nrem_embedded.cli.access import find

    status = await demonstration_status(find(state))
    out().print(f"{local(status['now'])} (Riga)")
    step = status["next"]
    out().print(f"next: {local(step['at'])} {told(step)}" if step else "nothing is left to happen")
    return 0


async def demonstration_status(access: Access) -> dict[str, Any]:
    """The demonstration's own account of itself. Raises Unreachable, or Failed where this is no demonstration."""
    import httpx

    from nrem_embedded.institutions import Unreachable

    try:
        async with httpx.AsyncClient(base_url=access.url, timeout=10, trust_env=False) as http:
            response = await http.get("/demonstration/status")
    except httpx.TransportError as error:
        raise Unreachable(f"nothing answers at {access.url}: is `nrem demo` running?") from error
    if response.status_code == httpx.codes.NOT_FOUND:
        raise Failed(f"{access.url} is no demonstration: its clock is the machine's")
    found: dict[str, Any] = response.raise_for_status().json()
    return found


async def _advance(access: Access, asked: dict[str, Any]) -> int:
    import httpx

    from nrem_embedded.platform.screen import Screen

    await demonstration_status(access)
    screen = Screen(out())
    async with (
        httpx.AsyncClient(base_url=access.url, timeout=httpx.Timeout(30, read=120), trust_env=False) as http,
        http.stream("POST", "/demonstration/advance", json=asked) as response,
    ):
        if not response.is_success:
            await response.aread()
            problem = response.json()
            details = [each["detail"] for each in problem.get("errors", ())]
            raise Refused("; ".join(details) or problem.get("detail", ""))
        last: dict[str, Any] = {}
        with screen.part("Moving the clock", 0) as part:
            async for line in response.aiter_lines():
                last = json.loads(line)
                if "steps" not in last:
                    break
                part.of(last["of"])
                part.advance(1, local(last["at"]))
                for step in last["steps"]:
                    screen.console.print(f"  {local(step['at'])}  {told(step)}", markup=False)
    if last.get("failed"):
        raise Failed(f"the clock stopped at {local(last['now'])}: {last['failed']}")
    out().print(f"{local(last['now'])} (Riga)")
    return 0


def told(step: dict[str, Any]) -> str:
    """One step in words."""
    names = {"member": step["member"] or step.get("who", ""), "period": step["period"], "version": step["version"]}
    text = _TOLD[step["action"]].format(**names, subject=step.get("subject", ""))
    skipped = f" – passed over: {step['why']}" if step.get("outcome") == "skipped" else ""
    return text + skipped
