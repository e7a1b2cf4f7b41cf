"""Reading what an address stands for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nrem_intake.identity.people import store
from nrem_intake.identity.people.domain import Standing, standings

if TYPE_CHECKING:
    from nrem_shared.runtime.database import Connection


async def standings_of(conn: Connection, address: str) -> tuple[Standing, ...]:
    """Everything somebody with this address may be; empty for an address that is not known."""
    contacts, contributors = await store.contacts_at(conn, address), await store.contributors_at(conn, address)
    return standings([dict(row) for row in contacts], [dict(row) for row in contributors])
