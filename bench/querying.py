"""A statistics projection full of quarters, written by its own handlers; and what is asked of it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import asyncpg

from bench import submissions
from nrem_embedded.platform.composition import BLUEPRINTS
from nrem_shared.contracts.base import Contract
from nrem_shared.contracts.periods import PeriodOpened
from nrem_shared.contracts.reference import ReferenceChanged
from nrem_shared.contracts.registry import EVENT_TYPES
from nrem_shared.contracts.submissions import SubmissionAccepted, SubmissionContent, SubmissionSubmitted
from nrem_shared.runtime.database import open_pool
from nrem_shared.runtime.projection import platform_store
from nrem_shared.runtime.projection.events import Event
from nrem_statistics.observations import handlers
from nrem_statistics.sources import handlers as sources

FIRST, SECOND = datetime(2026, 1, 10, 9, tzinfo=UTC), datetime(2026, 6, 10, 9, tzinfo=UTC)
KNOWN_ON = "2026-03-01"
PER_SUBMISSION = 12
CORRECTED = 10  # of the members of a quarter: a second accepted version
ANALYSE = "analyze"
BEYOND = 2200  # the year from which on nobody may ask
_TYPES = {kind.model: kind.name for kind in EVENT_TYPES.values()}


async def fill(quarters: int, jwk: dict[str, Any], kid: str) -> int:
    """Quarters of 60 members; every tenth member corrected its figures. Returns the number of observations."""
    settings = BLUEPRINTS["statistics"][1]()
    pool = await open_pool(settings)
    content = SubmissionContent.model_validate(_content())
    number = 0
    async with pool.acquire() as conn:
        await platform_store.save_signing_keys(conn, {kid: jwk})
        items = [ReferenceChanged.model_validate({"item": item}) for item in submissions.reference()]
        await sources.apply_reference(
            conn, [_event(f"reference/{one.item.kind}/{one.item.code}", 1, FIRST, one) for one in items]
        )
        for code in submissions.quarters(quarters):
            owes = tuple(submissions.members())
            opened = PeriodOpened(code=code, due=date(int(code[:4]) + 1, 1, 15), group=submissions.GROUP, owes=owes)
            events = [event for place, member in enumerate(owes) for event in _stream(code, member, place, content)]
            async with conn.transaction():
                await sources.apply_periods(conn, [_event(f"period/{code}", 1, FIRST, opened)])
                await handlers.apply(conn, events)
            number += sum(isinstance(event.data, SubmissionSubmitted) for event in events) * PER_SUBMISSION
    await pool.close()
    owner = await asyncpg.connect(str(settings.owner_database_url))
    await owner.execute(ANALYSE)
    await owner.close()
    return number


def _stream(period: str, member: str, place: int, content: SubmissionContent) -> Iterator[Event]:
    subject = f"submission/{period}/{member}"
    state = {
        "period": period, "member": member, "first_submitted_at": FIRST, "late": False,
        "due": date(int(period[:4]) + 1, 1, 15), "nothing_to_report": False,
    }  # fmt: skip
    for version, at in ((1, FIRST), (2, SECOND)) if place % CORRECTED == 0 else ((1, FIRST),):
        before = version - 1 or None
        pending = {**state, "version": version, "state": "submitted", "accepted_version": before}
        kind: Any = "correction" if before else "first"
        yield _event(
            subject, 2 * version - 1, at,
            SubmissionSubmitted(**pending, pending_version=version, kind=kind, content=content),
        )  # fmt: skip
        accepted = {**state, "version": version, "state": "accepted", "accepted_version": version}
        yield _event(subject, 2 * version, at, SubmissionAccepted(**accepted, pending_version=None))


def _event(subject: str, revision: int, at: datetime, data: Contract) -> Event:
    return Event(
        id=f"{subject}@{revision}", type=_TYPES[type(data)], source="/intake", subject=subject, revision=revision,
        position=1, prev=0, recorded_at=at, actor="bench", correlation_id="bench", data=data,
    )  # fmt: skip


def _content() -> dict[str, Any]:
    """Twelve figures: two statuses, two sexes, three forms of exploitation."""
    first = submissions.content(0)["observations"][0]
    return {
        "observations": [
            {**first, "victim_status": status, "sex": sex, "form_of_exploitation": form, "value": 3}
            for status in ("PRESUMED", "IDENTIFIED")
            for sex in ("F", "M")
            for form in ("SEXUAL", "LABOUR", "FORCED_MARRIAGE")
        ]
    }


def requests(path: str, quarters: int, count: int, token: str) -> Iterator[bytes]:
    """GETs of random quarters, of those that the platform takes for quarters of our time."""
    pick = random.Random(count)
    codes = [code for code in submissions.quarters(quarters) if int(code[:4]) < BEYOND]
    for _ in range(count):
        asked = path.format(period=pick.choice(codes))
        yield f"GET {asked} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {token}\r\n\r\n".encode()
