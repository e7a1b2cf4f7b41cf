"""Taking texts out of the tables of what plan-tracker decides: everything that it keeps of its own facts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from nrem_plan_tracker.redactions import item_store
from nrem_shared.runtime.journal.redacting import without

if TYPE_CHECKING:
    from nrem_shared.runtime.journal import Writing
    from nrem_shared.runtime.journal.redacting import Texts


async def clean(writing: Writing, texts: Texts, revisions: Mapping[str, int]) -> None:
    """Plans, verdicts, dissents, recommendations, deadlines, meetings, minutes, decisions, tasks.

    A table that keeps a stream's state gets the revision that the stream has now; one that keeps its history does not.
    """
    for table in item_store.TABLES:
        for stream, revision, item in await item_store.items(writing.conn, table):
            cleaned, places = without(item, texts)
            now = revisions.get(stream, revision) if table.newest_only else revision
            if places or now != revision:
                await item_store.replace(writing.conn, table, stream, revision, now, cleaned)
