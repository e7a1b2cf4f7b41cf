"""Everything a projection holds, as ordered text, without what only says how it came to be."""

from __future__ import annotations

from support.databases import Database

#: Tables that tell of this build of the projection, not of what it knows.
TECHNICAL = frozenset({"generation", "migration", "applied", "heartbeat", "gap", "dead_letter", "change"})


async def dump(database: Database) -> dict[str, list[str]]:
    """Table → its rows, in order."""
    connection = await database.connect(superuser=True)
    try:
        tables = await connection.fetch("select tablename from pg_tables where schemaname = 'projection' order by 1")
        return {
            name: [row[0] for row in await connection.fetch(f"select t::text from projection.{name} t order by 1")]
            for (name,) in tables
            if name not in TECHNICAL
        }
    finally:
        await connection.close()
