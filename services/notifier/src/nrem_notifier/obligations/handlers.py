"""Contacts, periods and submissions' states from the bus."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nrem_notifier.obligations import store
from nrem_shared.contracts.members import ContactChanged
from nrem_shared.contracts.periods import PeriodOpened
from nrem_shared.contracts.submissions import SubmissionStream
from nrem_shared.runtime.projection.events import ERASED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nrem_shared.runtime.database import Connection
    from nrem_shared.runtime.projection.events import Event


async def apply_contacts(conn: Connection, events: Sequence[Event]) -> None:
    """The newest address of each contact; an erased one is forgotten, one without an address is of no use."""
    newest: dict[str, tuple[ContactChanged, int] | None] = {}
    for event in events:
        if event.type == ERASED:
            newest[event.subject] = None
        elif isinstance(event.data, ContactChanged) and event.data.address:
            newest[event.subject] = (event.data, event.revision)
    gone = [subject.removeprefix("contact/") for subject, row in newest.items() if row is None]
    if gone:
        await store.delete_contacts(conn, gone)
    kept = [row for row in newest.values() if row is not None]
    if kept:
        await store.save_contacts(conn, kept)


async def apply_periods(conn: Connection, events: Sequence[Event]) -> None:
    """Periods and who owes a submission."""
    opened = [(e.data, e.revision) for e in events if isinstance(e.data, PeriodOpened)]
    if opened:
        await store.save_periods(conn, opened)


async def apply_submissions(conn: Connection, events: Sequence[Event]) -> None:
    """Where each submission stands: the newest revision of each stream."""
    newest: dict[str, tuple[SubmissionStream, int]] = {}
    for event in events:
        if isinstance(event.data, SubmissionStream) and newest.get(event.subject, (None, 0))[1] < event.revision:
            newest[event.subject] = (event.data, event.revision)
    if newest:
        await store.save_submissions(conn, list(newest.values()))
