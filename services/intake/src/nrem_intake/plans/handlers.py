"""Plans from the bus."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nrem_intake.plans import store
from nrem_shared.contracts.plans import PlanAdopted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nrem_shared.runtime.database import Connection
    from nrem_shared.runtime.projection.events import Event

_NONE: tuple[int, None] = (0, None)


async def apply(conn: Connection, events: Sequence[Event]) -> None:
    """Keep the newest state of each plan; one statement pair per plan, of which there are few.

    One that is told again after a redaction takes the place of what was kept of that revision.
    """
    newest: dict[str, tuple[int, PlanAdopted]] = {}
    for event in events:
        if isinstance(event.data, PlanAdopted) and newest.get(event.subject, _NONE)[0] <= event.revision:
            newest[event.subject] = (event.revision, event.data)
    for revision, plan in newest.values():
        await store.replace_plan(conn, plan, revision)
