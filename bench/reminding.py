"""The notifier's own work, in a process of its own: what it knows, deciding and composing, handing over."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from typing import Any, cast

import yaml

from nrem_embedded.platform.composition import BLUEPRINTS
from nrem_embedded.project_data import data_folder
from nrem_notifier.ledger.passes import Passes
from nrem_notifier.mail import store as mail_store
from nrem_notifier.mail.delivery import Delivery
from nrem_notifier.obligations import handlers
from nrem_notifier.policies import store as policies_store
from nrem_notifier.policies.domain import taken_over
from nrem_notifier.settings import NotifierSettings
from nrem_shared.contracts.base import Contract, LocalizedText
from nrem_shared.contracts.members import ContactChanged, InstitutionRegistered
from nrem_shared.contracts.operations import Mark
from nrem_shared.contracts.periods import PeriodOpened
from nrem_shared.contracts.registry import EVENT_TYPES
from nrem_shared.contracts.reminders import PoliciesAdopted, WorkingCalendarSet
from nrem_shared.contracts.topics import HEARTBEATS
from nrem_shared.runtime.clock import DemonstrationClock
from nrem_shared.runtime.mail.smtp import Server
from nrem_shared.runtime.projection import platform_store
from nrem_shared.runtime.projection import store as projection_store
from nrem_shared.runtime.projection.events import Event
from nrem_shared.runtime.service import Runtime, Service

OPENED = datetime(2026, 7, 1, 6, tzinfo=UTC)
NOW = datetime(2026, 10, 15, 7, tzinfo=UTC)  # a working day, after the hour digests leave at
_TYPES = {kind.model: kind.name for kind in EVENT_TYPES.values()}


@asynccontextmanager
async def _notifier() -> AsyncIterator[Runtime]:
    blueprint, settings_type = BLUEPRINTS["notifier"]
    async with Service(blueprint, settings_type()).running(()) as runtime:
        cast("DemonstrationClock", runtime.clock).advance(NOW)
        yield runtime


async def know(count: int) -> None:
    """`count` institutions that owe a submission today, and whom to write to in each."""
    codes = tuple(f"bench{number:05d}" for number in range(count))
    async with _notifier() as runtime, runtime.pool.acquire() as conn, conn.transaction():
        policies = PoliciesAdopted.model_validate(yaml.safe_load((data_folder() / "deadlines.yaml").read_text()))
        calendar = WorkingCalendarSet.model_validate(yaml.safe_load((data_folder() / "working_days.yaml").read_text()))
        await policies_store.save_policies(conn, taken_over(policies, None, date(2025, 1, 1)), 1, OPENED)
        await policies_store.save_calendar(conn, calendar, 1, OPENED)
        await handlers.apply_facts(conn, [_event(f"member/{code}", _institution(code)) for code in codes])
        await handlers.apply_contacts(conn, [_event(f"contact/{code}", _contact(code)) for code in codes])
        quarter = PeriodOpened(code="2026-Q3", due=NOW.date(), group="bench", owes=codes)
        await handlers.apply_facts(conn, [_event("period/2026-Q3", quarter)])
        await platform_store.save_clock(conn, NOW)


async def _freshen(runtime: Runtime) -> None:
    """Every input was heard of just now, and nothing of it is missing."""
    topics = sorted(runtime.blueprint.topics - {HEARTBEATS})
    async with runtime.pool.acquire() as conn:
        await projection_store.add_places(conn, [(topic, 0) for topic in topics])
        marks = [Mark(topic=topic, partition=0, position=0) for topic in topics]
        await projection_store.save_heartbeats(conn, "intake", datetime.now(UTC), marks)
        await projection_store.save_freshness(conn, topics)


async def compose(count: int) -> dict[str, Any]:
    """One pass: decide what is due, compose the digests, write ledger and mails."""
    async with _notifier() as runtime:
        await _freshen(runtime)
        began, spent = time.perf_counter(), time.process_time()
        result = await Passes(runtime).run()
        seconds, cpu = time.perf_counter() - began, time.process_time() - spent
    if result.mails != count:
        raise AssertionError(f"{count} digests are due, {result.mails} were composed ({result.gate})")
    return {"seconds": seconds, "cpu": cpu}


async def send(count: int) -> dict[str, Any]:
    """Claim, hand over and mark everything that waits."""
    async with _notifier() as runtime:
        server = Server.of(cast("NotifierSettings", runtime.settings))
        assert server is not None
        delivery = Delivery(runtime, server)
        began, spent = time.perf_counter(), time.process_time()
        tried = await delivery.send_waiting()
        seconds, cpu = time.perf_counter() - began, time.process_time() - spent
        await delivery.close()
        async with runtime.pool.acquire() as conn:
            left = await mail_store.backlog(conn)
    if (tried, left) != (count, 0):
        raise AssertionError(f"{count} mails waited, {tried} were tried, {left} are left")
    return {"seconds": seconds, "cpu": cpu}


def _event(subject: str, data: Contract) -> Event:
    return Event(
        id=subject, type=_TYPES[type(data)], source="/bench", subject=subject, revision=1, position=1, prev=0,
        recorded_at=OPENED, actor="bench", correlation_id="bench", data=data,
    )  # fmt: skip


def _institution(code: str) -> InstitutionRegistered:
    name = LocalizedText(lv=f"Iestāde {code}", en=f"Institution {code}")
    return InstitutionRegistered(code=code, abbreviation=code.upper(), name=name, kind="ministry")


def _contact(code: str) -> ContactChanged:
    return ContactChanged(contact=code, member=code, role="focal_point", address=f"focal_point@{code}.example")
