"""Plan progress from submissions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nrem_plan_tracker.progress import store
from nrem_shared.contracts.submissions import SubmissionAccepted, SubmissionSubmitted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nrem_shared.runtime.database import Connection
    from nrem_shared.runtime.projection.events import Event


async def apply(conn: Connection, events: Sequence[Event]) -> None:
    """Keep each version's progress whole, and when it was accepted; safe twice and in any order between streams."""
    submitted = [e.data for e in events if isinstance(e.data, SubmissionSubmitted)]
    accepted = [(e.data, e.recorded_at) for e in events if isinstance(e.data, SubmissionAccepted)]
    versions = [(data.period, data.member, data.version, None) for data in submitted]
    versions_accepted = [(data.period, data.member, data.version, at) for data, at in accepted]
    if versions or versions_accepted:
        await store.save_versions(conn, [*versions, *versions_accepted])
    rows = [
        (data.period, data.member, data.version, place, item.result, item.model_dump(mode="json"))
        for data in submitted
        for place, item in enumerate(data.content.plan_progress)
    ]
    if rows:
        await store.save_progress(conn, rows)
