"""Starting the processes that are measured, and telling what each of them spent."""

from __future__ import annotations

import asyncio
import json
import os
import sys
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
    """How many cores each of some processes (with their children) used since `start`."""

    def __init__(self, processes: Mapping[str, int]) -> None:
        self._processes = {name: psutil.Process(pid) for name, pid in processes.items()}
        self._loop = asyncio.get_running_loop()
        self._began = self._loop.time()
        self._spent = {name: _seconds(process) for name, process in self._processes.items()}

    def stop(self) -> dict[str, float]:
        """Name → cores used on average."""
        lasted = self._loop.time() - self._began
        return {
            name: round((_seconds(process) - self._spent[name]) / lasted, 2)
            for name, process in self._processes.items()
        }


def _seconds(process: psutil.Process) -> float:
    total = 0.0
    for each in (process, *process.children(recursive=True)):
        with suppress(psutil.NoSuchProcess):
            times = each.cpu_times()
            total += times.user + times.system
            total += getattr(times, "children_user", 0.0) + getattr(times, "children_system", 0.0)
    return total
