"""One role of one service as a process of its own, with a proxy before each server that it speaks to."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx

from nrem_embedded.servers import launch
from nrem_embedded.servers.ports import free_port, is_free
from support.eventually import eventually
from support.proxy import Proxy

#: Ports of all processes so far: those that start at once would not see each other.
_GIVEN: set[int] = set()
STARTS_WITHIN = 90.0  # seconds; a busy machine is slow to import


@dataclass
class RoleProcess:
    """`python -m nrem_<service> ROLE`. It dies with us, however we end."""

    name: str
    package: str
    roles: tuple[str, ...]
    environment: Mapping[str, str]
    log: Path
    database: Proxy
    bus: Proxy
    base_path: str = ""
    port: int = 0
    _process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        """Its process id. Raises AssertionError before the start."""
        assert self._process is not None
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether it has not ended."""
        return self._process is not None and self._process.poll() is None

    def launch(self) -> None:
        """Start it without waiting, on a port that nobody uses."""
        assert not self.running
        while not (self.port and is_free(self.port)):
            self.port = free_port()
            if self.port in _GIVEN:
                self.port = 0
        _GIVEN.add(self.port)
        guard = [sys.executable, "-I", "-S", launch.__file__, str(os.getpid()), str(int(signal.SIGKILL)), "-"]
        command = [sys.executable, "-m", self.package, *self.roles, "--port", str(self.port)]
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                [*guard, *command],
                env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", **self.environment},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    async def alive(self) -> None:
        """Wait until it answers that it is alive."""

        async def answers() -> bool:
            if not self.running and "address already in use" in self.tail():
                self.log.unlink()
                self.launch()  # somebody else was faster
            assert self.running, f"{self.name} ended:\n{self.tail()}"
            return await self.health() == 200

        await eventually(answers, seconds=STARTS_WITHIN, every=0.1, what=f"{self.name} does not start")

    async def start(self) -> None:
        """Start it and wait until it is alive."""
        self.launch()
        await self.alive()

    async def health(self, path: str = "/health/live") -> int:
        """The status of a health check; 0 where nobody answers."""
        try:
            async with httpx.AsyncClient(trust_env=False, timeout=5) as client:
                return (await client.get(self.url + path)).status_code
        except httpx.TransportError:
            return 0

    async def metric(self, name: str) -> float:
        """A metric of this process: the sum over its labels; 0 where it says nothing of it."""
        async with httpx.AsyncClient(trust_env=False, timeout=5) as client:
            text = (await client.get(self.url + "/metrics")).text
        return sum(float(value) for value in re.findall(rf"^{name}(?:\{{[^}}]*\}})? (\S+)$", text, re.MULTILINE))

    def kill(self) -> None:
        """SIGKILL: nothing is said, nothing is closed; what was under way to or from it is lost."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()
        for proxy in (self.database, self.bus):
            proxy.cut()
            proxy.clear()

    async def killed_and_started(self) -> None:
        """Killed, and started again as its supervisor would."""
        self.kill()
        await self.start()

    def pause(self) -> None:
        """SIGSTOP: it holds everything it holds and does nothing."""
        os.kill(self.pid, signal.SIGSTOP)

    def go_on(self) -> None:
        """SIGCONT."""
        os.kill(self.pid, signal.SIGCONT)

    async def stop(self) -> int:
        """SIGTERM, and its exit status."""
        assert self._process is not None
        self._process.terminate()
        return await asyncio.to_thread(self._process.wait, 20)

    def clear(self) -> None:
        """Its network is as it should be again."""
        for proxy in (self.database, self.bus):
            proxy.clear()
            proxy.delay = 0.0
            proxy.refusing = False

    async def end(self) -> None:
        """Leave nothing behind."""
        if self.running:
            self.go_on()
            self.kill()
        await self.database.close()
        await self.bus.close()

    def tail(self) -> str:
        """The end of its log."""
        return self.log.read_text(errors="replace")[-3000:] if self.log.exists() else "(no log)"
