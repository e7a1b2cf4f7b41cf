"""`nrem rebuild` and `nrem dead-letters`: what services know of each other, made anew or mended."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Annotated, Any

import typer

from nrem_embedded.cli.options import DEFAULT_STATE, SERVICES, State, complete_service
from nrem_embedded.cli.outcome import DIFFERS, Failed, Refused, finish, out

if TYPE_CHECKING:
    from nrem_embedded.cli.access import Access
    from nrem_shared.runtime.service import Blueprint
    from nrem_shared.runtime.settings import ServiceSettings

BASES = {"intake": "/intake", "statistics": "/statistics", "plan-tracker": "/plan", "notifier": "/reminders"}

#: So long without any progress means that nobody reads.
_PATIENCE = 60.0

Service = Annotated[
    str, typer.Option("--service", help="One service, or all.", autocompletion=complete_service, metavar="NAME|all")
]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("rebuild")(rebuild)
    group = typer.Typer(help="Records that a service received and did not understand.", no_args_is_help=True)
    group.command("list")(list_letters)
    group.command("replay")(replay)
    app.add_typer(group, name="dead-letters")


def rebuild(
    service: Annotated[str, typer.Argument(help="The service.", autocompletion=complete_service, metavar="SERVICE")],
    state: State = DEFAULT_STATE,
) -> None:
    """Drop what a service knows of the others, and let it read everything again from Kafka. Its own facts stay.

    Waits until it has caught up; the platform may go on working meanwhile.

    Example:

        nrem rebuild statistics
    """

    async def work() -> int:
        if service not in SERVICES:
            raise Refused(f"there is no service {service!r}; there are: {', '.join(SERVICES)}")
        from nrem_embedded.cli.access import service_settings

        blueprint, settings = service_settings(state, service)
        return await _rebuild(blueprint, settings)

    finish(work())


async def _rebuild(blueprint: Blueprint, settings: ServiceSettings) -> int:
    from urllib.parse import urlsplit

    import asyncpg

    from nrem_embedded.platform.rebuilding import standing
    from nrem_embedded.platform.screen import Screen
    from nrem_shared.runtime.migrate import recreate_projection

    if settings.owner_database_url is None:
        raise Refused("to rebuild, NREM_OWNER_DATABASE_URL is needed: the database as its owner")
    screen = Screen(out())
    try:
        connection = await asyncpg.connect(str(settings.database_url))
    except (OSError, asyncpg.PostgresError) as error:
        raise Failed(f"{blueprint.name}: the database does not answer ({error})") from error
    try:
        before = await standing(connection, blueprint.topics)
        app_role = urlsplit(str(settings.database_url)).username or ""
        await recreate_projection(str(settings.owner_database_url), blueprint.package, app_role)
        with screen.part(f"Rebuilding {blueprint.name}", before.read) as part:
            last, moved_at = 0, time.monotonic()
            while not (now := await standing(connection, blueprint.topics)).caught_up(before):
                part.advance(now.read - part.done)
                if now.read != last:
                    last, moved_at = now.read, time.monotonic()
                if time.monotonic() - moved_at > _PATIENCE:
                    raise Failed(f"nothing is read: {blueprint.name} does not run; it will read on when it starts")
                await asyncio.sleep(0.1)
            part.advance(now.read - part.done)
    finally:
        await connection.close()
    return 0


def list_letters(service: Service = "all", state: State = DEFAULT_STATE) -> None:
    """What was not understood, and why: topic, partition, offset, cause.

    Example:

        nrem dead-letters list --service statistics
    """

    async def work() -> int:
        from nrem_embedded.cli.access import find, services_named

        found = await _each(find(state), services_named(service), "GET", "/api/operations/dead-letters")
        for name, letters in found.items():
            for each in letters:
                place = f"{each['topic']}/{each['partition']}@{each['record_offset']}"
                kind = each["event_type"] or "?"
                out().print(
                    f"{name} #{each['id']} {place} {kind} {each['key'] or ''}: {each['cause']}: {each['detail']}",
                    markup=False,
                )
        total = sum(map(len, found.values()))
        out().print(f"{total} dead letters")
        return DIFFERS if total else 0

    finish(work())


def replay(service: Service = "all", state: State = DEFAULT_STATE) -> None:
    """Try dead letters again, after a release that understands them; what is not understood stays.

    Example:

        nrem dead-letters replay
    """

    async def work() -> int:
        from nrem_embedded.cli.access import find, services_named

        path = "/api/operations/dead-letters/replay"
        found = await _each(find(state), services_named(service), "POST", path)
        for name, each in found.items():
            out().print(f"{name}: {each['resolved']} resolved, {each['remaining']} remain")
        return DIFFERS if any(each["remaining"] for each in found.values()) else 0

    finish(work())


async def _each(access: Access, services: tuple[str, ...], method: str, path: str) -> dict[str, Any]:
    async with access.speaking() as institutions:
        return {name: (await institutions.do("coordinator", method, BASES[name] + path)).json() for name in services}
