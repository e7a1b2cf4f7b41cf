"""Refusing texts that were taken out and that a file would bring back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nrem_plan_tracker.refusals import Refusal
from nrem_shared.runtime.redactions.brought_back import brought_back, told

if TYPE_CHECKING:
    from nrem_shared.contracts.base import Contract
    from nrem_shared.runtime.database import Connection


async def texts_brought_back(
    conn: Connection, subject: str, given: Contract, before: Contract | None, at: str = ""
) -> list[Refusal]:
    """A refusal for each text of `given` (which stands at `at`) that was taken out of the stream `subject`."""
    if before is None:
        return []
    kept = [*await told(conn, subject), before.model_dump(mode="json")]
    return [
        Refusal(at + one.pointer, "redacted_text", {"row": one.row or subject.partition("/")[2]})
        for one in brought_back(given.model_dump(mode="json"), kept)
    ]
