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
    """One write of this process: where the head stood before and after it, and what it changed."""

    before: Head
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
        ahead = self._last if self._last is not None and not self._last.done() else None
        ended = self._last = asyncio.get_running_loop().create_future()
        try:
            yield Turn(self._written, ahead)
        finally:
            # Whoever follows follows those ahead, too, also where this one ended without its turn having come.
            if ahead is None or ahead.done():
                ended.set_result(None)
            else:
                ahead.add_done_callback(lambda _: ended.set_result(None))


class Turn:
    """One command's place in the order."""

    def __init__(self, written: deque[_Written], ahead: asyncio.Future[None] | None) -> None:
        self._written = written
        self._ahead = ahead

    async def come(self) -> None:
        """Wait until all ahead of it have ended."""
        if self._ahead is not None:
            await asyncio.shield(self._ahead)

    def head_for(self, writing: Writing, read: Names) -> Head:
        """Where `writing` is to be written: the head that it read, or the one after other writes of this process.

        Raises Overtaken where one of those changed what it had `read`, or is younger than it.
        """
        head = writing.head
        for each in self._written:
            if each.before.hash == head.hash:
                if not read.isdisjoint(each.names):
                    raise Overtaken
                head = each.after
        if head.recorded_at is not None and head.recorded_at > writing.now:
            raise Overtaken
        return head

    def wrote(self, before: Head, after: Head, names: Names) -> None:
        """Remember a write that is durable, for those behind it."""
        if after != before:
            self._written.append(_Written(before, after, names))
