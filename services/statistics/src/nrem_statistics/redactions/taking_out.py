"""Taking out of releases what a member's submissions do not say any more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nrem_shared.runtime.journal import store as journal
from nrem_shared.runtime.journal.redacting import redact_texts, without
from nrem_statistics.redactions import store
from nrem_statistics.redactions.domain import gone

if TYPE_CHECKING:
    from nrem_shared.runtime.journal import Writing


async def take_out(writing: Writing, member: str, reason: str) -> None:
    """Redact the reasons for corrections that releases quote and no version holds any more; figures stay."""
    standing = await store.reasons(writing.conn, member)
    releases = await store.releases(writing.conn)
    texts = {text: None for _, _, document in releases for text in gone(document["corrections"], member, standing)}
    if not texts:
        return
    await redact_texts(writing, await journal.of_streams(writing.conn, ["release/%"]), texts, reason)
    for period, version, document in releases:
        cleaned, places = without(document, texts)
        if places:
            await store.replace_release(writing.conn, period, version, cleaned)
