"""How far a projection has come, asked from outside the service that fills it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nrem_embedded.platform import store
from nrem_shared.contracts.topics import HEARTBEATS

if TYPE_CHECKING:
    from nrem_shared.runtime.database import Connection


@dataclass(frozen=True)
class Standing:
    """Journal positions applied, by topic and partition; `fresh` = topics known to be complete."""

    positions: dict[tuple[str, int], int]
    fresh: frozenset[str]

    @property
    def read(self) -> int:
        """A number that grows with every record applied."""
        return sum(self.positions.values())

    def caught_up(self, before: Standing) -> bool:
        """Whether everything applied at `before` is applied again, and nothing is known to be missing."""
        reached = all(self.positions.get(place, 0) >= position for place, position in before.positions.items())
        return reached and self.fresh >= before.fresh


async def standing(conn: Connection, topics: Collection[str]) -> Standing:
    """How far the projection is now; heartbeats are not counted."""
    rows = [row for row in await store.applied(conn) if row["topic"] in topics and row["topic"] != HEARTBEATS]
    return Standing(
        positions={(row["topic"], row["partition"]): row["position"] for row in rows},
        fresh=frozenset(row["topic"] for row in rows if row["fresh_at"] is not None),
    )
