"""Drafts that were never submitted have an end: the service deletes them, and files that only they referred to."""

from __future__ import annotations

import asyncio
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from nrem_intake.evidence.commands import folder_of
from nrem_intake.reporting import expiring_store as store
from nrem_intake.reporting.signatures import settle
from nrem_intake.settings import IntakeSettings
from nrem_shared.runtime.clock import local_date
from nrem_shared.runtime.journal import Provenance
from nrem_shared.runtime.logs import logger
from nrem_shared.runtime.observing import every

if TYPE_CHECKING:
    from nrem_shared.runtime.service import Runtime

#: Seconds between two looks.
PAUSE = 3600
_log = logger(__name__)


def kept_until(due: date, changed_at: datetime | None, days: int) -> date:
    """The last day on which a draft is there: so many days after its due date and its last change."""
    return max(due, local_date(changed_at) if changed_at else due) + timedelta(days=days)


async def expire(runtime: Runtime) -> None:
    """Delete what is past its life. A signature that was waited for is not waited for any more, which is a fact."""
    days, now = days_of(runtime), runtime.clock.now()
    due_before, changed_before = local_date(now) - timedelta(days=days), now - timedelta(days=days)
    async with runtime.pool.acquire() as conn:
        found = await store.expired(conn, due_before, changed_before)
    for period, member in found:
        provenance = Provenance("service:intake", f"expired-{period}-{member}")
        async with runtime.journal.writing(provenance) as writing:
            await store.delete_drafts(writing.conn, period, member, changed_before)
            await settle(writing, period, member, "lapsed")
        _log.info("a draft that was never submitted is deleted", period=period, member=member)
    await _forget_files(runtime, due_before, changed_before)


async def _forget_files(runtime: Runtime, due_before: date, sent_before: datetime) -> None:
    settings = runtime.settings
    if not isinstance(settings, IntakeSettings) or settings.evidence_dir is None:
        return
    folder = folder_of(runtime)
    async with runtime.pool.acquire() as conn:
        gone = await store.delete_unused_files(conn, due_before, sent_before)
    for sha256 in gone:
        await asyncio.to_thread(folder.remove, sha256)


def days_of(runtime: Runtime) -> int:
    """How long a draft lives beyond its due date and its last change."""
    if not isinstance(runtime.settings, IntakeSettings):
        raise TypeError("drafts are kept by intake")
    return runtime.settings.draft_days


def start(runtime: Runtime) -> None:
    """Look now and every hour, until the service stops."""

    async def look() -> None:
        await every(PAUSE, expire)(runtime)

    task = asyncio.create_task(look(), name="intake:expiring")

    async def stop() -> None:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    runtime.closing.append(stop)
