"""Redactions that the topic `nrem.submissions` tells of: noted, so that what was decided here follows them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nrem_plan_tracker.redactions import store
from nrem_shared.contracts.submissions import SubmissionSubmitted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nrem_shared.runtime.database import Connection
    from nrem_shared.runtime.projection.events import Event


async def note(conn: Connection, events: Sequence[Event]) -> None:
    """Keep which submissions were told again; each redaction once."""
    for event in events:
        if event.rewrites and isinstance(event.data, SubmissionSubmitted):
            await store.note(conn, event.id, event.position, event.data.period, event.data.member)
