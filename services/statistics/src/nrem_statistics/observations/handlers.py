"""The topic `nrem.submissions`: rows are added, never changed, so duplicates and any order give the same tables.

Only a version told again without what was redacted takes the place of what was kept of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from nrem_shared.contracts.submissions import (
    SubmissionAccepted,
    SubmissionReturned,
    SubmissionStream,
    SubmissionSubmitted,
    SubmissionWithdrawn,
)
from nrem_shared.runtime.database import Connection
from nrem_shared.runtime.projection.events import Event
from nrem_shared.runtime.redactions import handlers as redactions
from nrem_statistics.observations import store
from nrem_statistics.observations.domain import DecisionRow, Outcome

DECISIONS = (SubmissionAccepted, SubmissionReturned, SubmissionWithdrawn)
OUTCOMES: dict[type[SubmissionStream], Outcome] = {
    SubmissionAccepted: "accepted",
    SubmissionReturned: "returned",
    SubmissionWithdrawn: "withdrawn",
}


async def apply(conn: Connection, events: Sequence[Event]) -> None:
    """Store a batch: one statement per table."""
    told = [event for event in events if isinstance(event.data, SubmissionSubmitted)]
    if first := [_row(event) for event in told if not event.rewrites]:
        await _store_versions(conn, first)
    for again in [_row(event) for event in told if event.rewrites]:
        await store.forget_version(conn, again.data)
        await _store_versions(conn, [again])
    await redactions.note(conn, events)
    decided = [
        store.Decided(data.period, DecisionRow(data.member, data.version, OUTCOMES[type(data)], event.recorded_at))
        for event in events
        if isinstance(data := event.data, DECISIONS)
    ]
    if decided:
        await store.insert_decisions(conn, decided)
    newest = _newest_states(events)
    if newest:
        await store.upsert_streams(conn, newest)


def _row(event: Event) -> store.Submitted:
    return store.Submitted(event.recorded_at, cast("SubmissionSubmitted", event.data))


async def _store_versions(conn: Connection, submitted: Sequence[store.Submitted]) -> None:
    await store.insert_versions(conn, submitted)
    versions = [row.data for row in submitted]
    if reporting := [data for data in versions if data.content.observations]:
        await store.insert_observations(conn, reporting)
    if activities := [(data, i, one) for data in versions for i, one in enumerate(data.content.activities)]:
        await store.insert_activities(conn, activities)
    if funding := [(data, i, one) for data in versions for i, one in enumerate(data.content.funding)]:
        await store.insert_funding(conn, funding)
    if challenges := [(data, i, one) for data in versions for i, one in enumerate(data.content.challenges)]:
        await store.insert_challenges(conn, challenges)


def _newest_states(events: Sequence[Event]) -> list[store.StreamState]:
    """One state per stream, that of its highest revision in the batch."""
    newest: dict[str, store.StreamState] = {}
    for event in events:
        data = event.data
        if not isinstance(data, SubmissionStream):
            continue
        held = newest.get(event.subject)
        if held is None or held.revision < event.revision:
            newest[event.subject] = store.StreamState(
                data.period, data.member, event.revision, data.state, data.accepted_version, data.pending_version
            )
    return list(newest.values())
