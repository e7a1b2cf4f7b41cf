"""Starting the processes that are measured, and telling what each of them spent."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).resolve().parent.parent
LINE = 64 * 1024 * 1024  # bytes of one answer


class ChildFailed(Exception):
    """A measured process ended with an error; the text is what it said last."""


@dataclass(frozen=True)
class Served:
    """A process that serves, and what it said when it was ready."""

    pid: int
    told: Any


async def call(target: str, arguments: Mapping[str, Any], environment: Mapping[str, str] | None = None) -> Any:
    """The result of `module:function` in a process of its own."""
    process = await _start([sys.executable, "-m", "bench.child", target], environment)
    return await _answer(process, arguments)


async def call_script(python: Path, script: Path, arguments: Mapping[str, Any]) -> Any:
    """The same with another Python, for a peer whose packages do not go with ours."""
    return await _answer(await _start([str(python), str(script)], {"PYTHONPATH": ""}), arguments)


@asynccontextmanager
async def serving(
    target: str, arguments: Mapping[str, Any], environment: Mapping[str, str] | None = None
) -> AsyncIterator[Served]:
    """`module:function` gives a context manager: it is open in a process of its own until the end of the block."""
    process = await _start([sys.executable, "-m", "bench.child", target], environment)
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(json.dumps(arguments).encode() + b"\n")
        line = await process.stdout.readline()
        if not line:
            raise ChildFailed(f"{target} did not start")
        yield Served(process.pid, json.loads(line))
    finally:
        process.stdin.close()
        try:
            await asyncio.wait_for(process.wait(), 20)
        except TimeoutError:
            process.kill()


async def _start(command: list[str], environment: Mapping[str, str] | None) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *command,
        cwd=ROOT,
        env={**os.environ, **(environment or {})},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=LINE,
    )


async def _answer(process: asyncio.subprocess.Process, arguments: Mapping[str, Any]) -> Any:
    try:
        out, _ = await process.communicate(json.dumps(arguments).encode() + b"\n")
    except BaseException:
        with suppress(ProcessLookupError):
            process.kill()
        raise
    if process.returncode != 0:
        raise ChildFailed(f"process {process.pid} ended with {process.returncode}")
    return json.loads(out.splitlines()[-1])


class Meter:
    """How many cores each of some processes (with their children) uses; looks ten times a second until `stop`."""

    def __init__(self, processes: Mapping[str, int]) -> None:
        self._processes = {name: psutil.Process(pid) for name, pid in processes.items()}
        self._seen = [self._look()]
        self._looking = asyncio.create_task(self._keep_looking())

    def stop(self, began: float = 0.0, ended: float = float("inf")) -> dict[str, float]:
        """Name → cores used on average, of the time between two instants (`time.time()`) or since the beginning."""
        self._looking.cancel()
        self._seen.append(self._look())
        within = [each for each in self._seen if began <= each[0] <= ended]
        (first, spent_before), (last, spent) = within[0], within[-1]
        return {name: round((spent[name] - spent_before[name]) / (last - first), 2) for name in self._processes}

    async def _keep_looking(self) -> None:
        while True:
            await asyncio.sleep(0.1)
            self._seen.append(self._look())

    def _look(self) -> tuple[float, dict[str, float]]:
        return time.time(), {name: _seconds(process) for name, process in self._processes.items()}


def _seconds(process: psutil.Process) -> float:
    total = 0.0
    for each in (process, *process.children(recursive=True)):
        with suppress(psutil.NoSuchProcess):
            times = each.cpu_times()
            total += times.user + times.system
            total += getattr(times, "children_user", 0.0) + getattr(times, "children_system", 0.0)
    return total
