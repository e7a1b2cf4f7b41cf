"""A migrated database per test: cloned from a template that is migrated once per session."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import asyncpg

from nrem_shared.runtime.database import prepare
from nrem_shared.runtime.migrate import migrate

PASSWORD = "nrem-test"

#: Services whose package is not `nrem_<name>`.
PACKAGES = {"echo": "support.echo"}


def package_of(service: str) -> str:
    """The Python package with the migrations of a service."""
    return PACKAGES.get(service, "nrem_" + service.replace("-", "_"))


@dataclass(frozen=True)
class Database:
    """One database: as its owner (migrates), as the app role (runs), as the superuser (looks and spoils)."""

    name: str
    package: str
    owner_url: str
    app_url: str
    superuser_url: str
    app_role: str

    async def connect(self, *, owner: bool = False, superuser: bool = False) -> asyncpg.Connection:
        """A connection of the caller's, as the app role unless asked otherwise."""
        url = self.superuser_url if superuser else self.owner_url if owner else self.app_url
        connection = await asyncpg.connect(url)
        await prepare(connection)
        return connection

    async def cut_connections(self, *, and_refuse_new_ones: bool = False) -> None:
        """End every connection of the app role, as a restart of the server does."""
        connection = await self.connect(superuser=True)
        try:
            if and_refuse_new_ones:
                await connection.execute(f'alter database "{self.name}" connection limit 0')
            await connection.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity where usename = $1 and datname = $2",
                self.app_role,
                self.name,
            )
        finally:
            await connection.close()


@dataclass
class Cluster:
    """The session's PostgreSQL: its roles, templates and clones all carry the session's token."""

    superuser_url: str
    token: str = field(default_factory=lambda: f"t{secrets.token_hex(3)}")
    _templates: dict[str, str] = field(default_factory=dict)
    tests: int = 0
    _count: int = 0

    async def database(self, service: str, package: str | None = None) -> Database:
        """A fresh, migrated database of `service`."""
        package = package or package_of(service)
        admin = await asyncpg.connect(self.superuser_url)
        try:
            template = await self._template(admin, package)
            self._count += 1
            name = f"{template}_{self._count}"
            await admin.execute(f'create database "{name}" template "{template}" owner "{template}_owner"')
        finally:
            await admin.close()
        return self._named(name, template, package)

    async def empty(self, package: str) -> Database:
        """A database with both roles and nothing in it, to be migrated by the test."""
        admin = await asyncpg.connect(self.superuser_url)
        try:
            template = await self._template(admin, package)
            self._count += 1
            name = f"{template}_{self._count}"
            await admin.execute(f'create database "{name}" owner "{template}_owner"')
        finally:
            await admin.close()
        return self._named(name, template, package)

    async def drop(self, name: str) -> None:
        """Drop a clone with whatever is still connected to it."""
        admin = await asyncpg.connect(self.superuser_url)
        try:
            await admin.execute(f'drop database if exists "{name}" with (force)')
        finally:
            await admin.close()

    async def drop_everything(self) -> None:
        """Leave nothing of this session behind."""
        admin = await asyncpg.connect(self.superuser_url)
        try:
            for row in await admin.fetch("select datname from pg_database where datname like $1", f"{self.token}%"):
                await admin.execute(f'drop database "{row["datname"]}" with (force)')
            for row in await admin.fetch("select rolname from pg_roles where rolname like $1", f"{self.token}%"):
                await admin.execute(f'drop role "{row["rolname"]}"')
        finally:
            await admin.close()

    async def _template(self, admin: asyncpg.Connection, package: str) -> str:
        if package not in self._templates:
            template = f"{self.token}_{package.replace('.', '_')}"
            for role in (f"{template}_owner", f"{template}_app"):
                await admin.execute(f"create role \"{role}\" login password '{PASSWORD}'")
            await admin.execute(f'create database "{template}" owner "{template}_owner"')
            whole = self._named(template, template, package)
            await migrate(whole.owner_url, package, whole.app_role)
            self._templates[package] = template
        return self._templates[package]

    def _named(self, name: str, template: str, package: str) -> Database:
        return Database(
            name=name,
            package=package,
            owner_url=self._url(f"{template}_owner", name),
            app_url=self._url(f"{template}_app", name),
            superuser_url=urlsplit(self.superuser_url)._replace(path=f"/{name}").geturl(),
            app_role=f"{template}_app",
        )

    def _url(self, role: str, name: str) -> str:
        parts = urlsplit(self.superuser_url)
        place = parts.netloc.rpartition("@")[2]
        return parts._replace(netloc=f"{role}:{PASSWORD}@{place}", path=f"/{name}").geturl()
