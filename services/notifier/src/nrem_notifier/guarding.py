"""The guard of free text: what people write here is read before it is kept or mailed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nrem_shared.runtime import personal_data
from nrem_shared.runtime.allowed_contacts.store import allowed
from nrem_shared.runtime.clock import local_date
from nrem_shared.runtime.requests import runtime_of

if TYPE_CHECKING:
    from fastapi import Request

    from nrem_shared.runtime.personal_data import Allowed


async def allowed_contacts(request: Request) -> Allowed:
    """Helplines and institutions' own contacts, as reference data names them today."""
    runtime = runtime_of(request)
    async with runtime.pool.acquire() as conn:
        return await allowed(conn, local_date(runtime.clock.now()))


async def has_personal_data(request: Request, text: str) -> bool:
    """Whether a text must not be kept or mailed."""
    return personal_data.find(text, await allowed_contacts(request)) is not None
