"""Databases: do they answer, as whom, and is what stands in them what this release expects."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import asyncpg

from nrem_embedded.operating.doctor import store
from nrem_embedded.operating.doctor.findings import Finding, ok, problem, warning
from nrem_shared.runtime.journal.verify import examine
from nrem_shared.runtime.migrate import migrations_of

if TYPE_CHECKING:
    from nrem_embedded.operating.installed import Installed
    from nrem_shared.runtime.database import Connection

AREA = "database"
#: Clocks further apart than this make tokens and freshness unreliable.
SKEW_SECONDS = 2.0


async def check_database(service: Installed, last: int | None) -> AsyncIterator[Finding]:
    """Everything about one service's database. `last`: so many rows of the journal are read; null = all."""
    async with service.connected() as conn:
        yield ok(AREA, service.name, "answers")
        yield await _role(service, conn)
        yield await _durable(service, conn)
        yield await _clock(service, conn)
        try:
            yield await _journal(service, conn, last)
        except (asyncpg.UndefinedTableError, asyncpg.InvalidSchemaNameError):
            yield problem(AREA, f"{service.name} journal", "is not there", f"nrem migrate --service {service.name}")
            return
    yield await _migrations(service)


async def _role(service: Installed, conn: Connection) -> Finding:
    what = f"{service.name} role"
    if await store.superuser(conn):
        return problem(AREA, what, "it runs as a superuser", "let NREM_DATABASE_URL name the app role")
    try:
        found = await store.rights(conn)
    except asyncpg.PostgresError:
        found = []
    if found:
        said = ", ".join(f"{row['privilege']} on {row['name']}" for row in found)
        return problem(AREA, what, f"it may change the journal: {said}", "run as the app role, and revoke these rights")
    return ok(AREA, what, "may add to the journal and not change it")


async def _durable(service: Installed, conn: Connection) -> Finding:
    off = sorted(name for name, setting in (await store.durability(conn)).items() if setting == "off")
    if off:
        return problem(AREA, f"{service.name} durability", f"off: {', '.join(off)}", "turn them on in postgresql.conf")
    return ok(AREA, f"{service.name} durability", "what is committed is on disk")


async def _clock(service: Installed, conn: Connection) -> Finding:
    before = datetime.now(UTC)
    there = await store.now(conn)
    after = datetime.now(UTC)
    skew = max((before - there).total_seconds(), (there - after).total_seconds(), 0.0)
    if skew > SKEW_SECONDS:
        return problem("clocks", service.name, f"the database's clock is {skew:.1f} s off", "let NTP set both clocks")
    return ok("clocks", service.name, f"the database's clock and ours differ by less than {max(skew, 0.1):.1f} s")


async def _journal(service: Installed, conn: Connection, last: int | None) -> Finding:
    async with conn.transaction(isolation="repeatable_read", readonly=True):
        found = await examine(conn, last=last)
    which = f"last {found.rows} rows" if last is not None else f"all {found.rows} rows"
    what = f"{service.name} journal"
    if found.findings:
        said = f"does not hold in {len(found.findings)} places of the {which}"
        return problem("journal", what, said, "docs/runbooks/journal-verification-failed.md")
    return ok("journal", what, f"{which} hold, head {found.head.hex()[:16]}…")


async def _migrations(service: Installed) -> Finding:
    what = f"{service.name} schema"
    if service.settings.owner_database_url is None:
        return warning(AREA, what, "not looked at: the owner is not known", "set the owner's address of the database")
    async with service.connected(owner=True) as conn:
        try:
            done = await store.migrations(conn)
        except (asyncpg.UndefinedTableError, asyncpg.InvalidSchemaNameError):
            return problem(AREA, what, "nothing was migrated", f"nrem migrate --service {service.name}")
    wanted = {
        schema: {each.name: each.checksum for each in migrations_of(service.blueprint.package, schema)}
        for schema in ("facts", "projection")
    }
    missing = sum(len(wanted[schema].keys() - done[schema].keys()) for schema in wanted)
    foreign = sum(len(done[schema].items() - wanted[schema].items()) for schema in wanted)
    if foreign:
        return problem(AREA, what, f"{foreign} migrations are not this release's", "run the release that made them")
    if missing:
        return problem(AREA, what, f"{missing} migrations have not run", f"nrem migrate --service {service.name}")
    return ok(AREA, what, f"all {sum(map(len, wanted.values()))} migrations ran")
