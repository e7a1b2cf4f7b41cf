"""Schemas: made from numbered files that are never edited, by an owner, for a role that may do little."""

from __future__ import annotations

import asyncio

import asyncpg
import pytest

from nrem_shared.runtime import migrate as migrating
from nrem_shared.runtime.migrate import Migration, MigrationError, migrate, migrations_of, recreate_projection
from support.databases import Database

EVERY_FILE = [
    "nrem_shared.runtime/0001_journal.sql",
    "support.echo/0001_label.sql",
    "nrem_shared.runtime/0001_projection.sql",
    "nrem_shared.runtime/0002_topic_id.sql",
    "nrem_shared.runtime/0003_allowed_contacts.sql",
    "support.echo/0001_label.sql",
]

#: Everything that makes up a schema: columns, constraints, indexes, functions, rights.
SHAPE = """
select 'column ' || table_schema || '.' || table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable
       || ' ' || coalesce(column_default, '') from information_schema.columns
 where table_schema in ('facts', 'projection')
union all
select 'constraint ' || conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) from pg_constraint
 where connamespace in ('facts'::regnamespace, 'projection'::regnamespace)
union all
select 'index ' || indexdef from pg_indexes where schemaname in ('facts', 'projection')
union all
select 'function ' || oid::regprocedure || ' ' || prosecdef || ' ' || coalesce(proacl::text, '') from pg_proc
 where pronamespace in ('facts'::regnamespace, 'projection'::regnamespace)
union all
select 'rights ' || oid::regclass || ' ' || coalesce(relacl::text, '') from pg_class
 where relnamespace in ('facts'::regnamespace, 'projection'::regnamespace) and relkind in ('r', 'v', 'S')
union all
select 'schema ' || nspname || ' ' || coalesce(nspacl::text, '') from pg_namespace
 where nspname in ('facts', 'projection')
order by 1
"""


@pytest.fixture
async def empty(cluster, database):
    """A database with its roles and nothing in it."""
    made: Database = await cluster.empty("support.echo")
    yield made
    await cluster.drop(made.name)


async def shape(database: Database) -> list[str]:
    conn = await database.connect(owner=True)
    try:
        return [row[0] for row in await conn.fetch(SHAPE)]
    finally:
        await conn.close()


async def test_migrating_from_zero_gives_what_tests_clone_and_nothing_the_second_time(empty, database) -> None:
    clone = await database("echo")
    assert await migrate(empty.owner_url, empty.package, empty.app_role) == EVERY_FILE
    assert await migrate(empty.owner_url, empty.package, empty.app_role) == []
    found = await shape(empty)
    assert len(found) > 100
    assert found == await shape(clone)


async def test_two_migrations_at_once_run_each_file_once(empty) -> None:
    ran = await asyncio.gather(*(migrate(empty.owner_url, empty.package, empty.app_role) for _ in range(3)))
    assert sorted(ran, key=len) == [[], [], EVERY_FILE]


async def test_a_projection_made_anew_has_the_same_shape_and_leaves_the_facts(database) -> None:
    own = await database("echo")
    before = await shape(own)
    conn = await own.connect()
    await conn.execute("insert into facts.label values ('a', 'kept', 1)")
    await conn.execute("insert into projection.label values ('member/a', 1, 'gone')")
    await recreate_projection(own.owner_url, own.package, own.app_role)
    assert await shape(own) == before
    assert await conn.fetchval("select label from facts.label") == "kept"
    assert await conn.fetchval("select count(*) from projection.label") == 0
    await conn.close()


async def test_a_file_that_was_edited_after_it_ran_is_refused(database, monkeypatch) -> None:
    own = await database("echo")

    def edited(package: str, schema: str) -> list[Migration]:
        first, *others = migrations_of(package, schema)
        return [Migration(first.schema, first.name, first.sql + "\n-- a second thought"), *others]

    monkeypatch.setattr(migrating, "migrations_of", edited)
    with pytest.raises(MigrationError, match=r"nrem_shared\.runtime/0001_journal\.sql was edited after it ran"):
        await migrate(own.owner_url, own.package, own.app_role)


async def test_a_release_that_is_older_than_the_database_is_refused(database, monkeypatch) -> None:
    own = await database("echo")
    monkeypatch.setattr(migrating, "migrations_of", lambda package, schema: migrations_of(package, schema)[:1])
    with pytest.raises(MigrationError, match=r"support\.echo/0001_label\.sql ran here"):
        await migrate(own.owner_url, own.package, own.app_role)


async def test_a_file_that_fails_leaves_nothing_of_itself(empty, monkeypatch) -> None:
    broken = Migration("facts", "support.echo/0002_broken.sql", "create table facts.half (x int); select 1/0")

    def with_broken(package: str, schema: str) -> list[Migration]:
        return [*migrations_of(package, schema), *([broken] if schema == "facts" else [])]

    monkeypatch.setattr(migrating, "migrations_of", with_broken)
    with pytest.raises(asyncpg.DivisionByZeroError):
        await migrate(empty.owner_url, empty.package, empty.app_role)
    monkeypatch.undo()
    conn = await empty.connect(owner=True)
    assert await conn.fetchval("select to_regclass('facts.half')") is None
    await conn.close()
    assert await migrate(empty.owner_url, empty.package, empty.app_role) == EVERY_FILE[2:]


async def test_the_app_role_may_work_and_may_not_build(database) -> None:
    own = await database("echo")
    conn = await own.connect()
    try:
        await conn.execute("insert into facts.label values ('a', 'a', 1)")
        for forbidden in (
            "create table facts.mine (x int)",
            "create table projection.mine (x int)",
            "create schema mine",
            "drop table projection.label",
            "delete from facts.label",
            "insert into facts.migration values ('x', 'x')",
            "delete from projection.generation",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await conn.execute(forbidden)
    finally:
        await conn.close()


def test_the_role_is_put_in_for_its_placeholder_alone() -> None:
    assert migrating._APP.sub('"role"', "grant x to :app; select 'a'::app, ':apple'") == (
        "grant x to \"role\"; select 'a'::app, ':apple'"
    )
