"""What intake does when its API starts: signing people in, its signing key, where the clock stands, old drafts."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from nrem_intake.access_log import store as access_log_store
from nrem_intake.clock import store as clock_store
from nrem_intake.identity.keys.commands import issuer_of, publish_signing_key, settings_of
from nrem_intake.identity.links.sending import Courier
from nrem_intake.identity.provider.client import Provider
from nrem_intake.reporting import expiring
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
    settings = settings_of(runtime)
    runtime.api.state.provider = Provider(settings) if settings.oidc_issuer else None
    runtime.api.state.courier = courier = Courier(settings, runtime.metrics)
    runtime.closing.append(courier.close)
    async with runtime.pool.acquire() as conn:
        await access_log_store.forget_before(conn, runtime.clock.now() - timedelta(days=settings.access_log_days))
    issuer = issuer_of(runtime)
    runtime.api.state.issuer = issuer
    await publish_signing_key(runtime, issuer)
    expiring.start(runtime)
