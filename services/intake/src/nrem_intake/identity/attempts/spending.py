"""Spending attempts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from nrem_intake.identity.attempts import store
from nrem_intake.identity.keys.commands import settings_of
from nrem_intake.identity.secrets import keyed_hash

if TYPE_CHECKING:
    from fastapi import Request

    from nrem_intake.identity.attempts.domain import Limit
    from nrem_shared.runtime.service import Runtime

_KEPT = timedelta(days=1)


async def spend(runtime: Runtime, limit: Limit, whose: str) -> bool:
    """Use one attempt up; False where there is none left. Real time: nobody waits for a demonstration's clock."""
    now = datetime.now(UTC)
    hashed = keyed_hash(settings_of(runtime).key_pepper.get_secret_value(), f"{limit.what}:{whose.lower()}")
    async with runtime.pool.acquire() as conn:
        await store.forget_before(conn, now - _KEPT)
        return await store.spend(conn, limit.what, hashed, now, now - limit.within, limit.most)


def client_of(request: Request) -> str:
    """The address a request comes from, as the server in front tells it."""
    return request.client.host if request.client else "unknown"
