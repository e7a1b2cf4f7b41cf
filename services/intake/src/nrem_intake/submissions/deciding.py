"""Who decides on what was entered on a member's behalf: whoever entered it may, and it is marked so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nrem_intake.submissions import behalf_store

if TYPE_CHECKING:
    from nrem_intake.submissions.domain.stream import Stream
    from nrem_shared.runtime.database import Connection


async def entered_by(conn: Connection, stream: Stream, number: int | None, subject: str) -> bool:
    """Whether `subject` entered this version on the member's behalf; asked of the journal only where somebody did."""
    version = next((one for one in stream.versions if one.number == number), None)
    if version is None or not version.authors.in_its_place:
        return False
    return await behalf_store.submitted_by(conn, stream.subject, version.number) == subject
