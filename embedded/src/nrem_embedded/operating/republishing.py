"""`nrem republish`: after Kafka lost data, everything goes from the journals to the topics once more.

Topics are made again, relays begin at the first row, and every projection reads the topics from their beginning; what
it applied before is passed over by its position, so nothing is doubled, and what is missing comes after all.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nrem_embedded.operating import store
from nrem_embedded.operating.ends import extents
from nrem_embedded.operating.losses import Outlook, look
from nrem_shared.contracts.topics import HEARTBEATS
from nrem_shared.runtime.journal.verify import verify
from nrem_shared.runtime.projection import store as projection_store
from nrem_shared.runtime.projection.places import Partition, take_up
from nrem_shared.runtime.relay_marks import end_active_relay, forget_marks, lock_relay, read_marks
from nrem_shared.runtime.topic_ids import ask_bus
from nrem_shared.runtime.topics import create_topics, delete_topics

if TYPE_CHECKING:
    from nrem_embedded.operating.ends import Place
    from nrem_embedded.operating.installed import Installation, Installed
    from nrem_embedded.platform.screen import Part, Screen

#: So long without any progress means that nobody sends or reads.
PATIENCE = 60.0
_LOOK = 0.2  # seconds between two looks
_LOCK_LIMIT = 30.0  # seconds


class Unsafe(Exception):
    """Sending again now would do harm; the text says why and what to do."""


class Stalled(Exception):
    """Nobody sends, or nobody reads. What was begun goes on by itself once somebody does."""


@dataclass(frozen=True)
class Republished:
    """What was done: topics made, service → facts in its journal, service → topics it reads from the beginning."""

    made: tuple[str, ...]
    sent: Mapping[str, int]
    reread: Mapping[str, tuple[str, ...]]


async def republish(
    services: Installation, named: Collection[str], screen: Screen, patience: float = PATIENCE, *, erase: bool = False
) -> tuple[Outlook, Republished | None]:
    """Send the journals of the services named again, or of those of whom something is lost; null: nothing is.

    With `erase` the topics of those named are deleted before: what was redacted in a journal is on none of them then.
    Raises ConnectionError, Away, Unsafe or Stalled. Safe to repeat, and to cut off at any moment.
    """
    outlook = await look(services)
    wanted = [name for name in services if name in (named or outlook.lost)]
    if not wanted and HEARTBEATS in outlook.bus.topics:
        return outlook, None
    if outlook.unsafe:
        raise Unsafe("\n".join(outlook.unsafe))
    for name in wanted:
        await _whole(services[name], screen)
    if erase:
        any_one = next(iter(services.values())).settings
        await delete_topics(any_one, {topic for name in wanted for topic in services[name].sends}, patience)
    made = await create_topics(next(iter(services.values())).settings)
    lost = {*made, *(topic for name in wanted for topic in services[name].sends)}
    reread = {name: await _reread(service, lost) for name, service in services.items()}
    for name in wanted:
        await _begin_again(services[name])
    await _wait_for_relays(services, {name: outlook.heads[name] for name in wanted}, screen, patience)
    await _wait_for_readers(services, lost - {HEARTBEATS}, screen, patience)
    return outlook, Republished(tuple(made), {name: outlook.heads[name] for name in wanted}, reread)


async def _whole(service: Installed, screen: Screen) -> None:
    """Raise Unsafe for a journal that does not hold: it would be told to everybody."""
    async with service.connected() as conn:
        with screen.part(f"Verifying the journal of {service.name}", 0) as part:

            def progress(done: int, total: int) -> None:
                part.of(total)
                part.advance(done - part.done)

            found = await verify(conn, progress=progress)
    if found.findings:
        raise Unsafe(
            f"the journal of {service.name} does not hold ({len(found.findings)} places, "
            f"first: {found.findings[0].what}): nrem verify-journal --service {service.name}"
        )


async def _reread(service: Installed, lost: Collection[str]) -> tuple[str, ...]:
    """Let its projection read these topics from their beginning; running consumers notice by the generation."""
    topics = service.blueprint.topics & set(lost)
    bus = await ask_bus(service.settings, topics)
    found = await extents(service.settings, bus.topics, ())
    places = {
        place: Partition(bus.topics[place[0]].id, bus.topics[place[0]].partitions, extent.end, 0)
        for place, extent in found.items()
    }
    if not places:
        return ()
    async with service.connected(owner=True) as conn, conn.transaction():
        await conn.execute("set local lock_timeout = '30s'")
        await projection_store.new_generation(conn)
        await take_up(conn, places, places)
    return tuple(sorted(topics - {HEARTBEATS}))


async def _begin_again(service: Installed) -> None:
    """Forget how far its relay was, while no relay is active."""
    async with AsyncExitStack() as stack:
        ours = await stack.enter_async_context(service.connected())
        other = await stack.enter_async_context(service.connected())
        locking = asyncio.ensure_future(lock_relay(ours))
        deadline = time.monotonic() + _LOCK_LIMIT
        try:
            while not locking.done():
                if time.monotonic() > deadline:
                    raise Unsafe(f"the relay of {service.name} cannot be interrupted: stop it and repeat")
                await end_active_relay(other)
                await asyncio.wait([locking], timeout=_LOOK)
            await locking
        finally:
            locking.cancel()
        await forget_marks(ours)


async def _wait_for_relays(services: Installation, heads: Mapping[str, int], screen: Screen, patience: float) -> None:
    async def sent() -> int:
        return sum([min(heads[name], await _sent(services[name])) for name in heads])

    with screen.part("Sending facts to Kafka", sum(heads.values())) as part:
        await _follow(
            part, sent, sum(heads.values()), patience, "nothing is sent: start the relays; they go on by themselves"
        )


async def _sent(service: Installed) -> int:
    async with service.connected() as conn:
        return (await read_marks(conn)).journal


async def _wait_for_readers(services: Installation, topics: Collection[str], screen: Screen, patience: float) -> None:
    any_one = next(iter(services.values()))
    bus = await ask_bus(any_one.settings, topics)
    ends = {place: extent.end for place, extent in (await extents(any_one.settings, bus.topics, ())).items()}
    wanted = {name: {p: end for p, end in ends.items() if p[0] in each.reads} for name, each in services.items()}

    async def read() -> int:
        return sum([await _read(services[name], places) for name, places in wanted.items()])

    total = sum(sum(places.values()) for places in wanted.values())
    with screen.part("Reading them again", total) as part:
        hint = "nothing is read: start the consumers (nrem status names one that halted); they go on by themselves"
        await _follow(part, read, total, patience, hint)


async def _read(service: Installed, ends: Mapping[Place, int]) -> int:
    async with service.connected() as conn:
        rows = await store.read_places(conn, sorted({topic for topic, _ in ends}))
    return sum(min(row["next_offset"], ends.get((row["topic"], row["partition"]), 0)) for row in rows)


async def _follow(part: Part, measure: Callable[[], Awaitable[int]], total: int, patience: float, hint: str) -> None:
    """Show how it goes until all is done. Raises Stalled where nothing moves for so many seconds."""
    moved_at = time.monotonic()
    while (now := await measure()) < total:
        if now > part.done:
            part.advance(now - part.done)
            moved_at = time.monotonic()
        if time.monotonic() - moved_at > patience:
            raise Stalled(hint)
        await asyncio.sleep(_LOOK)
    part.advance(total - part.done)
