"""Processes that stop in the middle and go on, and several of a kind where one is meant to work."""

from __future__ import annotations

import asyncio

import pytest

from faults.load import Load
from support.eventually import eventually

pytestmark = pytest.mark.asyncio(loop_scope="session")
PAUSE = 2.0  # seconds; `make chaos` takes longer ones


async def test_each_process_stopped_and_continued(installation, people, new_stream, equality) -> None:
    async with Load(people, [new_stream() for _ in range(5)], seed=3, meeting="M-paused") as load:
        for kind in ("relay", "consume", "api"):
            chosen = [role for role in installation.roles.values() if role.roles == (kind,)]
            chosen += [installation.roles["notifier:remind"]] if kind == "relay" else []
            await load.steps(3)
            for role in chosen:
                role.pause()
            await asyncio.sleep(PAUSE)  # the length of the pause is what is tried
            for role in chosen:
                role.go_on()
            await load.steps(3)
    await equality.holds()


async def test_two_of_each_started_at_once_and_a_rebalance_under_load(
    installation, people, new_stream, equality
) -> None:
    plan = [
        ("intake", "relay"), ("statistics", "consume"), ("notifier", "consume"), ("notifier", "remind"),
    ]  # fmt: skip
    twins = [await installation.add(service, (role,), twin="-twin") for service, role in plan]
    firsts = [installation.roles[f"{service}:{role}"] for service, role in plan]
    for first in firsts:
        first.kill()
    try:
        async with Load(people, [new_stream() for _ in range(5)], seed=4, meeting="M-twins") as load:
            for role in (*firsts, *twins):
                role.launch()
            await asyncio.gather(*(role.alive() for role in (*firsts, *twins)))
            await load.steps(10)
            relays = (firsts[0], twins[0])

            async def one_relay_works() -> bool:
                return sum([await relay.metric("nrem_relay_active") for relay in relays]) == 1

            await eventually(one_relay_works, seconds=30)
            await equality_of_shares(firsts[1], twins[1])
            for twin in twins:
                twin.kill()  # the partitions go to the one that is left, in the middle of the work
            await load.steps(10)
        await equality.holds()
    finally:
        for twin in twins:
            await installation.remove(twin)


async def equality_of_shares(*consumers) -> None:
    """Both take part: each applied something."""

    async def both() -> bool:
        return all([await one.metric("nrem_projection_applied_total") > 0 for one in consumers])

    await eventually(both, seconds=40)
