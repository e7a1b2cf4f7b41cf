"""A journey of the clock: started once, watched by whoever wants to, and finished also when nobody watches."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Literal

from nrem_embedded.demonstration.player import Happened, Player
from nrem_embedded.demonstration.scenario import END_OF_QUARTER, END_OF_STORY
from nrem_embedded.institutions import ApiError, NotSettled, Unreachable
from nrem_shared.runtime.clock import RIGA
from nrem_shared.runtime.logs import logger

Choice = Literal["next", "day", "week", "end"]

_log = logger(__name__)


class Journey:
    """From one instant to another. `failed` says why it ended early."""

    def __init__(self, until: datetime) -> None:
        self.until = until
        self.happened: list[Happened] = []
        self.failed: str | None = None
        self.ended = False
        self._changed = asyncio.Condition()

    @property
    def number(self) -> int:
        """Stops behind us."""
        return self.happened[-1].number if self.happened else 0

    @property
    def of(self) -> int:
        """Stops in all; at least one."""
        return self.happened[-1].of if self.happened else 1

    async def run(self, player: Player) -> None:
        """Play to the end; what goes wrong is kept in `failed`."""
        try:
            async for happened in player.play(self.until):
                self.happened.append(happened)
                await self._tell()
        except (ApiError, NotSettled, Unreachable) as error:
            self.failed = str(error)
            _log.error("the journey ended early", error=repr(error))
        finally:
            self.ended = True
            await self._tell()

    async def watch(self) -> AsyncIterator[Happened]:
        """Everything that happened so far, and then what happens, until the end."""
        seen = 0
        while True:
            for happened in self.happened[seen:]:
                yield happened
                seen += 1
            async with self._changed:
                if len(self.happened) > seen:
                    continue
                if self.ended:
                    return
                await self._changed.wait()

    async def _tell(self) -> None:
        async with self._changed:
            self._changed.notify_all()


class Journeys:
    """One at a time. `last` is the newest one, under way or ended; null before the first."""

    def __init__(self, player: Player) -> None:
        self.player = player
        self.last: Journey | None = None
        self._task: asyncio.Task[None] | None = None

    @property
    def under_way(self) -> bool:
        """Whether the clock is moving now."""
        return self.last is not None and not self.last.ended

    def start(self, until: datetime) -> Journey:
        """Set out. Raises RuntimeError while another journey is under way."""
        if self.under_way:
            raise RuntimeError("the clock is moving already")
        self.last = Journey(until)
        self._task = asyncio.create_task(self.last.run(self.player), name="demonstration:journey")
        return self.last

    async def stop(self) -> None:
        """Cut a journey off; the next one repeats the step it was at."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def destination(self, choice: Choice, now: datetime) -> datetime | None:
        """Where a choice leads from `now`; null where nothing is left of it."""
        if choice == "next":
            step = self.player.scenario.next_after(now)
            return step.at if step else None
        if choice == "end":
            return next((end for end in (END_OF_QUARTER, END_OF_STORY) if now < end), None)
        return later(now, timedelta(days=1 if choice == "day" else 7))


def later(now: datetime, by: timedelta) -> datetime:
    """So much later, by the calendar and the clock on the wall in Riga."""
    return (now.astimezone(RIGA) + by).astimezone(UTC)
