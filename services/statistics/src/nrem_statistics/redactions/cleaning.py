"""Taking texts out of the tables of what statistics decides: historical series, releases."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from nrem_shared.runtime.journal.redacting import without
from nrem_statistics.redactions import store

if TYPE_CHECKING:
    from nrem_shared.runtime.journal import Writing
    from nrem_shared.runtime.journal.redacting import Texts


async def clean(writing: Writing, texts: Texts, _revisions: Mapping[str, int]) -> None:
    """Every revision of every series, every release; figures stay."""
    for series, revision, document in await store.histories(writing.conn):
        cleaned, places = without(document, texts)
        if places:
            await store.replace_history(writing.conn, series, revision, cleaned)
    for period, version, document in await store.releases(writing.conn):
        cleaned, places = without(document, texts)
        if places:
            await store.replace_release(writing.conn, period, version, cleaned)
