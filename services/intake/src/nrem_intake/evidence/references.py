"""The files that documents refer to, read in one query."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nrem_intake.evidence import store
from nrem_intake.evidence.completing import referred

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nrem_intake.evidence.domain import Evidence
    from nrem_shared.runtime.database import Connection


async def files_in(conn: Connection, requests: Sequence[tuple[str, Any]]) -> dict[tuple[str, str], Evidence]:
    """(member, reference) → file, for what (member, document) pairs refer to; no references, no query."""
    wanted = [(member, referred(document)) for member, document in requests]
    ids = {each for _, ids in wanted for each in ids}
    return await store.of_members(conn, [member for member, of in wanted if of], list(ids)) if ids else {}
