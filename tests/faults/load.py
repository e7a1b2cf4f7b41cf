"""People at work: submissions, returns, corrections, withdrawals and moved dates, at random by seed."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from faults.book import Stream
from faults.people import DESTINATIONS, People
from support.eventually import eventually


class Load:
    """Works on some streams until the block ends; each stream is one person's, so that its order is known."""

    def __init__(self, people: People, streams: Sequence[Stream], seed: int, meeting: str | None = None) -> None:
        self._people = people
        self._streams = streams
        self._seed = seed
        self._meeting = meeting
        self._ending = False
        self._tasks: list[asyncio.Task[None]] = []
        self.done = 0

    async def __aenter__(self) -> Self:
        jobs = [self._work(stream, place) for place, stream in enumerate(self._streams)]
        if self._meeting is not None:
            jobs.append(self._move(self._meeting))
        self._tasks = [asyncio.create_task(job) for job in jobs]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._ending = True
        if error is not None:
            for task in self._tasks:
                task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=error is not None)

    async def steps(self, more: int, seconds: float = 60) -> None:
        """Wait until so many more things were done."""
        goal = self.done + more

        def there() -> bool:
            for task in self._tasks:
                if task.done():
                    task.result()
            return self.done >= goal

        await eventually(there, seconds=seconds, what=f"{more} more steps")

    async def _work(self, stream: Stream, place: int) -> None:
        rng = random.Random(f"{self._seed}/{place}")
        while not self._ending:
            await self._step(stream, rng)
            self.done += 1
            await asyncio.sleep(rng.uniform(0, 0.05))

    async def _step(self, stream: Stream, rng: random.Random) -> None:
        if stream.pending:
            decide = rng.choice((self._people.accept, self._people.accept, self._people.return_, self._people.withdraw))
            await decide(stream)
        elif stream.accepted is None:
            await self._people.submit(stream, {one: rng.randint(0, 30) for one in rng.sample(DESTINATIONS, 2)})
        else:
            known = stream.versions[stream.accepted - 1].values
            destination = rng.choice(sorted(known))
            await self._people.correct(stream, destination, known[destination] + rng.randint(1, 9))

    async def _move(self, code: str) -> None:
        await self._people.call(code, "2026-05-01T10:00:00+03:00")
        day = 1
        while not self._ending:
            day = day % 27 + 1
            await self._people.move(self._people.book.meetings[code], f"2026-05-{day:02}T11:00:00+03:00")
            self.done += 1
            await asyncio.sleep(0.3)
