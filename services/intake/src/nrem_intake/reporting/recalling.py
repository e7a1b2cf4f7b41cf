"""What a member had accepted before, and which of its figures are far from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nrem_intake.reporting import store
from nrem_intake.reporting.domain.history import History
from nrem_intake.reporting.domain.unusual import Unusual, unexplained
from nrem_shared.contracts.submissions import SubmissionContent

if TYPE_CHECKING:
    from nrem_shared.runtime.database import Connection


async def history_of(conn: Connection, member: str, period: str) -> History:
    """What the member had accepted for earlier quarters."""
    rows = await store.accepted_before(conn, member, period)
    return History(tuple((row["period"], SubmissionContent.model_validate(row["content"])) for row in rows))


async def unexplained_in(conn: Connection, period: str, member: str, document: Any) -> tuple[Unusual, ...]:
    """The figures of a valid document that are far from the usual ones and have no comment."""
    items = document.get("observations") if isinstance(document, dict) else None
    return unexplained(items, await history_of(conn, member, period)) if isinstance(items, list) and items else ()
