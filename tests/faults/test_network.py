"""Connections cut in the middle, a slow network, a bus that one service cannot see."""

from __future__ import annotations

import pytest

from faults.installation import SERVICES
from faults.load import Load
from support.eventually import eventually

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_connections_to_databases_and_bus_are_cut_under_load(installation, people, new_stream, equality) -> None:
    async with Load(people, [new_stream() for _ in range(5)], seed=5, meeting="M-cut") as load:
        for _ in range(3):
            await load.steps(8)
            for service in SERVICES:
                await installation.databases[service].cut_connections()
            await load.steps(8)
            for role in installation.roles.values():
                role.bus.cut()
    await equality.holds()


async def test_a_slow_network_is_slow_and_nothing_else(installation, people, new_stream, equality) -> None:
    slow = [installation.roles[name] for name in ("intake:api", "intake:relay", "statistics:consume")]
    for role in slow:
        role.database.delay, role.bus.delay = 0.02, 0.1
    try:
        async with Load(people, [new_stream() for _ in range(3)], seed=6) as load:
            await load.steps(10)
    finally:
        for role in slow:
            role.clear()
    await equality.holds()


async def test_services_that_see_their_databases_but_not_the_bus(installation, people, new_stream, equality) -> None:
    away = [installation.roles[name] for name in ("intake:relay", "statistics:consume", "notifier:consume")]
    stream = new_stream()
    for role in away:
        role.bus.refusing = True
        role.bus.cut()
    await people.submit(stream, {"ABROAD_SUPPORT": 1})
    relay = away[0]

    async def says_so() -> bool:
        return await relay.metric("nrem_relay_lag_seconds") > 1 and await relay.metric("nrem_relay_backlog") > 0

    await eventually(says_so, seconds=20)
    assert [await role.health() for role in away] == [200, 200, 200], "a supervisor's restart would not help"
    for role in away:
        role.clear()
    await equality.holds()
