"""A TCP proxy between a process and a server: it holds bytes back at an exact point, slows them, cuts them off.

trap = proxy.set(commit_answered(b"submission/2026-Q1/vp"))
...                               # the process does its work
await trap.sprung_within(10)      # committed, and the process will never hear of it
process.kill()
proxy.clear()
"""

from __future__ import annotations

import asyncio
import contextlib
import struct
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Literal

from support.wire import Frame, Splitter, splitter_of

Side = Literal["asked", "answered"]
Protocol = Literal["postgres", "kafka", "smtp"]


@dataclass(frozen=True, slots=True)
class Passage:
    """One frame on its way. `asked` = from the process to the server; `link` numbers the connection."""

    link: int
    side: Side
    frame: Frame


@dataclass
class Trap:
    """Holds a connection from the first frame on that `holds` names; that frame does not pass any more.

    One that only looks (`lets_pass`) tells that the frame came and holds nothing.
    """

    holds: Callable[[Passage], bool]
    lets_pass: bool = False
    sprung: asyncio.Event = field(default_factory=asyncio.Event)
    let_go: asyncio.Event = field(default_factory=asyncio.Event)

    async def sprung_within(self, seconds: float) -> None:
        """Wait for it. Raises TimeoutError."""
        async with asyncio.timeout(seconds):
            await self.sprung.wait()


class Proxy:
    """Listens on loopback for one process and passes everything on to `target`."""

    def __init__(self, protocol: Protocol, target: tuple[str, int]) -> None:
        self.protocol = protocol
        self.target = target
        self.port = 0
        self.delay = 0.0  # seconds, for everything that was read at once, either way
        self.refusing = False
        self._traps: list[Trap] = []
        self._server: asyncio.Server | None = None
        self._links: dict[int, tuple[asyncio.StreamWriter, asyncio.StreamWriter]] = {}
        self._count = 0
        self._tasks: set[asyncio.Task[None]] = set()

    async def open(self) -> Proxy:
        """Start listening on a port of its own."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0, limit=1 << 20)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def close(self) -> None:
        """End everything."""
        if self._server is not None:
            self._server.close()
        self.clear()
        self.cut()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def set(self, holds: Callable[[Passage], bool]) -> Trap:
        """Lay a trap."""
        trap = Trap(holds)
        self._traps.append(trap)
        return trap

    def watch(self, names: Callable[[Passage], bool]) -> Trap:
        """Only look: the frame that `names` passes."""
        trap = Trap(names, lets_pass=True)
        self._traps.append(trap)
        return trap

    def clear(self) -> None:
        """Take all traps away; what they hold passes, where anybody is left to hear it."""
        for trap in self._traps:
            trap.let_go.set()
        self._traps = []

    def cut(self) -> None:
        """Break every connection in the middle."""
        for writers in list(self._links.values()):
            for writer in writers:
                writer.transport.abort()

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._connect(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.refusing:
            writer.transport.abort()
            return
        try:
            there, out = await asyncio.open_connection(*self.target, limit=1 << 20)
        except OSError:
            writer.transport.abort()
            return
        self._count += 1
        link = self._count
        self._links[link] = (writer, out)
        asked, answered = splitter_of(self.protocol)
        passing = [
            asyncio.create_task(self._pass(link, "asked", reader, out, asked)),
            asyncio.create_task(self._pass(link, "answered", there, writer, answered)),
        ]
        try:
            await asyncio.wait(passing, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for one in passing:
                one.cancel()
            await asyncio.gather(*passing, return_exceptions=True)
            del self._links[link]
            for end in (writer, out):
                end.transport.abort()

    async def _pass(
        self, link: int, side: Side, source: asyncio.StreamReader, sink: asyncio.StreamWriter, splitter: Splitter
    ) -> None:
        with contextlib.suppress(ConnectionError):
            while data := await source.read(1 << 16):
                if self.delay:
                    await asyncio.sleep(self.delay)
                await self._forward(link, side, splitter.split(data), sink)

    async def _forward(self, link: int, side: Side, frames: Iterable[Frame], sink: asyncio.StreamWriter) -> None:
        ready = bytearray()
        for frame in frames:
            passage = Passage(link, side, frame)
            for trap in list(self._traps):
                if not trap.holds(passage):
                    continue
                if not trap.lets_pass:
                    sink.write(bytes(ready))
                    ready.clear()
                trap.sprung.set()
                if not trap.lets_pass:
                    await trap.let_go.wait()
            ready += self._translated(side, frame)
        sink.write(bytes(ready))
        await sink.drain()

    def _translated(self, side: Side, frame: Frame) -> bytes:
        """Kafka names its own address in answers; clients are to come to us."""
        if self.protocol != "kafka" or side == "asked":
            return frame.data
        named = b"127.0.0.1" + struct.pack(">i", self.target[1])
        return frame.data.replace(named, b"127.0.0.1" + struct.pack(">i", self.port))
