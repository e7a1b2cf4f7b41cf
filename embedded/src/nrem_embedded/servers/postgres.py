"""A real PostgreSQL 18 on 127.0.0.1 from the binaries of a Python package, with every promise of durability on."""

import asyncio
import os
import secrets
import shutil
import signal
import sys
import time
from pathlib import Path

import asyncpg

from nrem_embedded.servers.ports import HOST, accepts, choose_port
from nrem_embedded.servers.postgres_account import hand_over, installation, unprivileged_account
from nrem_embedded.servers.process import POLL, ServerError, ServerProcess, StateLock, run_to_end, start_child

SUPERUSER = "postgres"
READY_LIMIT = 60.0  # seconds; crash recovery replays at most max_wal_size
STOP_LIMIT = 20.0  # seconds
INITDB = (
    f"--username={SUPERUSER} --auth=scram-sha-256 --encoding=UTF8 --locale=C --locale-provider=builtin"
    " --builtin-locale=C.UTF-8 --data-checksums --no-instructions --pwfile=../password.once"
).split()
ACCESS = "host all all 127.0.0.1/32 scram-sha-256\n"


def configuration(port: int) -> str:
    """Text of `postgresql.conf`: durable, small, and reachable from this machine only."""
    return f"""# Written at every start.
listen_addresses = '{HOST}'
port = {port}
unix_socket_directories = ''
password_encryption = 'scram-sha-256'
fsync = on
synchronous_commit = on
full_page_writes = on
max_connections = 100
shared_buffers = 96MB
max_wal_size = 512MB
jit = off
io_method = sync
max_logical_replication_workers = 0
timezone = 'UTC'
log_timezone = 'UTC'
log_min_messages = warning
cluster_name = 'nrem'
"""


class Postgres:
    """One PostgreSQL server whose data lives in `state`/postgres.

    As root it runs under an unprivileged OS user. That user need not reach `state`: the server is started inside its
    data folder and knows it as its own working directory, so a folder that only root can enter will do.
    """

    def __init__(self, state: Path, port: int | None = None) -> None:
        self._folder = state.resolve() / "postgres"
        self._home = self._folder / "home"
        self._data = self._home / "data"
        self._wanted_port = port
        self._port: int | None = None
        self._process: ServerProcess | None = None

    @property
    def pid(self) -> int:
        """Process id of the server. Raises `ServerError` before `start`."""
        return self._started().pid

    @property
    def port(self) -> int:
        """TCP port. Raises `ServerError` before `start`."""
        if self._port is None:
            raise ServerError("PostgreSQL has not been started")
        return self._port

    def dsn(self, database: str = "postgres") -> str:
        """Address of a database for the superuser, its password included. Raises `ServerError` before `start`."""
        return f"postgresql://{SUPERUSER}:{self._password()}@{HOST}:{self.port}/{database}"

    async def start(self) -> None:
        """Start it, creating the data folder the first time, and return once a query was answered.

        Raises `StateInUseError`, `PortTakenError`, `NoAccountError` or `ServerFailedError`.
        After an error nothing is left running.
        """
        if self._process is not None and self._process.running:
            raise ServerError("PostgreSQL is running already")
        self._folder.mkdir(mode=0o755, parents=True, exist_ok=True)
        lock = await StateLock.claim(self._folder / "lock")
        try:
            account = unprivileged_account()
            programs = installation(account) / "bin"
            await self._create_data(programs, account, lock)
            self._configure(account)
            self._process = self._launch(programs, account, lock)
        finally:
            lock.release()
        try:
            await self._ready()
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """End it: open transactions are rolled back, a checkpoint is written. Safe to call twice."""
        if self._process is not None:
            await self._process.stop(signal.SIGINT, STOP_LIMIT)

    async def _create_data(self, programs: Path, account: str | None, lock: StateLock) -> None:
        """`initdb`, once; beside its final place, so that a folder named `data` is always a whole one."""
        if self._data.exists():
            return
        making, once = self._home / "making", self._home / "password.once"
        shutil.rmtree(making, ignore_errors=True)
        making.mkdir(mode=0o700, parents=True)
        self._home.chmod(0o700)
        write_private(once, self._password())
        for path in (self._home, making, once):
            hand_over(path, account)
        command: list[str | Path] = [programs / "initdb", "-D", seen_as(making, account), *INITDB]
        log = self._folder / "initdb.log"
        try:
            await run_to_end(start_child(command, folder=making, log=log, lock=lock, account=account), READY_LIMIT)
        finally:
            once.unlink()
        making.rename(self._data)

    def _configure(self, account: str | None) -> None:
        """Write the settings, and clear away the mark of a killed server: the lock is ours, so none is left."""
        self._port = choose_port(self._folder / "port", self._wanted_port)
        for name, text in (("postgresql.conf", configuration(self._port)), ("pg_hba.conf", ACCESS)):
            (self._data / name).write_text(text)
            hand_over(self._data / name, account)
        (self._data / "postmaster.pid").unlink(missing_ok=True)

    def _launch(self, programs: Path, account: str | None, lock: StateLock) -> ServerProcess:
        """SIGQUIT if we die: unlike SIGKILL, it lets the postmaster end its own children at once."""
        return start_child(
            [programs / "postgres", "-D", seen_as(self._data, account)],
            folder=self._data,
            log=self._folder / "server.log",
            lock=lock,
            death_signal=signal.SIGQUIT,
            account=account,
        )

    async def _ready(self) -> None:
        deadline = time.monotonic() + READY_LIMIT
        while not await self._answers():
            self._started().check()
            if time.monotonic() > deadline:
                raise self._started().failure(f"was not ready after {READY_LIMIT:.0f} s")
            await asyncio.sleep(POLL)

    async def _answers(self) -> bool:
        """Whether a query over TCP works; False while it starts or recovers. A wrong password is an error."""
        if not accepts(self.port):
            return False
        try:
            connection = await asyncpg.connect(self.dsn(), timeout=5)
        except (OSError, TimeoutError, asyncpg.CannotConnectNowError):
            return False
        try:
            return bool(await connection.fetchval("select true"))
        finally:
            await connection.close()

    def _started(self) -> ServerProcess:
        if self._process is None:
            raise ServerError("PostgreSQL has not been started")
        return self._process

    def _password(self) -> str:
        """The superuser's password, made up the first time; only the OS user who runs us can read it."""
        path = self._folder / "password"
        if not path.exists():
            write_private(path, secrets.token_urlsafe(24))
        return path.read_text().strip()


def seen_as(data: Path, account: str | None) -> str:
    """How the server, started inside `data`, names it: after a change of user the way to it may be closed."""
    return "/proc/self/cwd" if account is not None and sys.platform == "linux" else str(data)


def write_private(path: Path, secret: str) -> None:
    """Write a file that nobody else can read at any moment; whole or not at all."""
    partial = path.with_name(path.name + ".partial")
    partial.unlink(missing_ok=True)
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(secret + "\n")
    partial.rename(path)
