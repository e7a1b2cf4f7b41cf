"""`nrem.releases`: releases are added, never changed, so duplicates and any order give the same table.

Only one told again without what was redacted takes the place of what was kept of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nrem_plan_tracker.releases import store
from nrem_plan_tracker.releases.domain import KnownRelease
from nrem_shared.contracts.releases import FiguresReleased

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nrem_shared.runtime.database import Connection
    from nrem_shared.runtime.projection.events import Event


async def apply(conn: Connection, events: Sequence[Event]) -> None:
    """Keep every release whole."""
    rows = [
        (event, KnownRelease(event.rewrites or event.position, event.recorded_at, event.data))
        for event in events
        if isinstance(event.data, FiguresReleased)
    ]
    if rows:
        await store.save(conn, [row for _, row in rows])
    for event, row in rows:
        if event.rewrites:
            await store.replace(conn, row)
