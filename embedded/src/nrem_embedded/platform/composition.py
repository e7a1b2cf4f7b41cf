"""All services in one process, on one port, still talking to each other through Kafka alone."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace

from fastapi import FastAPI

from nrem_embedded.platform.state import Installation, StateFolder
from nrem_embedded.servers.ports import free_port
from nrem_intake.app import BLUEPRINT as INTAKE
from nrem_intake.settings import IntakeSettings
from nrem_notifier.app import BLUEPRINT as NOTIFIER
from nrem_notifier.settings import NotifierSettings
from nrem_plan_tracker.app import BLUEPRINT as PLAN_TRACKER
from nrem_plan_tracker.settings import PlanTrackerSettings
from nrem_shared.runtime.mail.settings import MailSettings
from nrem_shared.runtime.service import ROLES, Blueprint, Runtime, Service
from nrem_shared.runtime.settings import ServiceSettings
from nrem_statistics.app import BLUEPRINT as STATISTICS
from nrem_statistics.settings import StatisticsSettings

#: The four services and the types of their settings, by name.
BLUEPRINTS: dict[str, tuple[Blueprint, type[ServiceSettings]]] = {
    "intake": (INTAKE, IntakeSettings),
    "statistics": (STATISTICS, StatisticsSettings),
    "plan-tracker": (PLAN_TRACKER, PlanTrackerSettings),
    "notifier": (NOTIFIER, NotifierSettings),
}


def settings_of(installation: Installation, state: StateFolder, service: str) -> ServiceSettings:
    """A service's settings: what its state folder says; where it is not embedded, the rest is the environment's."""
    databases = installation.databases[service]
    values: dict[str, object] = {
        "database_url": databases.app,
        "owner_database_url": databases.owner,
        "kafka_bootstrap": installation.kafka,
        "topic_prefix": installation.topic_prefix,
        "pool_size": 4,
    }
    if service == "intake":
        values |= {"signing_key_file": state.signing_key(), "key_pepper": state.secret("key-pepper")}
    if installation.embedded:
        values |= {"demonstration": True, "public_url": installation.url, "secure_cookies": False}
        if service == "intake":
            values["evidence_dir"] = state.path / "evidence"
    return BLUEPRINTS[service][1].model_validate(values)


@dataclass(frozen=True)
class Platform:
    """The services by name, and the application that holds them all."""

    services: Mapping[str, Service]
    app: FastAPI

    @asynccontextmanager
    async def running(self) -> AsyncIterator[dict[str, Runtime]]:
        """Run the background roles of all services. Mounted applications have no lifespan of their own."""
        async with AsyncExitStack() as stack:
            yield {
                name: await stack.enter_async_context(service.running(_roles(service)))
                for name, service in self.services.items()
            }


def _roles(service: Service) -> tuple[str, ...]:
    return (*ROLES, *service.blueprint.background)


def compose(settings: Mapping[str, ServiceSettings], front: FastAPI) -> Platform:
    """Mount a service for each name in `settings` into `front`, at the path of its blueprint.

    In a demonstration every page says that what it shows is invented.
    """
    services = {name: Service(BLUEPRINTS[name][0], each) for name, each in _one_mailbox(settings).items()}
    for service in services.values():
        service.api.state.site = replace(service.api.state.site, illustrative=service.settings.demonstration)
        front.mount(service.blueprint.base_path, service.api)
    return Platform(services, front)


def _one_mailbox(settings: Mapping[str, ServiceSettings]) -> dict[str, ServiceSettings]:
    """The demonstration's mailboxes listen where every service that sends mail finds them."""
    port = {"mailbox_port": free_port()}
    return {
        name: each.model_copy(update=port) if isinstance(each, MailSettings) and not each.mailbox_port else each
        for name, each in settings.items()
    }
