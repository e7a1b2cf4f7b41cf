"""A command's state and its facts commit together, in one gap-free order."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from nrem_shared.contracts.members import InstitutionRegistered
from nrem_shared.runtime.clock import DemonstrationClock
from nrem_shared.runtime.journal import Fact, Journal
from nrem_shared.runtime.journal.store import Answered
from nrem_shared.runtime.journal.verify import verify
from nrem_shared.runtime.journal.writing import MAX_PAYLOAD, PayloadTooLarge
from support.echo import store as echo_store
from support.echo.api import label_fact, registered
from support.journals import BY_TEST, journal_on, record_labels

LETTERS = "abcdefghijklmnopqrstuvwxyz"


class Refused(Exception):
    """A command changes its mind."""


async def test_concurrent_commands_give_a_gap_free_time_ordered_journal(database) -> None:
    async with journal_on(await database("echo")) as (journal, pool):

        async def command(number: int) -> None:
            async with journal.writing(BY_TEST) as writing:
                code = LETTERS[number % 5]
                revision = await echo_store.set_label(writing.conn, code, str(number))
                writing.record(label_fact(code, revision, str(number)))

        await asyncio.gather(*(command(number) for number in range(50)))
        rows = await pool.fetch("select position, recorded_at, subject, revision from facts.journal order by position")
        assert [row["position"] for row in rows] == list(range(1, 51))
        assert [row["recorded_at"] for row in rows] == sorted(row["recorded_at"] for row in rows)
        for code in LETTERS[:5]:
            assert [r["revision"] for r in rows if r["subject"] == f"member/{code}"] == list(range(1, 11))
        async with pool.acquire() as conn:
            assert (await verify(conn)).findings == []


async def command_that_is_refused(journal: Journal) -> None:
    async with journal.writing(BY_TEST) as writing:
        await echo_store.set_label(writing.conn, "b", "lost")
        writing.record(label_fact("b", 1, "lost"))
        raise Refused


async def test_a_failing_command_leaves_nothing(database) -> None:
    async with journal_on(await database("echo")) as (journal, pool):
        await record_labels(journal, ("a", 1, "kept"))
        before = await pool.fetchrow("select * from facts.journal_head")
        with pytest.raises(Refused):
            await command_that_is_refused(journal)
        assert await pool.fetchval("select count(*) from facts.label") == 0
        assert await pool.fetchval("select count(*) from facts.journal") == 1
        assert await pool.fetchrow("select * from facts.journal_head") == before
        await record_labels(journal, ("b", 1, "next"))
        assert await pool.fetchval("select max(position) from facts.journal") == 2


async def test_two_facts_of_the_same_revision_are_refused_with_everything_beside_them(database) -> None:
    async with journal_on(await database("echo")) as (journal, pool):
        await record_labels(journal, ("a", 1, "first"))
        with pytest.raises(asyncpg.UniqueViolationError):
            await record_labels(journal, ("b", 1, "beside"), ("a", 1, "again"), each=False)
        assert await pool.fetchval("select count(*) from facts.journal") == 1


async def test_recorded_time_never_runs_backwards_when_the_clock_does(database) -> None:
    made = await database("echo")
    noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    async with journal_on(made, DemonstrationClock(noon)) as (journal, _):
        await record_labels(journal, ("a", 1, "noon"))
    async with journal_on(made, DemonstrationClock(noon - timedelta(hours=1))) as (journal, pool):
        async with journal.writing(BY_TEST) as writing:
            assert writing.now == noon
            writing.record(label_fact("a", 2, "earlier"))
        assert await pool.fetchval("select recorded_at from facts.journal where position = 2") == noon


async def test_one_command_may_record_many_facts_and_names_the_newest_of_each_stream(database) -> None:
    async with journal_on(await database("echo")) as (journal, pool):
        async with journal.writing(BY_TEST) as writing:
            for number in range(1, 501):
                writing.record(label_fact(LETTERS[number % 2], (number + 1) // 2, str(number)))
        assert writing.after == "intake:member/b@250, intake:member/a@250"
        assert await pool.fetchval("select count(*) from facts.journal_payload") == 500
        async with pool.acquire() as conn:
            assert (await verify(conn)).rows == 500


async def test_a_fact_may_have_256_kb_and_not_one_more(database) -> None:
    def sized(label: str) -> Fact:
        data = registered("a", "x").model_copy(update={"abbreviation": label})
        return Fact("nrem.institution.registered.v1", "member/a", 1, data)

    room = MAX_PAYLOAD - len(sized("").data.model_dump_json())
    async with journal_on(await database("echo")) as (journal, pool):
        for label in ("x" * (room + 1), "ā" * (room // 2 + 1)):
            with pytest.raises(PayloadTooLarge):
                async with journal.writing(BY_TEST) as writing:
                    writing.record(sized(label))
        async with journal.writing(BY_TEST) as writing:
            writing.record(sized("x" * room))
        assert await pool.fetchval("select count(*) from facts.journal") == 1


def test_a_fact_carries_the_model_of_its_type() -> None:
    with pytest.raises(ValueError, match=r"nrem\.period\.opened\.v1"):
        Fact("nrem.period.opened.v1", "period/2026-Q1", 1, registered("a", "x"))
    with pytest.raises(ValueError, match="InstitutionRegistered"):
        Fact("nrem.nothing.known.v1", "member/a", 1, registered("a", "x"))
    assert isinstance(label_fact("a", 1, "x").data, InstitutionRegistered)


async def test_answers_are_kept_with_the_facts_or_alone_and_found_by_their_key(database) -> None:
    first = Answered("key:vp", "one", b"asked", 201, {"etag": '"1"'}, "{}")
    alone = Answered("key:vp", "two", b"asked too", 200, {}, "nothing new")
    async with journal_on(await database("echo")) as (journal, pool):
        async with journal.writing(BY_TEST, [("key:vp", "one")]) as writing:
            assert writing.answered == {("key:vp", "one"): None}
            writing.record(label_fact("a", 1, "first"))
            writing.remember(first)
        head = await pool.fetchrow("select * from facts.journal_head")
        async with journal.writing(BY_TEST) as writing:
            writing.remember(alone)
        assert await pool.fetchrow("select * from facts.journal_head") == head
        keys = [("key:vp", "one"), ("key:vp", "two"), ("key:lm", "one")]
        async with journal.writing(BY_TEST, keys) as writing:
            assert writing.answered == dict(zip(keys, (first, alone, None), strict=True))
        with pytest.raises(asyncpg.UniqueViolationError):
            await command_that_answers_again(journal, first)
        assert await pool.fetchrow("select * from facts.journal_head") == head


async def command_that_answers_again(journal: Journal, answer: Answered) -> None:
    async with journal.writing(BY_TEST) as writing:
        writing.record(label_fact("a", 2, "second"))
        writing.remember(answer)
