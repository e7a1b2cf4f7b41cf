"""What was redacted in a submission goes from what this service decided with it, too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nrem_shared.runtime.journal import Provenance
from nrem_shared.runtime.observing import every
from nrem_statistics.redactions import store
from nrem_statistics.redactions.taking_out import take_out

if TYPE_CHECKING:
    from nrem_shared.runtime.service import Runtime

#: Seconds between two looks for redactions.
LOOK_SECONDS = 1.0


async def follow_once(runtime: Runtime) -> None:
    """Follow every redaction that is known and not followed yet, in one transaction."""
    async with runtime.pool.acquire() as conn:
        if not await store.waiting(conn):
            return
    async with runtime.journal.writing(Provenance(f"service:{runtime.blueprint.name}", "redaction")) as writing:
        waiting = await store.waiting(writing.conn)
        for member in sorted({one.member for one in waiting}):
            last = max(one.position for one in waiting if one.member == member)
            await take_out(writing, member, f"Follows the redaction at position {last} of the journal of intake")
        await store.followed(writing.conn, [one.id for one in waiting], writing.now)


#: Runs where the projection is applied.
follow = every(LOOK_SECONDS, follow_once)
