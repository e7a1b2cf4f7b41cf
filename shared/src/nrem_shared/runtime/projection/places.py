"""Where a projection reads on: its own places, checked against what Kafka has at this moment.

A topic may have been born anew since (Kafka's data lost, the topic deleted), or have lost its end. Then it is read from
its beginning: what was applied before is passed over by its position, and what was missing comes after all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nrem_shared.runtime.projection import store

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    import asyncpg

    from nrem_shared.runtime.database import Connection
    from nrem_shared.runtime.projection.store import Place


@dataclass(frozen=True, slots=True)
class Partition:
    """A topic-partition as Kafka has it: its topic's id and number of partitions, and its end (the next offset).

    `stood` is the place the projection had reached before Kafka was asked: whoever still reads there may have got
    further since than the end that Kafka named.
    """

    topic_id: str
    partitions: int
    end: int
    stood: int


async def take_up(
    conn: Connection, found: Mapping[Place, Partition], rewound: Collection[Place] = ()
) -> dict[Place, int]:
    """The offset to read on from, by topic-partition; places that mean nothing any more are begun anew.

    `rewound` are begun anew in any case. Inside the caller's transaction. Safe to repeat.
    """
    await store.add_places(conn, sorted(found))
    rows = await store.lock_places(conn, sorted({topic for topic, _ in found}))
    anew: list[Place] = []
    for topic in sorted({topic for topic, _ in found}):
        mine = {place: each for place, each in found.items() if place[0] == topic}
        known = [row for row in rows if row["topic"] == topic]
        if _divided_otherwise(mine, known):
            await store.forget_topic(conn, topic)
        else:
            anew += [place for place in sorted(mine) if _stale(mine[place], known, place, rewound)]
    await store.begin_anew(conn, anew)
    await store.save_topic_ids(conn, {place: each.topic_id for place, each in found.items()})
    offsets = await store.offsets(conn)
    return {place: offsets.get(place, 0) for place in found}


def _divided_otherwise(found: Mapping[Place, Partition], known: Sequence[asyncpg.Record]) -> bool:
    """Born anew with another number of partitions: positions of a partition say nothing about it any more."""
    now = next(iter(found.values()))
    before = [row for row in known if row["topic_id"] not in (None, now.topic_id)]
    return bool(before) and len(before) != now.partitions


def _stale(now: Partition, known: Sequence[asyncpg.Record], place: Place, rewound: Collection[Place]) -> bool:
    row = next(row for row in known if row["partition"] == place[1])
    return place in rewound or row["topic_id"] not in (None, now.topic_id) or now.stood > now.end
