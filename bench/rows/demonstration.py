"""The demonstration: how long until it is ready, and how much memory the whole platform takes."""

from __future__ import annotations

import asyncio
import signal
import sys
import time

from bench.installation import Installation
from bench.measuring import Case, Outcome, Row, Target
from bench.processes import ROOT
from nrem_embedded.servers import memory_held
from nrem_embedded.servers.ports import free_port

PATIENCE = 180  # seconds
SETTLED = 3  # seconds after which memory is looked at


async def row(here: Installation) -> Row:
    state = here.state.path / "demonstration"
    memory: list[float] = []

    async def start(fresh: bool) -> Outcome:
        command = [sys.executable, "-m", "nrem_embedded", "demo", "--state", str(state), "--port", str(free_port())]
        began = time.perf_counter()
        process = await asyncio.create_subprocess_exec(
            *command, *(["--fresh"] if fresh else []), cwd=ROOT, stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        try:
            async with asyncio.timeout(PATIENCE):
                await _ready(process)
            seconds = time.perf_counter() - began
            await asyncio.sleep(SETTLED)
            memory.append(await asyncio.to_thread(memory_held, process.pid))
        finally:
            if process.returncode is None:
                process.send_signal(signal.SIGINT)
            await process.communicate()
        return Outcome(seconds, {"memory MB": memory[-1]})

    return Row(
        name="demonstration",
        title="Demonstration: start to ready",
        unit="s",
        less_is_better=True,
        size="the whole platform with Kafka and PostgreSQL, three quarters loaded",
        cases=[
            Case("first start, everything installed", "ours", lambda: start(True), runs=1),
            Case("later start", "ours", lambda: start(False)),
        ],
        targets=[
            Target("first start (downloads not counted)", 90, lambda r: r.middle("first start, everything installed"),
                   at_most=True, unit="s"),
            Target("later start", 8, lambda r: r.middle("later start"), at_most=True, unit="s"),
            Target("memory", 800, lambda r: r.middle("later start", "memory MB"), at_most=True, unit="MB"),
        ],
    )  # fmt: skip


async def _ready(process: asyncio.subprocess.Process) -> None:
    assert process.stdout is not None
    said = b""
    while b"ready:" not in said:
        line = await process.stdout.readline()
        if not line:
            raise AssertionError(f"the demonstration ended: {said[-2000:].decode(errors='replace')}")
        said += line
