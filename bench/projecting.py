"""The statistics projection, run until it has applied everything on a topic."""

from __future__ import annotations

import asyncio
from typing import Any

from nrem_embedded.platform.composition import BLUEPRINTS
from nrem_embedded.platform.rebuilding import standing
from nrem_shared.contracts.topics import SUBMISSIONS
from nrem_shared.runtime.projection import store
from nrem_shared.runtime.service import Service


async def project(count: int) -> dict[str, Any]:
    """Consume from the first record on. Seconds from when the partition was assigned to when all is committed."""
    blueprint, settings_type = BLUEPRINTS["statistics"]
    loop = asyncio.get_running_loop()
    own = Service(blueprint, settings_type())
    async with own.running(("consume",)) as runtime, runtime.pool.acquire() as conn:
        while (SUBMISSIONS, 0) not in await store.offsets(conn):
            await asyncio.sleep(0.002)
        began = loop.time()
        while (await standing(conn, {SUBMISSIONS})).read < count:
            if runtime.consumer is not None and runtime.consumer.halted:
                raise RuntimeError(runtime.consumer.halted)
            await asyncio.sleep(0.02)  # to look takes a part of the one core that is measured
        return {"seconds": loop.time() - began}
