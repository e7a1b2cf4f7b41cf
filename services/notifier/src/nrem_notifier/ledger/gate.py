"""Whether anything may be decided and sent now: policies are there, nobody paused it, and what is known is fresh."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nrem_notifier.policies import store as policies_store
from nrem_shared.contracts.topics import CLOCK, HEARTBEATS
from nrem_shared.runtime.projection import store as projection_store
from nrem_shared.runtime.reading import age_seconds

if TYPE_CHECKING:
    from nrem_shared.runtime.database import Connection
    from nrem_shared.runtime.service import Runtime


@dataclass(frozen=True, slots=True)
class Gate:
    """`closed` is empty, or why nothing is sent: paused, stale, no_policies; `detail` says more."""

    closed: str = ""
    detail: str = ""


async def gate(runtime: Runtime, conn: Connection) -> Gate:
    """How it stands now."""
    switch = await policies_store.switch(conn)
    if switch.paused:
        return Gate("paused", switch.reason)
    if stale := await stale_topics(runtime, conn):
        return Gate("stale", ", ".join(stale))
    if (await policies_store.revisions(conn))[0] == 0:
        return Gate("no_policies")
    return Gate()


async def stale_topics(runtime: Runtime, conn: Connection) -> list[str]:
    """Inputs of which something may be missing: nothing was heard of them for too long."""
    fresh = await projection_store.freshness(conn)
    inputs = runtime.blueprint.topics - {HEARTBEATS} - (set() if runtime.settings.demonstration else {CLOCK})
    limit = runtime.settings.fresh_seconds
    return sorted(topic for topic in inputs if age_seconds(fresh.get(topic)) > limit)
