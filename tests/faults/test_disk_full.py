"""Not a byte left on the disk of PostgreSQL, of Kafka; then there is room again."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from faults.conftest import Spoilt
from faults.disks import full
from support.eventually import eventually

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_postgres_without_room(spoilt: Spoilt) -> None:
    installation, people = spoilt.installation, spoilt.people
    streams = [spoilt.new_stream() for _ in range(4)]
    with full(installation.folder / "postgres"):
        reporting = [asyncio.create_task(people.submit(s, {"ABROAD_SUPPORT": 4})) for s in streams]

        async def refused() -> bool:
            try:
                answer = await people.once("intake", "/api/reference", "iem", [_large()])
            except httpx.TransportError:
                return False
            assert answer.status_code in (200, 503), answer.text
            return answer.status_code == 503

        await eventually(refused, seconds=40)
    if not installation.postgres._started().running:
        await installation.postgres.start()  # without room for its log it ends rather than lie
    await asyncio.gather(*reporting)
    await spoilt.equality.holds(90)


async def test_kafka_without_room(spoilt: Spoilt) -> None:
    installation, people = spoilt.installation, spoilt.people
    streams = [spoilt.new_stream() for _ in range(4)]
    relay = installation.roles["intake:relay"]
    with full(installation.folder / "kafka"):
        await asyncio.gather(*(people.submit(s, {"ABROAD_SUPPORT": 4}) for s in streams))

        async def waits() -> bool:
            return await relay.metric("nrem_relay_backlog") > 0 and await relay.metric("nrem_relay_lag_seconds") > 2

        await eventually(waits, seconds=40)
    if installation.kafka._started().running:
        await installation.kill_kafka()  # a broker whose disk failed stays out until it is started anew
    await installation.kafka.start()
    await spoilt.equality.holds(90)


def _large() -> dict:
    """A code list that needs new pages: 200 kB."""
    return {
        "kind": "codelist",
        "code": "ballast",
        "title": {"lv": "Balasts", "en": "Ballast"},
        "status": "verified",
        "codes": [{"code": f"C{n}", "label": {"lv": "x" * 200, "en": "x" * 200}} for n in range(500)],
    }
