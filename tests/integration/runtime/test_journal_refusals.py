"""Commands that do not hold the head and are refused, cancelled or overtaken: nothing of them is written."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import UTC, datetime

import asyncpg
import pytest

from nrem_shared.runtime.journal import Fact, State, Writing
from nrem_shared.runtime.journal import store as journal_store
from nrem_shared.runtime.journal.store import Answered
from support.echo.api import label_fact
from support.journals import BY_TEST, journal_on, record_labels
from support.label_commands import Refused, add, check, labelled


async def test_nothing_is_written_where_the_head_was_moved_or_is_another(database) -> None:
    async with journal_on(await database("echo")) as (journal, pool), pool.acquire() as conn:
        await record_labels(journal, ("a", 1, "first"))
        head, _ = await journal_store.read(conn, [])
        sealed = journal_store.Sealed([], [], [], [], [labelled(("z", "lost", 1))], datetime.now(UTC))
        for wrong in (head._replace(position=0), head._replace(hash=b"another chain")):
            assert await journal_store.append(conn, wrong, sealed, head) is False
        assert await pool.fetchval("select count(*) from facts.label") == 0
        assert (await journal_store.read(conn, []))[0] == head


async def test_a_refused_command_leaves_nothing_and_holds_nobody_up(database) -> None:
    async with journal_on(await database("echo")) as (journal, pool):

        async def refused(writing: Writing) -> None:
            writing.keep(labelled(("z", "lost", 1)))
            writing.record(label_fact("z", 1, "lost"))
            raise Refused

        work = [add(journal, "a", "1"), journal.write(BY_TEST, refused, streams=["member/z"]), add(journal, "b", "2")]
        outcomes = await asyncio.gather(*work, return_exceptions=True)
        assert [type(each) for each in outcomes] == [str, Refused, str]
        await check(pool, Counter("ab"))


async def test_a_state_that_the_database_refuses_leaves_no_fact(database) -> None:
    async with journal_on(await database("echo")) as (journal, pool):

        async def command(writing: Writing) -> None:
            writing.keep(State("labels as (insert into facts.label (code) select $1::text from moved)", ["a"]))
            writing.record(label_fact("a", 1, "lost"))

        with pytest.raises(asyncpg.NotNullViolationError):
            await journal.write(BY_TEST, command, streams=["member/a"])
        await add(journal, "b", "next")
        await check(pool, Counter("b"))


async def test_one_that_is_cancelled_while_it_waits_holds_nobody_up(database) -> None:
    async with journal_on(await database("echo")) as (journal, pool):
        decided = asyncio.Event()

        async def slow(writing: Writing) -> None:
            await decided.wait()
            writing.keep(labelled(("a", "slow", 1)))
            writing.record(label_fact("a", 1, "slow"))

        first = asyncio.create_task(journal.write(BY_TEST, slow, streams=["member/a"]))
        waiting = asyncio.create_task(add(journal, "x", "cancelled"))
        await asyncio.sleep(0.1)
        last = asyncio.create_task(add(journal, "b", "after it"))
        await asyncio.sleep(0.05)
        waiting.cancel()
        decided.set()
        await asyncio.gather(first, last)
        with pytest.raises(asyncio.CancelledError):
            await waiting
        await check(pool, Counter("ab"))


async def test_what_would_move_no_head_is_refused(database) -> None:
    async with journal_on(await database("echo")) as (journal, pool):

        async def command(writing: Writing) -> None:
            writing.remember(Answered("key:vp", "one", b"asked", 200, {}, "nothing new"))

        with pytest.raises(ValueError, match="without a fact"):
            await journal.write(BY_TEST, command, streams=[], keys=[("key:vp", "one")])
        assert await pool.fetchval("select count(*) from facts.idempotency") == 0


async def test_a_redaction_needs_a_transaction(database) -> None:
    async with journal_on(await database("echo")) as (journal, pool):
        await add(journal, "a", "one")

        async def command(writing: Writing) -> None:
            fact = label_fact("b", 1, "two")
            writing.record(Fact(fact.type, fact.subject, fact.revision, fact.data, redacts=1))

        with pytest.raises(ValueError, match="redaction"):
            await journal.write(BY_TEST, command, streams=["member/b"])
        assert await pool.fetchval("select count(*) from facts.journal_payload") == 1
