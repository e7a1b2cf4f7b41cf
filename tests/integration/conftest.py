"""Real PostgreSQL and Kafka; a database cloned from a migrated template and fresh topics for each test.

    async def test_something(settings_for, signing):
        settings = await settings_for("intake", partitions=4)
        await signing.trust(settings)
        async with running(BLUEPRINT, settings) as intake:
            answer = await intake.client.get("/api/periods", headers=signing.bearer("member", member="vp"))

Every `settings_for` of one test shares the same topics, so that its services hear each other.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any, Protocol

import pytest

from nrem_shared.runtime.settings import ServiceSettings
from nrem_shared.runtime.topics import create_topics
from support.bus import delete_topics
from support.databases import Cluster, Database
from support.servers import Servers, serve_layer, session_servers
from support.signing import Signing

DatabaseFactory = Callable[..., Awaitable[Database]]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Side by side by file. Files that use the whole platform stay together: it is played once and moved on in turn.

    In the order in which they were collected: by their number of tests, the longest of all would begin last.
    """
    from xdist.scheduler import LoadScopeScheduling

    class ByFile(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = nodeid.partition("::")[0]
            return "platform" if "/platform/" in file else file

    config.option.loadscopereorder = False
    return ByFile(config, log)


class SettingsFactory(Protocol):
    """`await settings_for("intake", partitions=4, settings_type=IntakeSettings, read_wait_seconds=0.2)`."""

    async def __call__(
        self,
        service: str,
        *,
        partitions: int = 1,
        settings_type: type[ServiceSettings] = ServiceSettings,
        database: Database | None = None,
        **overrides: Any,
    ) -> Any: ...


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """The session's PostgreSQL and Kafka."""
    with session_servers(tmp_path_factory.mktemp("servers")) as started:
        yield started


@pytest.fixture(scope="session")
def cluster(servers: Servers) -> Iterator[Cluster]:
    """Templates and clones; nothing of them stays in servers that were given."""
    made = Cluster(servers.postgres)
    yield made
    if servers.postgres_backend == "given":
        with asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:
            runner.run(made.drop_everything())


@pytest.fixture(scope="session")
def signing(tmp_path_factory: pytest.TempPathFactory) -> Signing:
    """A signing key of the session's own: `signing.trust(settings)`, `signing.bearer("member", member="vp")`."""
    return Signing.create(tmp_path_factory.mktemp("signing"))


@pytest.fixture
async def database(
    request: pytest.FixtureRequest, servers: Servers, cluster: Cluster
) -> AsyncIterator[DatabaseFactory]:
    """`await database("intake")` gives a fresh, migrated database; it is dropped after the test."""
    made: list[str] = []
    serve_layer(request.config, "integration", servers.backend)

    async def make(service: str, package: str | None = None) -> Database:
        clone = await cluster.database(service, package)
        made.append(clone.name)
        return clone

    yield make
    for name in made:
        await cluster.drop(name)


@pytest.fixture
async def settings_for(
    servers: Servers, cluster: Cluster, database: DatabaseFactory, signing: Signing
) -> AsyncIterator[SettingsFactory]:
    """`await settings_for("statistics", partitions=4)`: its settings; its database and the test's topics are made."""
    clone = database
    cluster.tests += 1
    prefix = f"{cluster.token}-{cluster.tests}."
    topics: list[int] = []

    async def make(
        service: str,
        *,
        partitions: int = 1,
        settings_type: type[ServiceSettings] = ServiceSettings,
        database: Database | None = None,
        **overrides: Any,
    ) -> ServiceSettings:
        own = database or await clone(service)
        intake_only = {"signing_key_file": signing.pem_file, "key_pepper": "pepper"} if service == "intake" else {}
        settings = settings_type(
            **{
                "database_url": own.app_url,
                "owner_database_url": own.owner_url,
                "pool_size": 4,
                "kafka_bootstrap": servers.kafka,
                "partitions": partitions,
                "topic_prefix": prefix,
                "heartbeat_seconds": 0.5,
                "fallback_poll_seconds": 0.5,
                "secure_cookies": False,
                **intake_only,
                **overrides,
            }
        )
        if not topics:
            await create_topics(settings)
            topics.append(partitions)
        assert topics == [partitions], "all services of one test share its topics"
        return settings

    yield make
    if topics and servers.kafka_backend == "given":
        await delete_topics(servers.kafka, prefix)
