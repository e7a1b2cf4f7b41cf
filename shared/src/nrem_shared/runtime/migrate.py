"""The one way to change a schema: numbered SQL files, each in one transaction, never edited after they ran.

`facts` grows by its files; `projection` may be dropped and made anew from its files at any time.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Literal

import asyncpg

if TYPE_CHECKING:
    from nrem_shared.runtime.database import Connection

Schema = Literal["facts", "projection"]
_LOCK = 7_316_201
_ATTEMPTS = 5
_APP = re.compile(r"(?<!:):app\b")


class MigrationError(Exception):
    """A migration that already ran was edited, or is missing."""


@dataclass(frozen=True, slots=True)
class Migration:
    """One file: `name` is `<package>/<file>`."""

    schema: Schema
    name: str
    sql: str

    @property
    def checksum(self) -> str:
        """SHA-256 of the file's text, hexadecimal."""
        return hashlib.sha256(self.sql.encode()).hexdigest()


def migrations_of(package: str, schema: Schema) -> list[Migration]:
    """The migrations that a service's package and the shared runtime bring for one schema, in order."""
    found = []
    for owner in ("nrem_shared.runtime", package):
        folder = files(owner) / "migrations" / schema
        if folder.is_dir():
            for entry in sorted(folder.iterdir(), key=lambda f: f.name):
                if entry.name.endswith(".sql"):
                    found.append(Migration(schema, f"{owner}/{entry.name}", entry.read_text("utf-8")))
    return found


async def migrate(dsn: str, package: str, app_role: str) -> list[str]:
    """Bring both schemas up to date as the owner; returns the names of what ran. Safe to repeat, alone or at once.

    Raises MigrationError where a file that already ran has changed since or is not there any more.
    """
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute("select pg_advisory_lock($1)", _LOCK)
        ran = []
        for schema in ("facts", "projection"):
            ran += await _migrate_schema(connection, package, schema, app_role)
        return ran
    finally:
        await connection.close()


async def recreate_projection(dsn: str, package: str, app_role: str) -> None:
    """Drop the projection and make it anew, empty, in one transaction; running consumers notice and start over.

    Readers in the middle of something may make the database choose this transaction to give way: it is tried again.
    Raises asyncpg.DeadlockDetectedError where it had to give way too often.
    """
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute("select pg_advisory_lock($1)", _LOCK)
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                await _recreate(connection, package, app_role)
            except asyncpg.DeadlockDetectedError:
                if attempt == _ATTEMPTS:
                    raise
            else:
                return
    finally:
        await connection.close()


async def _recreate(connection: Connection, package: str, app_role: str) -> None:
    async with connection.transaction():
        if await connection.fetchval("select to_regclass('projection.generation') is not null"):
            # What every consumer reads first is locked first: whoever is applying a batch finishes it.
            await connection.execute("lock table projection.generation in access exclusive mode")
        await connection.execute("drop schema if exists projection cascade")
        await _migrate_schema(connection, package, "projection", app_role)


async def _migrate_schema(connection: Connection, package: str, schema: Schema, app_role: str) -> list[str]:
    role = '"' + app_role.replace('"', '""') + '"'
    await connection.execute(f"create schema if not exists {schema}")
    await connection.execute(f"grant usage on schema {schema} to {role}")
    await connection.execute(
        f"create table if not exists {schema}.migration"
        " (name text primary key, checksum text not null, ran_at timestamptz not null default now())"
    )
    done = {row["name"]: row["checksum"] for row in await connection.fetch(f"select * from {schema}.migration")}
    ran = []
    migrations = migrations_of(package, schema)
    if missing := sorted(done.keys() - {migration.name for migration in migrations}):
        raise MigrationError(
            f"{', '.join(missing)} ran here and is not part of this release: it is older than its data"
        )
    for migration in migrations:
        if migration.name in done:
            if done[migration.name] != migration.checksum:
                raise MigrationError(f"{migration.name} was edited after it ran: add a new file instead")
            continue
        async with connection.transaction():
            await connection.execute(_APP.sub(role, migration.sql))
            await connection.execute(
                f"insert into {schema}.migration (name, checksum) values ($1, $2)", migration.name, migration.checksum
            )
        ran.append(migration.name)
    return ran
