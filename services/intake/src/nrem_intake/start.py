"""What intake does when its API starts: its signing key, and where the demonstration's clock stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nrem_intake.clock import store as clock_store
from nrem_intake.identity.keys import issuer_of, publish_signing_key
from nrem_shared.runtime.clock import DemonstrationClock

if TYPE_CHECKING:
    from nrem_shared.runtime.service import Runtime


async def on_start(runtime: Runtime) -> None:
    """Take the clock from intake's own facts, load the signing key and publish its public part."""
    if isinstance(runtime.clock, DemonstrationClock):
        async with runtime.pool.acquire() as conn:
            known = await clock_store.read(conn)
        if known is not None:
            runtime.clock.advance(known[0])
    issuer = issuer_of(runtime)
    runtime.api.state.issuer = issuer
    await publish_signing_key(runtime, issuer)
