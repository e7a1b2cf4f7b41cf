"""Commands that decide at the same time and are written one after the other, in the order in which they began."""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, NamedTuple

from nrem_shared.runtime.journal.writing import Overtaken

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from nrem_shared.runtime.journal.store import Head, KeyName
    from nrem_shared.runtime.journal.writing import Writing

#: Writes that are remembered: more than commands can be under way at once (each holds a connection of the pool).
REMEMBERED = 128

#: What commands read or change: streams, and keys of answers.
Names = frozenset["str | KeyName"]


class _Written(NamedTuple):
    """One write of this process: from which position on, where the head stood after it, and what it changed."""

    before: int
    after: Head
    names: Names


class Turns:
    """The order of commands in this process, and what the last of them changed."""

    def __init__(self) -> None:
        self._last: asyncio.Future[None] | None = None
        self._written: deque[_Written] = deque(maxlen=REMEMBERED)

    @asynccontextmanager
    async def taken(self) -> AsyncIterator[Turn]:
        """A turn behind all that were taken before; it ends with the block, written or not."""
        before = self._last if self._last is not None and not self._last.done() else None
        ended = self._last = asyncio.get_running_loop().create_future()
        try:
            yield Turn(self, before)
        finally:
            # Whoever follows follows those before, too, also where this one ended without its turn having come.
            if before is None or before.done():
                ended.set_result(None)
            else:
                before.add_done_callback(lambda _: ended.set_result(None))

    def head_for(self, writing: Writing, read: Names) -> Head:
        """Where `writing` is to be written: the head that it read, or the one after other writes of this process.

        Raises Overtaken where one of those changed what it had read, or is younger than it.
        """
        head = writing.head
        for each in self._written:
            if each.before == head.position:
                if not read.isdisjoint(each.names):
                    raise Overtaken
                head = each.after
        if head.recorded_at is not None and head.recorded_at > writing.now:
            raise Overtaken
        return head

    def wrote(self, head: Head, after: Head, names: Names) -> None:
        """Remember a write."""
        self._written.append(_Written(head.position, after, names))


class Turn:
    """One command's place."""

    def __init__(self, turns: Turns, before: asyncio.Future[None] | None) -> None:
        self._turns = turns
        self._before = before

    async def write(self, writing: Writing, read: Names) -> None:
        """Write once all before it have ended. `read` = what it was decided on. Raises Overtaken."""
        if self._before is not None:
            await asyncio.shield(self._before)
        names = writing.names
        head = self._turns.head_for(writing, read | names)
        after = await writing.seal(head)
        self._turns.wrote(head, after, names)
