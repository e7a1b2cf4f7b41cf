"""Composition: what a service is made of, and how it runs, in one process with the others or in one per role."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any, TypeVar

from fastapi import APIRouter, Depends, FastAPI
from prometheus_client import CollectorRegistry

from nrem_shared.contracts.topics import HEARTBEATS
from nrem_shared.runtime import operations
from nrem_shared.runtime.api_document import DocumentedApi
from nrem_shared.runtime.clock import DEMONSTRATION_START, DemonstrationClock, SystemClock
from nrem_shared.runtime.collecting import leave_the_program_alone
from nrem_shared.runtime.compression import Compression
from nrem_shared.runtime.database import TRANSIENT, open_pool
from nrem_shared.runtime.identity.authorisation import Rule, authorise, check_table
from nrem_shared.runtime.identity.cache import IdentityCache
from nrem_shared.runtime.journal import Journal
from nrem_shared.runtime.logs import logger
from nrem_shared.runtime.metrics import JournalMetrics, ProjectionMetrics, RequestMetrics
from nrem_shared.runtime.observing import every
from nrem_shared.runtime.problems import install_problems
from nrem_shared.runtime.projection import problem_store, store
from nrem_shared.runtime.projection.consumer import ProjectionConsumer, platform_handlers
from nrem_shared.runtime.readable import refuse_unreadable
from nrem_shared.runtime.reading import ProjectionWatch, ReadYourWrites, age_seconds
from nrem_shared.runtime.relay import Relay
from nrem_shared.runtime.request_limit import LARGEST_REQUEST, RequestLimit
from nrem_shared.runtime.requests import Correlation

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence

    from fastapi import APIRouter

    from nrem_shared.runtime.clock import Clock
    from nrem_shared.runtime.database import Pool
    from nrem_shared.runtime.projection.batch import TopicHandler
    from nrem_shared.runtime.relay import Enricher
    from nrem_shared.runtime.settings import ServiceSettings

#: The roles every service has; a service may add its own by `Blueprint.background`.
ROLES = ("api", "relay", "consume")
_log = logger(__name__)
T = TypeVar("T")


@dataclass(frozen=True)
class Blueprint:
    """What distinguishes one service from the others.

    `install` adds what pages need; `projects` is topic → handler; `background` is role → endless task.
    """

    name: str
    package: str
    base_path: str
    title: str
    routers: Sequence[APIRouter]
    rules: Mapping[str, Rule]
    install: Callable[[FastAPI], None]
    projects: Mapping[str, TopicHandler] = field(default_factory=dict)
    enrichers: Mapping[str, Enricher] = field(default_factory=dict)
    metrics: Callable[[CollectorRegistry], Any] | None = None
    on_start: Callable[[Runtime], Awaitable[None]] | None = None
    background: Mapping[str, Callable[[Runtime], Awaitable[None]]] = field(default_factory=dict)

    @property
    def topics(self) -> frozenset[str]:
        """Everything this service reads from the bus."""
        return frozenset(platform_handlers(self.projects))

    @property
    def version(self) -> str:
        """The release of the service's package."""
        try:
            return version(self.package.replace("_", "-"))
        except PackageNotFoundError:
            return "0"


@dataclass
class Runtime:
    """What the handlers of one service in one process work with."""

    blueprint: Blueprint
    api: FastAPI
    settings: ServiceSettings
    registry: CollectorRegistry
    pool: Pool
    clock: Clock
    journal: Journal
    identity: IdentityCache
    watch: ProjectionWatch
    requests: RequestMetrics
    journal_metrics: JournalMetrics
    projection_metrics: ProjectionMetrics
    metrics: Any
    relay: Relay | None = None
    consumer: ProjectionConsumer | None = None
    ended: str | None = None  # why a background role ended by itself, which none should
    closing: list[Callable[[], Awaitable[None]]] = field(default_factory=list)  # what `on_start` opened, to be closed


class Service:
    """One service: its HTTP application, built at once, and its background roles, run by `running`."""

    def __init__(self, blueprint: Blueprint, settings: ServiceSettings) -> None:
        self.blueprint = blueprint
        self.settings = settings
        self.registry = CollectorRegistry()
        self.api = _build_api(blueprint)
        self._metrics = (RequestMetrics(self.registry), JournalMetrics(self.registry), ProjectionMetrics(self.registry))
        self._own = blueprint.metrics(self.registry) if blueprint.metrics else None

    @asynccontextmanager
    async def running(self, roles: Collection[str] = ROLES) -> AsyncIterator[Runtime]:
        """Open the pool, start the roles' tasks, and stop everything in order at the end."""
        async with AsyncExitStack() as stack:
            pool = await _patiently(lambda: open_pool(self.settings))
            stack.push_async_callback(_close_pool, pool)
            runtime = self._runtime(pool)
            self.api.state.runtime = runtime
            stack.push_async_callback(_close_all, runtime)
            await _patiently(runtime.watch.refresh)
            if "api" in roles and self.blueprint.on_start:
                await self.blueprint.on_start(runtime)
            tasks = [
                asyncio.create_task(work, name=f"{self.blueprint.name}:{role}")
                for role, work in self._work(runtime, roles)
            ]
            stack.push_async_callback(_stop, tasks)
            leave_the_program_alone()
            yield runtime

    def _runtime(self, pool: Pool) -> Runtime:
        blueprint, settings = self.blueprint, self.settings
        requests, journal_metrics, projection_metrics = self._metrics
        clock: Clock = DemonstrationClock(DEMONSTRATION_START) if settings.demonstration else SystemClock()
        identity = IdentityCache(settings.token_issuer, pool)
        return Runtime(
            blueprint=blueprint,
            api=self.api,
            settings=settings,
            registry=self.registry,
            pool=pool,
            clock=clock,
            journal=Journal(blueprint.name, pool, clock),
            identity=identity,
            watch=ProjectionWatch(pool, settings, blueprint.topics, clock, identity),
            requests=requests,
            journal_metrics=journal_metrics,
            projection_metrics=projection_metrics,
            metrics=self._own,
        )

    def _work(self, runtime: Runtime, roles: Collection[str]) -> list[tuple[str, Any]]:
        work: list[tuple[str, Any]] = [("watch", runtime.watch.run())]
        if "relay" in roles:
            runtime.relay = Relay(self.blueprint.name, self.settings, runtime.journal_metrics, self.blueprint.enrichers)
            work.append(("relay", runtime.relay.run()))
            work.append(("backlog", runtime.relay.observe(runtime.pool)))
        if "consume" in roles:
            runtime.consumer = ProjectionConsumer(
                self.blueprint.name, runtime.pool, self.settings, runtime.projection_metrics, self.blueprint.projects
            )
            work.append(("consume", runtime.consumer.run()))
            work.append(("freshness", every(2, _observe_freshness)(runtime)))
        work += [(role, task(runtime)) for role, task in self.blueprint.background.items() if role in roles]
        return [(role, _supervised(runtime, role, job)) for role, job in work]


def _build_api(blueprint: Blueprint) -> FastAPI:
    app = DocumentedApi(
        title=blueprint.title,
        version=blueprint.version,
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        dependencies=[Depends(authorise), Depends(refuse_unreadable)],
        # Requests are measured for Prometheus; asking for OpenTelemetry's providers costs each of them time.
        telemetry={"tracing": False, "metrics": False, "logs": False},
        license_info={"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
    )
    app.state.rules = {**operations.RULES, **blueprint.rules}
    routes = APIRouter(max_body_size=LARGEST_REQUEST)
    for router in (*blueprint.routers, operations.router):
        routes.include_router(router)
    app.include_router(routes)
    check_table(app, app.state.rules)
    app.add_middleware(Compression)
    app.add_middleware(ReadYourWrites)
    app.add_middleware(RequestLimit)
    app.add_middleware(Correlation)
    install_problems(app)
    blueprint.install(app)
    return app


async def _supervised(runtime: Runtime, role: str, job: Awaitable[None]) -> None:
    try:
        await job
    except asyncio.CancelledError:
        raise
    except Exception as error:
        runtime.ended = f"{role}: {type(error).__name__}"
        _log.critical("a background role ended", role=role, error=repr(error), exc_info=error)
        raise


async def _observe_freshness(runtime: Runtime) -> None:
    """Freshness and problems as they stand, also while nothing arrives."""
    async with runtime.pool.acquire() as conn:
        fresh = await store.freshness(conn)
        letters, gaps = await problem_store.count_problems(conn)
    runtime.projection_metrics.dead_letters.set(letters)
    runtime.projection_metrics.gaps.set(gaps)
    for topic in runtime.blueprint.topics - {HEARTBEATS}:
        runtime.projection_metrics.freshness.labels(topic).set(age_seconds(fresh.get(topic)))


async def _patiently(action: Callable[[], Awaitable[T]], seconds: float = 60) -> T:
    """Try until the database answers: services may start in any order."""
    loop = asyncio.get_running_loop()
    deadline, pause = loop.time() + seconds, 0.2
    while True:
        try:
            return await action()
        except TRANSIENT as error:
            if loop.time() > deadline:
                raise
            _log.warning("database is away", error=repr(error), pause=pause)
            await asyncio.sleep(pause)
            pause = min(pause * 2, 3.0)


async def _close_all(runtime: Runtime) -> None:
    for close in reversed(runtime.closing):
        await close()


async def _close_pool(pool: Pool) -> None:
    try:
        await asyncio.wait_for(pool.close(), 5)
    except TimeoutError:
        pool.terminate()


async def _stop(tasks: Sequence[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
