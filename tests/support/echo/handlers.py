"""What the echo does with events: it keeps every revision whole and the newest one by stream."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nrem_shared.contracts.members import InstitutionRegistered
from nrem_shared.contracts.periods import PeriodOpened
from support.echo import store

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nrem_shared.runtime.database import Connection
    from nrem_shared.runtime.projection.events import Event

#: A label that the handler does not take; longer ones than 40 characters the table does not take.
REFUSED = "REFUSED"


async def apply_labels(conn: Connection, events: Sequence[Event]) -> None:
    """From `nrem.members`."""
    rows = [(e.subject, e.revision, e.data.abbreviation) for e in events if isinstance(e.data, InstitutionRegistered)]
    if any(label == REFUSED for _, _, label in rows):
        raise ValueError("this label is refused")
    await store.keep(conn, rows)


async def apply_periods(conn: Connection, events: Sequence[Event]) -> None:
    """From `nrem.periods`."""
    await store.keep(conn, [(e.subject, e.revision, e.data.group) for e in events if isinstance(e.data, PeriodOpened)])
