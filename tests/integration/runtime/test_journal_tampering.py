"""Whatever somebody with all rights does to a journal is found; who has the service's rights can't do it at all."""

from __future__ import annotations

import asyncpg
import pytest

from nrem_shared.runtime.journal import store
from nrem_shared.runtime.journal.chain import GENESIS, Row, chained_hash
from nrem_shared.runtime.journal.verify import Verification, verify
from support.databases import Database
from support.journals import BY_TEST, journal_on, record_labels

ROWS = 6


@pytest.fixture
async def journalled(database) -> Database:
    """Six rows by three streams."""
    made: Database = await database("echo")
    async with journal_on(made) as (journal, _):
        await record_labels(journal, *((code, revision, f"{code}{revision}") for revision in (1, 2) for code in "abc"))
    return made


async def checked(database: Database, head: bytes | None = None) -> Verification:
    connection = await database.connect()
    try:
        return await verify(connection, head=head)
    finally:
        await connection.close()


async def spoil(database: Database, *statements: str) -> None:
    """As the superuser, past every constraint."""
    connection = await database.connect(superuser=True)
    try:
        await connection.execute("set session_replication_role = replica")
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


async def recompute_chain(database: Database) -> None:
    """Make every row and the head fit again, as a careful forger would."""
    connection = await database.connect(superuser=True)
    try:
        previous = GENESIS
        for record in await connection.fetch("select * from facts.journal order by position"):
            row = Row(**{**{name: record[name] for name in Row._fields}, "previous_hash": previous})
            previous = chained_hash(row)
            await connection.execute(
                "update facts.journal set previous_hash = $2, hash = $3 where position = $1",
                row.position, row.previous_hash, previous,
            )  # fmt: skip
            await connection.execute("update facts.journal_head set position = $1, hash = $2", row.position, previous)
    finally:
        await connection.close()


async def test_an_untouched_journal_verifies(journalled: Database) -> None:
    result = await checked(journalled)
    assert (result.rows, result.redacted, result.findings) == (ROWS, 0, [])
    assert (await checked(journalled, head=result.head)).findings == []
    assert (await checked(journalled, head=GENESIS)).findings == []


CHANGED = "its type, stream, time, actor or other field was changed"
BROKEN = "it does not continue the chain: a row was deleted, moved or added"


@pytest.mark.parametrize(
    ("change", "position", "finding"),
    [
        ("update facts.journal_payload set payload = replace(payload, 'a2', 'a9') where position = 4",
         4, "its payload was changed"),
        ("update facts.journal_payload set salt = '\\x00' where position = 4", 4, "its payload was changed"),
        ("update facts.journal set type = 'nrem.period.opened.v1' where position = 3", 3, CHANGED),
        ("update facts.journal set recorded_at = recorded_at - interval '1 microsecond' where position = 3",
         3, CHANGED),
        ("update facts.journal set actor = 'somebody else' where position = 3", 3, CHANGED),
        ("update facts.journal set subject = 'member/x' where position = 3", 3, CHANGED),
        ("update facts.journal set revision = 7 where position = 3", 3, CHANGED),
        ("update facts.journal set correlation_id = 'other' where position = 3", 3, CHANGED),
        ("update facts.journal set causation_id = 'other' where position = 3", 3, CHANGED),
        ("update facts.journal set redacts = 1 where position = 3", 3, CHANGED),
        ("update facts.journal set payload_hash = sha256('x') where position = 3", 3, "its payload was changed"),
        ("update facts.journal set id = gen_random_uuid() where position = 3", 3, CHANGED),
        ("delete from facts.journal where position = 3", 4, "rows 3 to 3 are missing before it"),
        ("delete from facts.journal_payload where position = 3", 3, "its payload is gone and no redaction names it"),
        ("update facts.journal_head set hash = sha256('x')", 0,
         "the head names row 6, the last row is 6: rows were cut off or changed"),
        ("delete from facts.journal where position = 6", 0,
         "the head names row 6, the last row is 5: rows were cut off or changed"),
        ("delete from facts.journal_head", 0, "it has no head"),
    ],
    ids=["payload", "salt", "type", "time", "actor", "stream", "revision", "correlation", "causation", "redacts",
         "payload-hash", "id", "row-deleted", "payload-gone", "head", "last-row-cut-off", "head-gone"],
)  # fmt: skip
async def test_each_change_is_found_where_it_was_made(
    journalled: Database, change: str, position: int, finding: str
) -> None:
    await spoil(journalled, change)
    found = [(one.position, one.what) for one in (await checked(journalled)).findings]
    assert (position, finding) in found


async def test_swapped_rows_are_found(journalled: Database) -> None:
    await spoil(
        journalled,
        "update facts.journal set position = case position when 2 then 1003 else 1002 end where position in (2, 3)",
        "update facts.journal set position = position - 1000 where position > 1000",
    )
    result = await checked(journalled)
    assert {2, 3, 4} <= {one.position for one in result.findings}


async def test_an_inserted_row_is_found(journalled: Database) -> None:
    await spoil(
        journalled,
        "update facts.journal set position = position + 1000 where position > 3",
        "update facts.journal set position = position - 999 where position > 1000",
        "update facts.journal_payload set position = position + 1000 where position > 3",
        "update facts.journal_payload set position = position - 999 where position > 1000",
        "update facts.journal_head set position = 7",
        """insert into facts.journal select 4, gen_random_uuid(), type, 'member/z', 1, recorded_at, actor,
           correlation_id, causation_id, payload_hash, redacts, hash, sha256('made up')
           from facts.journal where position = 3""",
    )
    found = {(one.position, one.what) for one in (await checked(journalled)).findings}
    assert {(4, CHANGED), (5, BROKEN)} <= found


async def test_rows_cut_off_with_the_head_recomputed_are_found_against_an_earlier_head(journalled: Database) -> None:
    printed = (await checked(journalled)).head
    await spoil(
        journalled,
        "delete from facts.journal_payload where position > 4",
        "delete from facts.journal where position > 4",
        "update facts.journal_head set position = 4, hash = (select hash from facts.journal where position = 4)",
    )
    assert (await checked(journalled)).findings == []
    [finding] = (await checked(journalled, head=printed)).findings
    assert finding.what.startswith(f"the head {printed.hex()} is not in it")


async def test_a_recomputed_chain_is_found_against_an_earlier_head(journalled: Database) -> None:
    printed = (await checked(journalled)).head
    await spoil(journalled, "update facts.journal set actor = 'somebody else' where position = 2")
    await recompute_chain(journalled)
    assert (await checked(journalled)).findings == []
    assert (await checked(journalled, head=printed)).findings


async def test_a_redaction_deletes_the_payload_and_the_chain_still_verifies(journalled: Database) -> None:
    async with journal_on(journalled) as (journal, pool):
        before = await pool.fetchval("select hash from facts.journal where position = 2")
        await journal.redact(2, "named a person", BY_TEST)
        assert await pool.fetchval("select count(*) from facts.journal_payload where position = 2") == 0
        with pytest.raises(LookupError, match="99"):
            await journal.redact(99, "nothing there", BY_TEST)
    result = await checked(journalled, head=before)
    assert (result.rows, result.redacted, result.findings) == (ROWS + 1, 1, [])


async def test_a_payload_may_be_redacted_again(journalled: Database) -> None:
    async with journal_on(journalled) as (journal, _):
        await journal.redact(2, "named a person", BY_TEST)
        await journal.redact(2, "asked for again", BY_TEST)
    assert (await checked(journalled)).findings == []


@pytest.mark.parametrize("table", ["facts.journal", "facts.journal_payload"])
@pytest.mark.parametrize("statement", ["update {0} set position = 99", "delete from {0}", "truncate {0} cascade"])
async def test_the_app_role_cannot_change_what_was_journalled(journalled: Database, table: str, statement: str) -> None:
    connection = await journalled.connect()
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement.format(table))
    finally:
        await connection.close()


async def test_the_app_role_cannot_redact_without_a_journalled_redaction(journalled: Database) -> None:
    connection = await journalled.connect()
    try:
        assert await store.redact(connection, 2) is False
        assert await connection.fetchval("select count(*) from facts.journal_payload") == ROWS
        for statement in ("alter table facts.journal disable trigger all", "drop table facts.journal_payload",
                          "delete from facts.journal_head"):  # fmt: skip
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(statement)
    finally:
        await connection.close()
