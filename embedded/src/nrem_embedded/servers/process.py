"""Child processes that die with their parent, hold a lock on their folder, and stop within a time limit."""

import asyncio
import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

from nrem_embedded.servers import launch

POLL = 0.02  # seconds
LOG_LIMIT = 10 * 1024 * 1024  # bytes; a larger log starts anew with the server
TAIL = 2000  # characters of the log in an error message


class ServerError(Exception):
    """A server of this machine can't do what was asked."""


class StateInUseError(ServerError):
    """Another process still uses this state folder; two servers on the same data would destroy it."""


class ServerFailedError(ServerError):
    """The server ended or did not get ready in time. The message ends with the last lines of its log."""


class StateLock:
    """The right to use a state folder.

    The server inherits it, so that it is held for exactly as long as a process of the server is left, also when the
    process that started it was killed; nothing has to be cleaned up, and no process id can be mistaken for another.
    """

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor

    @classmethod
    async def claim(cls, path: Path, limit: float = 15.0) -> Self:
        """Wait up to `limit` seconds for the servers of a killed parent to end. Raises `StateInUseError`."""
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        deadline = time.monotonic() + limit
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return cls(descriptor)
            except BlockingIOError:
                if time.monotonic() > deadline:
                    os.close(descriptor)
                    raise StateInUseError(f"another server still runs on {path.parent}") from None
                await asyncio.sleep(POLL)

    def release(self) -> None:
        """Let go of our share of the lock. A server that inherited it keeps it."""
        os.close(self.descriptor)


class ServerProcess:
    """One server that we started; the only thing that is ever signalled."""

    def __init__(self, process: subprocess.Popen[bytes], log: Path) -> None:
        self._process = process
        self._log = log

    @property
    def pid(self) -> int:
        """Process id."""
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether it has not ended yet."""
        return self._process.poll() is None

    def check(self) -> None:
        """Raise `ServerFailedError` if it has ended."""
        if not self.running:
            raise self.failure(f"ended with status {self._process.returncode}")

    def failure(self, what: str) -> ServerFailedError:
        """An error saying `what` happened, with the end of the log."""
        return ServerFailedError(f"{self._log.parent.name} {what}; {self._log}:\n{tail(self._log)}")

    async def wait(self, limit: float) -> int:
        """Exit status; `TimeoutError` after `limit` seconds."""
        deadline = time.monotonic() + limit
        while (status := self._process.poll()) is None:
            if time.monotonic() > deadline:
                raise TimeoutError
            await asyncio.sleep(POLL)
        return status

    async def stop(self, gently: signal.Signals, limit: float) -> None:
        """Ask it to end, wait up to `limit` seconds, then kill it. Safe on one that has ended."""
        if not self.running:
            return
        self._process.send_signal(gently)
        try:
            await self.wait(limit)
        except TimeoutError:
            self._process.kill()
            self._process.wait()


def start_child(
    command: Sequence[str | Path],
    *,
    folder: Path,
    log: Path,
    lock: StateLock,
    death_signal: signal.Signals = signal.SIGKILL,
    account: str | None = None,
    extra_environment: Mapping[str, str] | None = None,
) -> ServerProcess:
    """Start `command` in `folder`, as the OS user `account` if given, with its output added to `log`.

    It gets `death_signal` when the calling *thread* ends: call it from the thread of the event loop, never from a
    pool. It is in a session of its own, so that Ctrl-C in a terminal reaches only us and we can stop in order.
    """
    if log.exists() and log.stat().st_size > LOG_LIMIT:
        log.unlink()
    guard = [sys.executable, "-I", "-S", launch.__file__, str(os.getpid()), str(int(death_signal)), account or "-"]
    with log.open("ab") as output:
        process = subprocess.Popen(
            [*guard, *(str(word) for word in command)],
            cwd=folder,
            env=environment(extra_environment or {}),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            pass_fds=[lock.descriptor],
        )
    return ServerProcess(process, log)


async def run_to_end(process: ServerProcess, limit: float) -> None:
    """Wait for a preparing step; `ServerFailedError` if it fails or takes more than `limit` seconds."""
    try:
        status = await process.wait(limit)
    except TimeoutError:
        status = None
    finally:
        await process.stop(signal.SIGKILL, limit=1.0)
    if status != 0:
        raise process.failure(f"could not be prepared (status {status})")


def environment(extra: Mapping[str, str]) -> dict[str, str]:
    """What a server sees of our environment: nothing that changes how PostgreSQL or Java behave."""
    kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
    return {**kept, "LC_ALL": "C", "TZ": "UTC", **extra}


def tail(log: Path) -> str:
    """The end of a log, for an error message."""
    return log.read_text(errors="replace")[-TAIL:].strip() if log.exists() else "(no log)"
