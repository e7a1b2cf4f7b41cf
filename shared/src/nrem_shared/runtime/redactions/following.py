"""What was redacted in a submission goes from what another service decided with it, too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nrem_shared.runtime.journal import Provenance
from nrem_shared.runtime.observing import every
from nrem_shared.runtime.redactions import store

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from nrem_shared.runtime.journal import Writing
    from nrem_shared.runtime.service import Runtime

    #: Takes out what a member does not say any more; the text is the reason that is journalled.
    TakeOut = Callable[[Writing, str, str], Awaitable[None]]

#: Seconds between two looks for redactions.
LOOK_SECONDS = 1.0


def following(take_out: TakeOut) -> Callable[[Runtime], Awaitable[None]]:
    """A background role of the process that applies the projection: each redaction is followed once."""

    async def follow_once(runtime: Runtime) -> None:
        async with runtime.pool.acquire() as conn:
            if not await store.waiting(conn):
                return
        async with runtime.journal.writing(Provenance(f"service:{runtime.blueprint.name}", "redaction")) as writing:
            waiting = await store.waiting(writing.conn)
            for member in sorted({one.member for one in waiting}):
                last = max(one.position for one in waiting if one.member == member)
                await take_out(writing, member, f"Follows the redaction at position {last} of the journal of intake")
            await store.followed(writing.conn, [one.id for one in waiting], writing.now)

    return every(LOOK_SECONDS, follow_once)
