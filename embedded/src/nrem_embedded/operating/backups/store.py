"""SQL of back-ups. Tables are copied by PostgreSQL's COPY, which names them itself."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import asyncpg

    from nrem_shared.runtime.database import Connection


async def fix_snapshot(conn: Connection) -> None:
    """The first statement of a repeatable-read transaction fixes what it sees."""
    await conn.execute("select 1")


async def migrations(conn: Connection) -> dict[str, str]:
    """File → checksum of everything that made the schema of facts."""
    return {row["name"]: row["checksum"] for row in await conn.fetch("select name, checksum from facts.migration")}


async def tables(conn: Connection) -> list[asyncpg.Record]:
    """Name, columns in order, and the tables that it refers to, of each table of facts."""
    return await conn.fetch(
        """
        select c.relname as name,
               array_agg(a.attname::text order by a.attnum) as columns,
               coalesce((select array_agg(distinct r.relname::text)
                           from pg_constraint f join pg_class r on r.oid = f.confrelid
                          where f.conrelid = c.oid and f.contype = 'f' and f.confrelid <> c.oid), '{}') as refers_to
          from pg_class c
          join pg_namespace n on n.oid = c.relnamespace
          join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
         where n.nspname = 'facts' and c.relkind = 'r'
         group by c.oid, c.relname
         order by c.relname
        """
    )


async def applied(conn: Connection) -> int:
    """The highest position that the projection has applied; 0 where it knows nothing."""
    found: int = await conn.fetchval("select coalesce(max(position), 0) from projection.applied")
    return found


async def empty_facts(conn: Connection) -> None:
    """Delete every row of facts but the list of migrations. As the owner."""
    await conn.execute(
        """
        do $$
        begin
            execute (select 'truncate ' || string_agg(format('facts.%I', tablename), ', ')
                       from pg_tables where schemaname = 'facts' and tablename <> 'migration');
        end $$
        """
    )


async def count_on(conn: Connection) -> None:
    """Let every identity column go on after its highest number. As the owner."""
    await conn.execute(
        """
        do $$
        declare each record;
        begin
            for each in select table_name, column_name from information_schema.columns
                         where table_schema = 'facts' and is_identity = 'YES' loop
                execute format('select setval(pg_get_serial_sequence(%L, %L), max(%I)) from facts.%I',
                               'facts.' || quote_ident(each.table_name), each.column_name,
                               each.column_name, each.table_name);
            end loop;
        end $$
        """
    )


async def copy_out(conn: Connection, table: str, columns: Sequence[str], write: Callable[[bytes], None]) -> int:
    """Hand a table's rows over, as text; returns how many there were."""

    async def output(chunk: bytes) -> None:
        write(chunk)

    said = await conn.copy_from_table(table, schema_name="facts", columns=list(columns), output=output, timeout=3600)
    return int(said.removeprefix("COPY "))


async def copy_in(conn: Connection, table: str, columns: Sequence[str], source: AsyncIterator[bytes]) -> int:
    """Take rows as `copy_out` gave them; returns how many there were."""
    said = await conn.copy_to_table(table, schema_name="facts", columns=list(columns), source=source, timeout=3600)
    return int(said.removeprefix("COPY "))
