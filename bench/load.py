"""The load generator: kept connections that ask without a pause, in a process of its own; the same for all."""

from __future__ import annotations

import asyncio
import importlib
import time
from collections import Counter, deque
from typing import Any


class _Connection(asyncio.Protocol):
    """Sends a request, waits for the whole answer, sends the next."""

    def __init__(self, todo: deque[bytes], until: float, gathered: _Gathered) -> None:
        self._todo = todo
        self._until = until
        self._gathered = gathered
        self._buffer = b""
        self._sent = 0.0
        self.ended = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        self._next()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, separator, body = self._buffer.partition(b"\r\n\r\n")
        if not separator:
            return
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
        if len(body) >= length:
            self._buffer = body[length:]
            self._gathered.add(int(head[9:12]), time.perf_counter() - self._sent, self._sent)
            self._next()

    def connection_lost(self, error: Exception | None) -> None:
        if not self.ended.done():
            self.ended.set_exception(error or ConnectionError("the server hung up"))

    def _next(self) -> None:
        self._sent = time.perf_counter()
        if not self._todo or self._sent > self._until:
            self.ended.set_result(None)
            self._transport.close()
            return
        self._transport.write(self._todo.popleft())


class _Gathered:
    """Answers by status; latencies of those asked after the warm-up."""

    def __init__(self, begins: float) -> None:
        self.begins = begins
        self.statuses: Counter[int] = Counter()
        self.latencies: list[float] = []
        self.last = begins

    def add(self, status: int, seconds: float, sent: float) -> None:
        self.statuses[status] += 1
        if sent >= self.begins:
            self.latencies.append(seconds)
            self.last = sent + seconds


async def load(
    port: int, requests: str, arguments: dict[str, Any], connections: int, seconds: float, warm_up: float
) -> dict[str, Any]:
    """Ask what `module:function` yields until the time is over or there is nothing left.

    `began` and `ended` are of the measured part, behind the warm-up.
    """
    module, _, name = requests.partition(":")
    todo = deque(getattr(importlib.import_module(module), name)(**arguments))
    began = time.perf_counter()
    gathered = _Gathered(began + warm_up)
    loop = asyncio.get_running_loop()
    made = [
        await loop.create_connection(lambda: _Connection(todo, began + warm_up + seconds, gathered), "127.0.0.1", port)
        for _ in range(connections)
    ]
    await asyncio.gather(*(protocol.ended for _, protocol in made))
    elapsed = time.perf_counter() - gathered.begins
    return {
        "began": time.time() - elapsed,
        "ended": time.time(),
        "statuses": dict(gathered.statuses),
        "answers": sum(gathered.statuses.values()),
        "rate": len(gathered.latencies) / (gathered.last - gathered.begins),
        "p50": quantile(gathered.latencies, 0.5) * 1000,
        "p95": quantile(gathered.latencies, 0.95) * 1000,
        "p99": quantile(gathered.latencies, 0.99) * 1000,
    }


def quantile(values: list[float], share: float) -> float:
    """The value that `share` of them do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
