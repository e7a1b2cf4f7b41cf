"""What Kafka has lost of what the relays sent, and whether sending it again is safe."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from nrem_embedded.operating import store
from nrem_embedded.operating.ends import Extent, Place, extents
from nrem_shared.contracts.topics import TOPICS
from nrem_shared.runtime.journal import store as journal_store
from nrem_shared.runtime.relay_marks import Marks, read_marks
from nrem_shared.runtime.topic_ids import Bus, ask_bus

if TYPE_CHECKING:
    from nrem_embedded.operating.installed import Installation, Installed


@dataclass(frozen=True)
class Outlook:
    """Kafka and the databases as they stand.

    `lost`: service → topic → what is missing of it, in words. `unsafe`: why sending again would do harm.
    """

    bus: Bus
    extents: Mapping[Place, Extent]
    heads: Mapping[str, int]
    lost: dict[str, dict[str, str]] = field(default_factory=dict)
    unsafe: list[str] = field(default_factory=list)


async def look(services: Installation) -> Outlook:
    """Ask Kafka and every database. Raises ConnectionError or Away."""
    settings = next(iter(services.values())).settings
    bus = await ask_bus(settings, TOPICS)
    whole = {name for name, topic in TOPICS.items() if not topic.compacted}
    found = await extents(settings, bus.topics, whole)
    heads: dict[str, int] = {}
    marks: dict[str, Marks] = {}
    for service in services.values():
        async with service.connected() as conn:
            head = await journal_store.read_head(conn)
            heads[service.name], marks[service.name] = head["position"] if head else 0, await read_marks(conn)
    outlook = Outlook(bus, found, heads)
    for service in services.values():
        for topic in sorted(service.sends):
            if why := _missing(topic, outlook, marks[service.name]):
                outlook.lost.setdefault(service.name, {})[topic] = why
    for service in services.values():
        await _ask_reader(service, services, outlook)
    return outlook


def _missing(topic: str, outlook: Outlook, marks: Marks) -> str:
    """What is missing of a topic by what Kafka has; empty where nothing is."""
    found = outlook.bus.topics.get(topic)
    if found is None:
        return "it is not there"
    for partition in range(found.partitions):
        extent, sent = outlook.extents[(topic, partition)], marks.sent.get((topic, partition), 0)
        if sent and extent.first == extent.end:
            return f"partition {partition} is empty, though position {sent} was sent to it"
        if extent.prev and not TOPICS[topic].compacted:
            return f"partition {partition} begins after position {extent.prev}"
    return ""


async def _ask_reader(service: Installed, services: Installation, outlook: Outlook) -> None:
    """What one service misses, and whether it knows more than the journals say."""
    owner = {topic: each.name for each in services.values() for topic in each.sends}
    async with service.connected() as conn:
        rows, gaps = await store.read_places(conn, sorted(service.reads)), await store.gaps(conn)
    for row in rows:
        sender = owner.get(row["topic"])
        if sender is not None and row["position"] > outlook.heads[sender]:
            outlook.unsafe.append(
                f"{service.name} has applied position {row['position']} of {sender}'s journal, which ends at "
                f"{outlook.heads[sender]}: the journal was restored from an older back-up. Make {service.name}'s "
                f"projection anew on empty topics (docs/operations.md, Restore)"
            )
    for gap in gaps:
        sender = owner.get(gap["topic"])
        if sender is not None:
            text = f"{service.name} misses what came after position {gap['after']} up to {gap['before']}"
            outlook.lost.setdefault(sender, {}).setdefault(gap["topic"], text)
