"""What the relay adds to contacts: the address, which is in no journal; an erased contact becomes a tombstone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nrem_intake.members import store
from nrem_shared.contracts.members import ContactChanged

if TYPE_CHECKING:
    from collections.abc import Sequence

    import asyncpg

    from nrem_shared.runtime.database import Connection


async def add_addresses(conn: Connection, rows: Sequence[asyncpg.Record]) -> dict[int, str | None]:
    """Journal position → payload with the present address, or null for a contact that was erased."""
    known = await store.addresses(conn, [row["subject"].removeprefix("contact/") for row in rows])
    payloads: dict[int, str | None] = {}
    for row in rows:
        found = known.get(row["subject"].removeprefix("contact/"))
        payloads[row["position"]] = (
            ContactChanged(
                contact=found["id"],
                member=found["member"],
                role=found["role"],
                language=found["language"],
                address=found["address"],
                illustrative=found["illustrative"],
            ).model_dump_json()
            if found
            else None
        )
    return payloads
