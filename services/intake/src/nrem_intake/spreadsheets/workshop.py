"""Reading and writing workbooks without stopping the service: each in a process of its own, a few at once."""

from __future__ import annotations

import asyncio
import json
import os
import pickle
import sys
from asyncio.subprocess import PIPE
from typing import TYPE_CHECKING

from nrem_intake.spreadsheets.domain.stamp import NotOurs
from nrem_intake.spreadsheets.wire import unpacked

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from nrem_intake.spreadsheets.domain.book import Book
    from nrem_intake.spreadsheets.domain.raw import RawSheet
    from nrem_shared.runtime.service import Runtime

_AT_ONCE = 2
_PATIENCE = 40.0


class Workshop:
    """Starts a process per workbook. What it starts ends with it, or after its time."""

    def __init__(self) -> None:
        #: Whoever starts a process holds one of these.
        self.turns = asyncio.Semaphore(_AT_ONCE)

    async def read(self, raw: bytes, begun: Callable[[], Awaitable[None]] | None = None) -> list[RawSheet]:
        """The sheets of an uploaded file; `begun` is called when its turn has come.

        Raises NotOurs (`workbook_no_workbook`, `workbook_macros`, …).
        """
        try:
            answer = json.loads(await self._run("read", raw, begun))
        except (ValueError, TimeoutError) as error:  # it was stopped: out of memory or time
            raise NotOurs("workbook_too_large") from error
        if "refused" in answer:
            raise NotOurs(f"workbook_{answer['refused']}")
        return unpacked(answer)

    async def write(self, book: Book) -> bytes:
        """The file. Raises RuntimeError where it cannot be made, which is a mistake of ours."""
        written = await self._run("write", pickle.dumps(book))
        if not written:
            raise RuntimeError("the workbook was not written")
        return written

    async def _run(self, work: str, given: bytes, begun: Callable[[], Awaitable[None]] | None = None) -> bytes:
        command = (sys.executable, "-m", "nrem_intake.spreadsheets.worker", work)
        async with self.turns:
            if begun is not None:
                await begun()
            process = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, env=_environment())
            try:
                answer, _ = await asyncio.wait_for(process.communicate(given), _PATIENCE)
            finally:
                if process.returncode is None:
                    process.kill()
                    await process.wait()
        return answer


def _environment() -> dict[str, str]:
    """Ours without settings: a process that reads strangers' files needs no secrets."""
    return {name: value for name, value in os.environ.items() if not name.startswith("NREM_")}


def workshop_of(runtime: Runtime) -> Workshop:
    """The one of this service in this process."""
    state = runtime.api.state
    if not hasattr(state, "workshop"):
        state.workshop = Workshop()
    found: Workshop = state.workshop
    return found
