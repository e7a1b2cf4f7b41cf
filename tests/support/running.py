"""A service as it runs, with a client that speaks to its application directly."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpx

from nrem_shared.runtime.service import ROLES, Service

if TYPE_CHECKING:
    from nrem_shared.runtime.service import Blueprint, Runtime
    from nrem_shared.runtime.settings import ServiceSettings

ADDRESS = "http://nrem.test"


@dataclass(frozen=True)
class Running:
    """A running service: `client` calls its application, `runtime` is what its handlers work with."""

    service: Service
    runtime: Runtime
    client: httpx.AsyncClient
    settings: ServiceSettings


@asynccontextmanager
async def running(
    blueprint: Blueprint, settings: ServiceSettings, roles: Collection[str] = ROLES, *, root_path: str = ""
) -> AsyncIterator[Running]:
    """Run the roles of a service until the end of the block. Errors of ours are answers (500), as in a server."""
    service = Service(blueprint, settings)
    async with service.running(roles) as runtime:
        transport = httpx.ASGITransport(service.api, raise_app_exceptions=False, root_path=root_path)
        async with httpx.AsyncClient(transport=transport, base_url=ADDRESS, timeout=30) as client:
            yield Running(service, runtime, client, settings)
