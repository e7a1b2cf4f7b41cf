"""One database per service, each with an owner that migrates and an app role that runs."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

import asyncpg

from nrem_embedded.platform.state import SERVICES, Databases, StateFolder


async def create_databases(superuser: str, state: StateFolder, installation: str = "") -> dict[str, Databases]:
    """Create what is missing on the server at `superuser` (an address); returns the addresses by service.

    `installation` is put into the names where the server is shared with others.

    Passwords are those of the state folder, set anew each time, so that a lost one repairs itself.
    """
    connection = await asyncpg.connect(superuser)
    try:
        present = {row["datname"] for row in await connection.fetch("select datname from pg_database")}
        roles = {row["rolname"] for row in await connection.fetch("select rolname from pg_roles")}
        addresses = {}
        for service in SERVICES:
            name = _database(service, installation)
            for role in (f"{name}_owner", f"{name}_app"):
                await _set_role(connection, role, _password(state, service, role), exists=role in roles)
            if name not in present:
                await connection.execute(f'create database "{name}" owner "{name}_owner"')
                await connection.execute(f'revoke all on database "{name}" from public')
                await connection.execute(f'grant connect on database "{name}" to "{name}_app"')
            addresses[service] = Databases(
                app=_address(superuser, name, f"{name}_app", _password(state, service, "app")),
                owner=_address(superuser, name, f"{name}_owner", _password(state, service, "owner")),
            )
        return addresses
    finally:
        await connection.close()


def _database(service: str, installation: str) -> str:
    return "_".join(filter(None, ("nrem", installation, service.replace("-", "_"))))


def _password(state: StateFolder, service: str, role: str) -> str:
    return state.secret(f"{service}-{role.rpartition('_')[2]}")


async def _set_role(connection: asyncpg.Connection[asyncpg.Record], role: str, password: str, exists: bool) -> None:
    # Role names and passwords can't be arguments of a statement; both are ours: letters, digits, - and _.
    verb = "alter" if exists else "create"
    await connection.execute(f"{verb} role \"{role}\" login password '{password}'")


def _address(superuser: str, database: str, role: str, password: str) -> str:
    server = urlsplit(superuser)
    host = f"{server.hostname}:{server.port or 5432}"
    return f"postgresql://{role}:{quote(password, safe='')}@{host}/{database}"
