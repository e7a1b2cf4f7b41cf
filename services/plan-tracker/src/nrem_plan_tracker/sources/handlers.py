"""The topics of intake that tell institutions, periods and the calendar: safe twice, in any order of streams."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from nrem_plan_tracker.sources import store
from nrem_shared.contracts.members import InstitutionRegistered
from nrem_shared.contracts.periods import PeriodOpened
from nrem_shared.contracts.reference import CodeList, ReferenceChanged
from nrem_shared.runtime.allowed_contacts import handlers as allowed_contacts
from nrem_shared.runtime.working_days import CALENDAR_LIST

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from nrem_shared.contracts.base import Contract
    from nrem_shared.runtime.database import Connection
    from nrem_shared.runtime.projection.events import Event

Data = TypeVar("Data", bound="Contract")


async def apply_members(conn: Connection, events: Sequence[Event]) -> None:
    """`nrem.members`: the institutions, their names and memberships."""
    for revision, data in _newest(
        (e.subject, e.revision, e.data) for e in events if isinstance(e.data, InstitutionRegistered)
    ):
        await store.save_institution(conn, data, revision)


async def apply_periods(conn: Connection, events: Sequence[Event]) -> None:
    """`nrem.periods`: who owes a submission until when."""
    for revision, data in _newest((e.subject, e.revision, e.data) for e in events if isinstance(e.data, PeriodOpened)):
        await store.save_period(conn, data, revision)


async def apply_reference(conn: Connection, events: Sequence[Event]) -> None:
    """`nrem.reference`: the calendar's exceptions, allowed contacts; other reference data is of no concern here."""
    await allowed_contacts.apply(conn, events)
    for revision, data in _newest(
        (e.subject, e.revision, e.data) for e in events if isinstance(e.data, ReferenceChanged)
    ):
        if isinstance(data.item, CodeList) and data.item.code == CALENDAR_LIST:
            await store.save_code_list(conn, data.item, revision)


def _newest(rows: Iterable[tuple[str, int, Data]]) -> list[tuple[int, Data]]:
    newest: dict[str, tuple[int, Data]] = {}
    for subject, revision, data in rows:
        if subject not in newest or newest[subject][0] < revision:
            newest[subject] = (revision, data)
    return list(newest.values())
