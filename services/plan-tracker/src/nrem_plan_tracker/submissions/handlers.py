"""`nrem.submissions`: safe twice, and in any order between streams."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nrem_plan_tracker.submissions import store
from nrem_shared.contracts.submissions import (
    SubmissionAccepted,
    SubmissionContent,
    SubmissionExtended,
    SubmissionReturned,
    SubmissionStream,
    SubmissionSubmitted,
    SubmissionWithdrawn,
)
from nrem_shared.runtime.redactions import handlers as redactions

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from nrem_shared.runtime.database import Connection
    from nrem_shared.runtime.projection.events import Event


async def apply(conn: Connection, events: Sequence[Event]) -> None:
    """Keep every version whole, what was decided about it, and where each stream stands.

    A version told again without what was redacted takes the place of what was kept of it.
    """
    submitted = [(e, e.data) for e in events if isinstance(e.data, SubmissionSubmitted)]
    await _save_versions(conn, [(e.recorded_at, data) for e, data in submitted if not e.rewrites])
    for event, told in submitted:
        if event.rewrites:
            await store.forget_version(conn, told)
            await _save_versions(conn, [(event.recorded_at, told)])
    await redactions.note(conn, events)
    decided = [
        (e.recorded_at, e.data)
        for e in events
        if isinstance(e.data, SubmissionAccepted | SubmissionReturned | SubmissionWithdrawn)
    ]
    if decided:
        await store.save_decisions(conn, decided)
    newest: dict[str, tuple[int, SubmissionStream]] = {}
    for event in events:
        data = event.data
        if isinstance(data, SubmissionStream) and (
            event.subject not in newest or newest[event.subject][0] < event.revision
        ):
            newest[event.subject] = (event.revision, data)
    if newest:
        await store.save_streams(conn, list(newest.values()))
    longer = {e.subject: (e.revision, e.data) for e in events if isinstance(e.data, SubmissionExtended)}
    if longer:
        await store.save_extensions(conn, list(longer.values()))


async def _save_versions(conn: Connection, submitted: Sequence[tuple[datetime, SubmissionSubmitted]]) -> None:
    if not submitted:
        return
    await store.save_versions(conn, submitted)
    rows = [row for _, data in submitted for row in _rows(data)]
    if rows:
        await store.save_items(conn, rows)


def _rows(data: SubmissionSubmitted) -> Iterator[store.ItemRow]:
    for section, place, code, item in _entries(data.content):
        yield (data.period, data.member, data.version, section, place, code, item)


def _entries(content: SubmissionContent) -> Iterator[tuple[str, int, str, dict[str, Any]]]:
    for place, progress in enumerate(content.plan_progress):
        yield "plan_progress", place, progress.result, progress.model_dump(mode="json")
    for place, activity in enumerate(content.activities):
        yield "activities", place, activity.code, activity.model_dump(mode="json")
    for place, plan in enumerate(content.future_plans):
        yield "future_plans", place, plan.code, plan.model_dump(mode="json")
    for place, challenge in enumerate(content.challenges):
        yield "challenges", place, challenge.code, challenge.model_dump(mode="json")
