"""The code list of allowed contacts, from `nrem.reference`. Safe twice, in any order between streams."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nrem_shared.contracts.reference import CodeList, ReferenceChanged
from nrem_shared.runtime.allowed_contacts import store
from nrem_shared.runtime.personal_data import ALLOWED_CONTACTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nrem_shared.runtime.database import Connection
    from nrem_shared.runtime.projection.events import Event


async def apply(conn: Connection, events: Sequence[Event]) -> None:
    """Keep the newest revision of the list; all other reference data is passed over."""
    for event in events:
        item = event.data.item if isinstance(event.data, ReferenceChanged) else None
        if isinstance(item, CodeList) and item.code == ALLOWED_CONTACTS:
            await store.save(conn, event.revision, item)
