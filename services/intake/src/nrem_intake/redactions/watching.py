"""What the guard of free text lets through for one submission, whoever writes the text and wherever."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nrem_intake.redactions import store
from nrem_intake.submissions.domain.watch import Watch

if TYPE_CHECKING:
    from nrem_intake.submissions.domain.catalogue import Catalogue
    from nrem_shared.runtime.database import Connection


async def watch_for(conn: Connection, catalogue: Catalogue, period: str, member: str) -> Watch:
    """Contacts made known to everybody, and the texts that the coordinator let pass for this submission."""
    return Watch(catalogue.allowed, await store.let_pass(conn, period, member))
