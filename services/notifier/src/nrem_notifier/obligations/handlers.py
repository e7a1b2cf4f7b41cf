"""Contacts, and the facts that obligations depend on, from the bus. Safe twice, in any order between streams."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nrem_notifier.obligations import store
from nrem_shared.contracts.discussions import RemarkAnnounced
from nrem_shared.contracts.meetings import MeetingStream, MinutesStream, TaskStream
from nrem_shared.contracts.members import ContactChanged, InstitutionRegistered
from nrem_shared.contracts.periods import PeriodOpened
from nrem_shared.contracts.plans import LegalDeadlineSet, PlanAdopted, RecommendationRecorded, VerdictGiven
from nrem_shared.contracts.submissions import ExtensionStream, SignatureStream, SubmissionStream
from nrem_shared.runtime.projection.events import ERASED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nrem_shared.runtime.database import Connection
    from nrem_shared.runtime.projection.events import Event

#: What obligations depend on; events of other kinds are passed over.
KEPT = (
    InstitutionRegistered,
    PeriodOpened,
    SubmissionStream,
    ExtensionStream,
    SignatureStream,
    RemarkAnnounced,
    PlanAdopted,
    VerdictGiven,
    LegalDeadlineSet,
    RecommendationRecorded,
    MeetingStream,
    MinutesStream,
    TaskStream,
)

#: Fields that are content of others' work: obligations need to know that it is there, not what it says.
LEFT_OUT = frozenset({"content", "corrected_figures", "reasons", "document", "amendments", "agenda", "attendance"})

#: Fields left out that the contract asks for, as empty as it allows.
_EMPTY: dict[str, object] = {
    "content": {"nothing_to_report": True},
    "reasons": [],
    "attendance": [],
}


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
    if newest:
        await store.count_change(conn)


async def apply_facts(conn: Connection, events: Sequence[Event]) -> None:
    """Every revision, stripped of what obligations have no use for; one told again after a redaction is replaced."""
    rows = [
        (event, store.FactRow(event.subject, event.revision, event.type, event.recorded_at, stripped(event)))
        for event in events
        if isinstance(event.data, KEPT)
    ]
    if rows:
        await store.add_facts(conn, [row for _, row in rows])
        for event, row in rows:
            if event.rewrites:
                await store.replace_fact(conn, row)
        await store.count_change(conn)


def stripped(event: Event) -> dict[str, object]:
    """What is kept of an event: a document that its own contract accepts, without the content of people's work."""
    if event.data is None:
        return {}
    data = event.data.model_dump(mode="json", exclude=set(LEFT_OUT))
    return data | {name: value for name, value in _EMPTY.items() if name in type(event.data).model_fields}
