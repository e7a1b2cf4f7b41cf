"""A journal of submissions and a topic that holds them: written by the platform's own journal and relay."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime
from typing import Any

from bench import submissions
from bench.installation import Installation, name_of
from bench.processes import call
from nrem_embedded.platform.composition import BLUEPRINTS
from nrem_intake.submissions.domain import stream as life
from nrem_shared.contracts.submissions import SubmissionContent
from nrem_shared.runtime.clock import SystemClock
from nrem_shared.runtime.database import open_pool
from nrem_shared.runtime.journal import Fact, Journal, Provenance
from nrem_shared.runtime.relay_marks import forget_marks, read_marks
from nrem_shared.runtime.service import Service

AT_ONCE = 500


async def journal_of(here: Installation, count: int) -> str:
    """Name of a database of intake whose journal holds `count` submissions."""

    async def make(_: Installation) -> str:
        databases = await here.clone("intake")
        await call("bench.journalled:fill", {"count": count}, here.values("intake", databases, "none."))
        return name_of(databases)

    return str(await here.once(f"journal of {count}", make))


async def topic_of(here: Installation, count: int) -> str:
    """Prefix of topics on which the same submissions stand, sent by intake's relay."""

    async def make(_: Installation) -> str:
        template = await journal_of(here, count)
        databases, prefix = await here.clone("intake", template), await here.topics()
        await call("bench.journalled:relay", {"count": count}, here.values("intake", databases, prefix))
        await here.drop(databases)
        return prefix

    return str(await here.once(f"topic of {count}", make))


async def fill(count: int) -> int:
    """Journal the first version of `count` streams."""
    settings = BLUEPRINTS["intake"][1]()
    pool = await open_pool(settings)
    journal = Journal("intake", pool, SystemClock())
    keys = submissions.streams(count)
    for first in range(0, count, AT_ONCE):
        async with journal.writing(Provenance("key:bench", "bench")) as writing:
            for number, (period, member) in enumerate(keys[first : first + AT_ONCE], first):
                writing.record(_fact(period, member, number))
    await pool.close()
    return count


def _fact(period: str, member: str, number: int) -> Fact:
    due = date(int(period[:4]) + 1, 12, 31)
    content = SubmissionContent.model_validate(submissions.content(number))
    stream, event = life.submit(life.Stream(period, member, due), content, datetime.now(UTC))
    return Fact("nrem.submission.submitted.v1", stream.subject, stream.revision, event)


async def relay(count: int) -> dict[str, Any]:
    """Let the relay send everything from the first row on; how long it took once it was at work."""
    blueprint, settings_type = BLUEPRINTS["intake"]
    settings = settings_type()
    pool = await open_pool(settings)
    async with pool.acquire() as conn:
        await forget_marks(conn)
        service = Service(blueprint, settings)
        async with service.running(("relay",)):
            while not service.registry.get_sample_value("nrem_relay_active"):
                await asyncio.sleep(0.001)
            began = asyncio.get_running_loop().time()
            while (await read_marks(conn)).journal < count:
                await asyncio.sleep(0.005)
            seconds = asyncio.get_running_loop().time() - began
    await pool.close()
    return {"seconds": seconds}
