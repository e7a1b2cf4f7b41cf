"""The topics of intake that tell institutions, periods and reference data: safe twice, in any order of streams."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from nrem_shared.contracts.members import InstitutionRegistered
from nrem_shared.contracts.periods import PeriodClosed, PeriodOpened
from nrem_shared.contracts.reference import ReferenceChanged
from nrem_shared.runtime.allowed_contacts import handlers as allowed_contacts
from nrem_shared.runtime.database import Connection
from nrem_shared.runtime.projection.events import Event
from nrem_statistics.sources import store

Data = TypeVar("Data")


async def apply_members(conn: Connection, events: Sequence[Event]) -> None:
    """`nrem.members`: the institutions' names."""
    rows = [(event.revision, event.data) for event in events if isinstance(event.data, InstitutionRegistered)]
    if rows:
        await store.upsert_institutions(conn, _newest(rows, lambda data: data.code))


async def apply_periods(conn: Connection, events: Sequence[Event]) -> None:
    """`nrem.periods`: who owes a submission until when; the manifest at closing."""
    opened = [(event.revision, event) for event in events if isinstance(event.data, PeriodOpened)]
    if opened:
        newest = _newest(opened, lambda event: event.subject)
        await store.upsert_periods(
            conn, [(e.revision, e.recorded_at, e.data) for _, e in newest if isinstance(e.data, PeriodOpened)]
        )
    closed = [(e.revision, e.recorded_at, e.data) for e in events if isinstance(e.data, PeriodClosed)]
    if closed:
        await store.insert_closings(conn, closed)


async def apply_reference(conn: Connection, events: Sequence[Event]) -> None:
    """`nrem.reference`: every revision of indicators, code lists and projects."""
    await allowed_contacts.apply(conn, events)
    rows = [(e.revision, e.recorded_at, e.data) for e in events if isinstance(e.data, ReferenceChanged)]
    if rows:
        await store.insert_reference(conn, rows)


def _newest(rows: Sequence[tuple[int, Data]], key: Callable[[Data], str]) -> list[tuple[int, Data]]:
    """One row per key, that of the highest revision: a statement may not touch a row twice."""
    newest: dict[str, tuple[int, Data]] = {}
    for revision, data in rows:
        if key(data) not in newest or newest[key(data)][0] < revision:
            newest[key(data)] = (revision, data)
    return list(newest.values())
