"""From the reply to a submission to its row in another service: asked at random moments, woken by the database."""

from __future__ import annotations

import asyncio
import importlib
import random
import time
from collections.abc import Awaitable, Callable
from typing import Any

import asyncpg
import httpx

from bench import submissions
from bench.load import quantile
from nrem_shared.runtime.projection import store

PER_SECOND = 20
CHANNEL = store.CHANNEL
SEED = 7


async def follow(
    port: int, database: str, visible: str, count: int, bearer: dict[str, str], warm_up: int
) -> dict[str, Any]:
    """Milliseconds from reply to visible, of all but the first `warm_up` submissions."""
    module, _, name = visible.partition(":")
    watch = _Watch(database, getattr(importlib.import_module(module), name))
    await watch.open()
    pace = random.Random(SEED)
    keys = submissions.streams(count)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:

        async def one(number: int) -> None:
            period, member = keys[number]
            path, headers = f"/api/periods/{period}/submissions/{member}", {"Authorization": f"Bearer {bearer[member]}"}
            answer = await client.post(path, json=submissions.content(number), headers=headers)
            replied = time.perf_counter()
            answer.raise_for_status()
            watch.expect(number, f"submission/{period}/{member}", replied)

        for first, last in ((0, warm_up), (warm_up, count)):
            async with asyncio.TaskGroup() as group:
                for number in range(first, last):
                    group.create_task(one(number))
                    await asyncio.sleep(pace.expovariate(PER_SECOND))
            await watch.everything(last)
    taken = [seconds * 1000 for number, seconds in watch.taken.items() if number >= warm_up]
    return {"p50": quantile(taken, 0.5), "p95": quantile(taken, 0.95), "p99": quantile(taken, 0.99)}


async def reached(conn: Any, stream: str) -> bool:
    """Whether a stream's first revision is applied: the platform's own question."""
    return await store.reached(conn, {stream: 1})


class _Watch:
    """Looks whenever the projection says that it changed."""

    def __init__(self, database: str, visible: Callable[[Any, str], Awaitable[bool]]) -> None:
        self._database = database
        self._visible = visible
        self._expected: dict[int, tuple[str, float]] = {}
        self._changed = asyncio.Event()
        self.taken: dict[int, float] = {}

    async def open(self) -> None:
        self._conn = await asyncpg.connect(self._database)
        self._listening = await asyncpg.connect(self._database)
        await self._listening.add_listener(CHANNEL, lambda *_: self._changed.set())
        self._task = asyncio.create_task(self._run())

    def expect(self, number: int, stream: str, replied: float) -> None:
        self._expected[number] = (stream, replied)
        self._changed.set()  # it may be there before its reply

    async def everything(self, count: int) -> None:
        async with asyncio.timeout(30):
            while len(self.taken) < count:
                await asyncio.sleep(0.05)
                if self._task.done():
                    self._task.result()

    async def _run(self) -> None:
        while True:
            await self._changed.wait()
            self._changed.clear()
            for number, (stream, replied) in list(self._expected.items()):
                if await self._visible(self._conn, stream):
                    self.taken[number] = max(0.0, time.perf_counter() - replied)
                    del self._expected[number]
