"""The services of an installation, as the commands that look after it see them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import asyncpg

from nrem_shared.contracts.registry import EVENT_TYPES
from nrem_shared.contracts.topics import HEARTBEATS
from nrem_shared.runtime.database import prepare

if TYPE_CHECKING:
    from nrem_shared.runtime.database import Connection
    from nrem_shared.runtime.service import Blueprint
    from nrem_shared.runtime.settings import ServiceSettings


class Away(Exception):
    """A server does not answer, or is not set up; the text says which and what to do."""


@dataclass(frozen=True)
class Installed:
    """One service: what it is made of, and how it is set up."""

    blueprint: Blueprint
    settings: ServiceSettings

    @property
    def name(self) -> str:
        """The service's name."""
        return self.blueprint.name

    @property
    def sends(self) -> frozenset[str]:
        """The topics its relay sends to, heartbeats left out."""
        return frozenset(t.topic for t in EVENT_TYPES.values() if t.topic and t.service == self.name) - {HEARTBEATS}

    @property
    def reads(self) -> frozenset[str]:
        """The topics its projection is built from, heartbeats left out."""
        return self.blueprint.topics - {HEARTBEATS}

    @asynccontextmanager
    async def connected(self, *, owner: bool = False) -> AsyncIterator[Connection]:
        """A connection to its database, as the app role or as the owner. Raises Away."""
        address = self.settings.owner_database_url if owner else self.settings.database_url
        if address is None:
            name = self.name.replace("-", "_").upper()
            raise Away(f"{self.name}: its database's owner is needed for this: set NREM_{name}_OWNER_DATABASE_URL")
        try:
            connection = await asyncpg.connect(str(address), timeout=10)
        except (OSError, TimeoutError, asyncpg.PostgresError) as error:
            raise Away(f"{self.name}: the database does not answer ({error}); is PostgreSQL running?") from error
        try:
            await prepare(connection)
            yield connection
        finally:
            await connection.close(timeout=5)


Installation = Mapping[str, Installed]
