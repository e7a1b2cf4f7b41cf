"""`nrem.reminders`: outcomes are added, never changed, so duplicates and any order give the same table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nrem_plan_tracker.invitations import store
from nrem_plan_tracker.invitations.domain import outcomes_of
from nrem_shared.contracts.reminders import DeliveryRecorded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nrem_shared.runtime.database import Connection
    from nrem_shared.runtime.projection.events import Event


async def apply(conn: Connection, events: Sequence[Event]) -> None:
    """Keep what concerns invitations."""
    rows = [one for event in events if isinstance(event.data, DeliveryRecorded) for one in outcomes_of(event.data)]
    if rows:
        await store.save(conn, rows)
