"""Taking out of agendas and minutes what a member's submissions do not say any more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nrem_plan_tracker.redactions import store
from nrem_plan_tracker.redactions.domain import Standing, in_agenda, in_minutes
from nrem_shared.runtime.journal import store as journal
from nrem_shared.runtime.journal.redacting import redact_texts, without

if TYPE_CHECKING:
    from nrem_shared.runtime.journal import Writing


async def take_out(writing: Writing, member: str, reason: str) -> None:
    """Redact what was quoted from the member's reports and is in none of them any more, in drafts and in what is
    approved; decisions, tasks and verdicts are the group's own words and stay."""
    standing = Standing(await store.items(writing.conn))
    minutes, meetings = await store.minutes(writing.conn), await store.meetings(writing.conn)
    texts = {
        **{text: None for _, _, item in minutes for text in in_minutes(item["document"], member, standing)},
        **{text: None for _, _, item in meetings for text in in_agenda(item["agenda"], member, standing)},
    }
    if not texts:
        return
    rows = await journal.of_streams(writing.conn, ["minutes/%", "meeting/%"])
    revisions = await redact_texts(writing, rows, texts, reason)
    for code, revision, item in minutes:
        cleaned, places = without(item, texts)
        now = revisions.get(f"minutes/{code}", revision)
        if places or now != revision:
            await store.replace_minutes(writing.conn, code, now, cleaned)
    for code, revision, item in meetings:
        cleaned, places = without(item, texts)
        now = revisions.get(f"meeting/{code}", revision)
        if places or now != revision:
            await store.replace_meeting(writing.conn, code, now, cleaned)
