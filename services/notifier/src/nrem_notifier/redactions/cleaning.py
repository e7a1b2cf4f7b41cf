"""Taking texts out of the tables of what the notifier decides."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from nrem_notifier.redactions import store
from nrem_shared.runtime.journal.redacting import MARKS, without

if TYPE_CHECKING:
    from nrem_shared.runtime.journal import Writing
    from nrem_shared.runtime.journal.redacting import Texts


async def clean(writing: Writing, texts: Texts, revisions: Mapping[str, int]) -> None:
    """Notes, policies, the calendar, the reason of a pause, and the stretches without sending that it explains."""
    await store.clean_notes(writing.conn, list(texts), MARKS["lv"])
    await store.clean_sending(writing.conn, list(texts), MARKS["lv"], revisions.get("sending"))
    await store.clean_holds(writing.conn, list(texts), MARKS["lv"])
    if (policies := await store.policies(writing.conn)) is not None:
        await store.replace_policies(writing.conn, without(policies, texts)[0], revisions.get("policies"))
    if (calendar := await store.calendar(writing.conn)) is not None:
        await store.replace_calendar(writing.conn, without(calendar, texts)[0], revisions.get("working-calendar"))
