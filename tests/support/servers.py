"""PostgreSQL and Kafka for one test session: given ones, containers, or the embedded ones."""

from __future__ import annotations

import asyncio
import gc
import os
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from nrem_embedded.servers import Kafka, Postgres

POSTGRES_IMAGE = "postgres:18"
KAFKA_IMAGE = "apache/kafka:4.3.1"

#: Layer → the back ends that served it, for the summary at the end of the session.
SERVED = pytest.StashKey[dict[str, set[str]]]()


@dataclass(frozen=True)
class Servers:
    """Addresses of both servers. `kafka_process` and `postgres_process` are there for embedded ones only."""

    postgres: str
    kafka: str
    postgres_backend: str
    kafka_backend: str
    postgres_process: Postgres | None = None
    kafka_process: Kafka | None = None

    @property
    def backend(self) -> str:
        """How the session names what served it: one word where both are of a kind."""
        if self.postgres_backend == self.kafka_backend:
            return self.postgres_backend
        return f"postgresql {self.postgres_backend}, kafka {self.kafka_backend}"


def serve_layer(config: pytest.Config, layer: str, backend: str) -> None:
    """Let the summary say that `backend` served `layer`."""
    config.stash.setdefault(SERVED, {}).setdefault(layer, set()).add(backend)


@contextmanager
def session_servers(folder: Path) -> Iterator[Servers]:
    """Both servers, from the best source there is; ended with the context unless they were given."""
    postgres, kafka = os.environ.get("NREM_TEST_POSTGRES"), os.environ.get("NREM_TEST_KAFKA")
    with ExitStack() as stack:
        if postgres and kafka:
            yield Servers(postgres, kafka, "given", "given")
            return
        source = _containers if _containers_wanted() else _embedded
        started = stack.enter_context(source(folder, postgres is None, kafka is None))
        yield Servers(
            postgres or started.postgres,
            kafka or started.kafka,
            "given" if postgres else started.postgres_backend,
            "given" if kafka else started.kafka_backend,
            started.postgres_process,
            started.kafka_process,
        )


def _containers_wanted() -> bool:
    """Whether containers are wanted and can be had: an engine answers and has the images or can fetch them."""
    wanted = os.environ.get("NREM_TEST_BACKEND", "")
    if wanted not in ("", "embedded", "testcontainers"):
        raise pytest.UsageError(f"NREM_TEST_BACKEND is {wanted!r}: it may be embedded or testcontainers")
    if wanted == "embedded":
        return False
    lacking = _what_containers_lack()
    if lacking and wanted == "testcontainers":
        raise pytest.UsageError(f"NREM_TEST_BACKEND is testcontainers, but {lacking}")
    return not lacking


def _what_containers_lack() -> str:
    """Why containers cannot be used; empty where they can."""
    import docker
    from docker.errors import DockerException, ImageNotFound
    from testcontainers.core.config import testcontainers_config

    images = [POSTGRES_IMAGE, KAFKA_IMAGE]
    if not testcontainers_config.ryuk_disabled:
        images.append(testcontainers_config.ryuk_image)
    with warnings.catch_warnings():
        # Where nobody answers, the client leaves its socket to the garbage collector.
        warnings.simplefilter("ignore", ResourceWarning)
        try:
            client = docker.from_env(timeout=120)
            try:
                for image in images:
                    try:
                        client.images.get(image)
                    except ImageNotFound:
                        client.images.pull(image)
            finally:
                client.close()
        except (DockerException, OSError) as error:
            return f"no container engine can serve: {error}"
        finally:
            gc.collect()
    return ""


@contextmanager
def _embedded(folder: Path, want_postgres: bool, want_kafka: bool) -> Iterator[Servers]:
    from nrem_embedded.servers import Kafka, Postgres

    postgres = Postgres(folder) if want_postgres else None
    kafka = Kafka(folder) if want_kafka else None
    present = [server for server in (postgres, kafka) if server is not None]

    async def start() -> None:
        await asyncio.gather(*(server.start() for server in present))

    async def stop() -> None:
        await asyncio.gather(*(server.stop() for server in present))

    # A loop of our own that is never the thread's current one: tests have theirs.
    with asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:
        try:
            runner.run(start())
            yield Servers(
                postgres.dsn() if postgres else "",
                kafka.bootstrap if kafka else "",
                "embedded",
                "embedded",
                postgres,
                kafka,
            )
        finally:
            runner.run(stop())


@contextmanager
def _containers(_folder: Path, want_postgres: bool, want_kafka: bool) -> Iterator[Servers]:
    with ExitStack() as stack:
        postgres = stack.enter_context(_postgres_container()) if want_postgres else ""
        kafka = stack.enter_context(_kafka_container()) if want_kafka else ""
        yield Servers(postgres, kafka, "testcontainers", "testcontainers")


@contextmanager
def _postgres_container() -> Iterator[str]:
    from testcontainers.community.postgres import PostgresContainer

    with PostgresContainer(POSTGRES_IMAGE, driver=None) as container:
        yield container.get_connection_url()


@contextmanager
def _kafka_container() -> Iterator[str]:
    """The broker names its outside address itself, so the port is chosen before it starts."""
    from testcontainers.core.container import DockerContainer
    from testcontainers.core.wait_strategies import LogMessageWaitStrategy

    from nrem_embedded.servers.ports import free_port

    port = free_port()
    container = DockerContainer(KAFKA_IMAGE).with_bind_ports(9092, port)
    host = container.get_docker_client().host()
    settings = {
        "KAFKA_NODE_ID": "1",
        "KAFKA_PROCESS_ROLES": "broker,controller",
        "KAFKA_LISTENERS": "PLAINTEXT://:9092,CONTROLLER://:9093",
        "KAFKA_ADVERTISED_LISTENERS": f"PLAINTEXT://{host}:{port}",
        "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
        "KAFKA_CONTROLLER_LISTENER_NAMES": "CONTROLLER",
        "KAFKA_CONTROLLER_QUORUM_VOTERS": "1@localhost:9093",
        "KAFKA_AUTO_CREATE_TOPICS_ENABLE": "false",
        "KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR": "1",
        "KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS": "1",
        "KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR": "1",
        "KAFKA_TRANSACTION_STATE_LOG_MIN_ISR": "1",
        "KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS": "0",
    }
    for name, value in settings.items():
        container.with_env(name, value)
    with container.waiting_for(LogMessageWaitStrategy("Kafka Server started")):
        yield f"{host}:{port}"


SessionServers = Callable[[], Servers]
