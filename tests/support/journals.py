"""A journal on a fresh database, written to directly."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from nrem_shared.runtime.clock import Clock, SystemClock
from nrem_shared.runtime.database import prepare
from nrem_shared.runtime.journal import Journal, Provenance
from support.databases import Database
from support.echo.api import label_fact

BY_TEST = Provenance(actor="test", correlation_id="test")


@asynccontextmanager
async def journal_on(database: Database, clock: Clock | None = None) -> AsyncIterator[tuple[Journal, asyncpg.Pool]]:
    """The journal of intake, as the app role."""
    async with asyncpg.create_pool(database.app_url, min_size=1, max_size=8, init=prepare) as pool:
        yield Journal("intake", pool, clock or SystemClock()), pool


async def record_labels(journal: Journal, *labels: tuple[str, int, str], each: bool = True) -> None:
    """Record (code, revision, label), each in its own command or all in one."""
    for command in [[label] for label in labels] if each else [labels]:
        async with journal.writing(BY_TEST) as writing:
            for code, revision, label in command:
                writing.record(label_fact(code, revision, label))
