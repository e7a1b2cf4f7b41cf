"""Redactions that the topic `nrem.submissions` tells of: noted, so that what was decided elsewhere follows them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nrem_shared.contracts.submissions import SubmissionSubmitted
from nrem_shared.runtime.redactions import store

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nrem_shared.runtime.database import Connection
    from nrem_shared.runtime.projection.events import Event


async def note(conn: Connection, events: Sequence[Event]) -> None:
    """Keep which submissions were told again; each redaction once."""
    told_again = [
        store.Redaction(event.id, event.position, event.data.period, event.data.member)
        for event in events
        if event.rewrites and isinstance(event.data, SubmissionSubmitted)
    ]
    if told_again:
        await store.note(conn, told_again)
