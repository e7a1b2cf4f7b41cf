"""`nrem demo`: everything on this machine, from nothing to `ready:`, until it is told to stop."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import signal
import socket
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil

from nrem_embedded.platform.installing import Content, OwnServers, Servers, install, migrate_all
from nrem_embedded.platform.screen import Screen
from nrem_embedded.platform.server import HOST, build_server, take_port
from nrem_embedded.platform.state import Installation, InstitutionKey, StateError, StateFolder
from nrem_embedded.servers import ServerError
from nrem_embedded.servers.memory import MEGABYTE, bytes_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from nrem_embedded.demonstration.journeys import Journeys
    from nrem_embedded.institutions import Institutions
    from nrem_embedded.platform.composition import Platform
    from nrem_shared.runtime.service import Runtime

#: The working group whose members report in the demonstration.
GROUP = "working_group_2025"

THINGS_TO_TRY = (
    ("Step into a role, with one click", "{url}"),
    ("Be the coordinator and decide", "{url}intake/queue"),
    ("Look at a quarter as known on any day", "{url}statistics/quarters/2026-Q3"),
    ("Let the rest of 2026-Q3 happen", "nrem clock advance --to 2026-11-21{state}"),
    ("Compare with what was expected", "nrem check-quarter data/demo/submissions-2026-Q2.yaml{state}"),
)


@dataclass(frozen=True)
class Options:
    """What `nrem demo` was asked for."""

    state: Path
    port: int
    fresh: bool
    content: Content
    data: Path
    servers: Servers | None = None  # null = our own


async def demonstrate(options: Options, screen: Screen) -> int:
    """Run until Ctrl-C or SIGTERM; returns the exit status. Raises StateError, PortTaken, ServerError, ApiError."""
    state = StateFolder(options.state)
    with contextlib.closing(take_port(options.port)) as listening, state.locked():
        if options.fresh:
            state.clear()
        ended = _until_told()
        async with AsyncExitStack() as stack:
            demo = await stack.enter_async_context(_up(options, state, listening, screen))
            _tell_ready(demo, screen)
            broken, stop = asyncio.create_task(demo.servers.watch()), asyncio.create_task(ended.wait())
            stack.push_async_callback(_cancel, broken, stop)
            stack.push_async_callback(_cancel, asyncio.create_task(_train(demo.servers)))
            done, _ = await asyncio.wait({stop, broken}, return_when=asyncio.FIRST_COMPLETED)
            if broken in done:
                screen.console.print(f"{broken.result()} ended by itself; see {state.path}", style="red")
                return 1
            screen.console.print("\nstopping …")
    return 0


@dataclass(frozen=True)
class Demo:
    """A platform that is up."""

    servers: Servers
    installation: Installation
    state: StateFolder


@asynccontextmanager
async def _up(options: Options, state: StateFolder, listening: socket.socket, screen: Screen) -> AsyncIterator[Demo]:
    url = f"http://{HOST}:{options.port}/"
    servers = options.servers or OwnServers(state)
    async with AsyncExitStack() as stack:
        with screen.part("PostgreSQL 18 and Apache Kafka 4.3"):
            stack.push_async_callback(servers.stop)
            await _start(servers)
        from nrem_embedded.platform.composition import compose, settings_of
        from nrem_embedded.platform.front import build_front
        from nrem_shared.runtime.logs import configure_logs

        state.logs.mkdir(exist_ok=True)
        configure_logs("INFO", stack.enter_context((state.logs / "platform.jsonl").open("a", buffering=1)))
        with screen.part("Databases, schemas and topics"):
            installation = await install(state, servers, url, options.content)
            settings = {name: settings_of(installation, state, name) for name in installation.databases}
            await migrate_all(settings)
        with screen.part("Services"):
            platform = compose(settings, build_front())
            runtimes = await stack.enter_async_context(platform.running())
            keys, institutions = await _acquaint(state, runtimes["intake"], url, stack)
            journeys = await _demonstration(platform, options, institutions, stack)
            await stack.enter_async_context(_serving(platform, listening))
            signing_key = runtimes["intake"].api.state.issuer.kid
            await institutions.settle(f"intake:signing-key/{signing_key}@1")
        await _load(options, installation, state, keys, institutions, journeys, screen)
        gc.collect()
        yield Demo(servers, installation, state)


async def _start(servers: Servers) -> None:
    """Start the servers, and meanwhile read in the services' code, which takes as long."""
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(servers.start())
            group.create_task(asyncio.to_thread(import_module, "nrem_embedded.platform.front"))
            group.create_task(asyncio.to_thread(import_module, "nrem_embedded.platform.composition"))
    except BaseExceptionGroup as failures:
        raise failures.exceptions[0] from None


async def _acquaint(
    state: StateFolder, intake: Runtime, url: str, stack: AsyncExitStack
) -> tuple[dict[str, InstitutionKey], Institutions]:
    """The keys of this installation (the first of them made now, if there is none), and the client that uses them."""
    from nrem_embedded.demonstration.steps import COORDINATOR
    from nrem_embedded.institutions import Institutions, http_client
    from nrem_intake.identity.keys.commands import bootstrap

    keys = state.keys()
    if COORDINATOR not in keys:
        roles = ("coordinator", "operator")
        issued = await bootstrap(intake, "iem", roles)
        if issued is None:
            raise StateError(f"the coordinator's key of {state.path} is lost: start anew with --fresh")
        keys[COORDINATOR] = InstitutionKey(member="iem", id=str(issued[0]), secret=issued[1], roles=roles)
        state.save_keys(keys)
    return keys, Institutions(await stack.enter_async_context(http_client(url)), keys)


async def _demonstration(
    platform: Platform, options: Options, institutions: Institutions, stack: AsyncExitStack
) -> Journeys:
    """The demonstration's routes get what they work with."""
    from nrem_embedded.calendar import PlatformCalendar
    from nrem_embedded.demonstration.app import Demonstration
    from nrem_embedded.demonstration.journeys import Journeys
    from nrem_embedded.demonstration.player import Player
    from nrem_embedded.demonstration.reference_data import members_of, registered
    from nrem_embedded.demonstration.scenario import demonstration_scenario

    calendar = PlatformCalendar.from_folder(options.data)
    scenario = demonstration_scenario(options.data, calendar, GROUP, options.content)
    journeys = Journeys(Player(institutions, scenario, calendar))
    stack.push_async_callback(journeys.stop)
    group = set(members_of(options.data, GROUP))
    members = tuple(each for each in registered(options.data) if each["code"] in group)
    platform.app.state.demonstration = Demonstration(journeys, platform.services, members, options.content)
    return journeys


@asynccontextmanager
async def _serving(platform: Platform, listening: socket.socket) -> AsyncIterator[None]:
    server = build_server(platform.app)
    serving = asyncio.create_task(server.serve(sockets=[listening]), name="platform:http")
    try:
        while not server.started and not serving.done():
            await asyncio.sleep(0.01)
        yield
    finally:
        server.should_exit = True
        await serving


async def _load(
    options: Options,
    installation: Installation,
    state: StateFolder,
    keys: dict[str, InstitutionKey],
    institutions: Institutions,
    journeys: Journeys,
    screen: Screen,
) -> None:
    """Once: what stands before the first quarter, and everything that happens before the clock's first stand."""
    if installation.loaded:
        return
    from nrem_embedded.demonstration.founding import Founding, parts_of
    from nrem_embedded.demonstration.player import stops
    from nrem_embedded.demonstration.reference_data import initial_data, members_of
    from nrem_embedded.demonstration.scenario import READY_AT

    data, group = initial_data(options.data), members_of(options.data, GROUP)
    with screen.part("Reference data, members, keys, plans, history", parts_of(data, group)) as part:
        await Founding(institutions, keys, state.save_keys).load(data, group, part.advance)
    if options.content == "demonstration":
        player = journeys.player
        with screen.part("Quarters 2026-Q1 to Q3 until 12 October", 0) as part:
            part.of(len(stops(player.scenario, player.calendar, await player.now(), READY_AT)))
            async for happened in player.play(READY_AT):
                part.advance(1, f"{happened.at:%Y-%m-%d}")
    state.save(installation.model_copy(update={"loaded": True}))


def _tell_ready(demo: Demo, screen: Screen) -> None:
    url = demo.installation.url
    screen.console.print(f"\n[bold green]ready:[/] {url}\n", highlight=False)
    total = sum(took for _, took in screen.times)
    screen.table("Time", [*((what, f"{took:.1f} s") for what, took in screen.times), ("together", f"{total:.1f} s")])
    held = {**demo.servers.memory(), "Services (one process)": bytes_of(psutil.Process(os.getpid())) / MEGABYTE}
    held["together"] = sum(held.values())
    screen.table("Memory (proportional)", [(what, f"{megabytes:.0f} MB") for what, megabytes in held.items()])
    screen.console.print("Things to try", style="bold")
    elsewhere = "" if demo.state.path == Path(".state").resolve() else f" --state {demo.state.path}"
    for what, how in THINGS_TO_TRY:
        screen.console.print(f" {what}\n   {how.format(url=url, state=elsewhere)}", markup=False)
    screen.console.print("\nCtrl-C stops everything.", style="dim")


def _until_told() -> asyncio.Event:
    """Set by Ctrl-C or SIGTERM; a second Ctrl-C ends at once, and the servers with it."""
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()

    def told() -> None:
        if ended.is_set():
            os._exit(130)
        ended.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, told)
    return ended


async def _train(servers: Servers) -> None:
    """Prepare faster starts; where that fails, starts stay as they are."""
    with contextlib.suppress(ServerError, OSError, TimeoutError):
        await servers.train()


async def _cancel(*tasks: asyncio.Task[Any]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
