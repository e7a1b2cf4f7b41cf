"""Commands that decide beside each other are written one after the other, each on what it was decided on."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from nrem_shared.runtime.clock import DemonstrationClock
from nrem_shared.runtime.journal import Fact, Writing
from nrem_shared.runtime.journal import store as journal_store
from nrem_shared.runtime.journal.store import Answered
from support.echo.api import label_fact, registered
from support.journals import BY_TEST, journal_on
from support.label_commands import Refused, add, add_holding, check, labelled


async def test_commands_about_different_streams_are_all_written_at_their_first_try(database) -> None:
    tries: Counter[str] = Counter()
    async with journal_on(await database("echo")) as (journal, pool):
        codes = [f"{a}{b}" for a in "abcdefg" for b in "abcdefg"]
        after = await asyncio.gather(*(add(journal, code, code, tries) for code in codes))
        assert after == [f"intake:member/{code}@1" for code in codes]
        await check(pool, Counter(codes))
    assert set(tries.values()) == {1}


async def test_commands_about_one_stream_are_each_decided_on_the_one_before(database) -> None:
    async with journal_on(await database("echo")) as (journal, pool):
        await asyncio.gather(*(add(journal, "ab"[number % 2], str(number)) for number in range(60)))
        await check(pool, Counter(a=30, b=30))


@pytest.mark.parametrize("seed", range(5))
async def test_processes_that_hold_the_head_and_that_do_not_go_together(database, seed: int) -> None:
    """Two processes, as the database sees them, and both ways of writing."""
    made, chance, expected = await database("echo"), Random(seed), Counter[str]()
    async with journal_on(made) as (one, pool), journal_on(made) as (other, _):
        work = []
        for number in range(120):
            code = chance.choice("abcdefgh")
            expected[code] += 1
            way = add if chance.random() < 0.8 else add_holding
            work.append(way(chance.choice([one, other]), code, f"{number}"))
        await asyncio.gather(*work)
        await check(pool, expected)


async def test_what_another_process_wrote_meanwhile_is_decided_on(database) -> None:
    made, tries = await database("echo"), 0
    async with journal_on(made) as (journal, pool), journal_on(made) as (other, _):

        async def command(writing: Writing) -> int:
            nonlocal tries
            tries += 1
            revision = await journal_store.revision_of(writing.conn, "member/a") + 1
            if tries == 1:
                await add_holding(other, "a", "overtaking")
            writing.keep(labelled(("a", "mine", revision)))
            writing.record(label_fact("a", revision, "mine"))
            return revision

        assert await journal.write(BY_TEST, command, streams=["member/a"]) == 2
        assert tries == 2
        await check(pool, Counter(a=2))


async def test_who_began_later_is_written_later_also_behind_one_that_ended_early(database) -> None:
    async with journal_on(await database("echo")) as (journal, pool):
        decided = asyncio.Event()

        async def slow(writing: Writing) -> None:
            await decided.wait()
            writing.keep(labelled(("a", "slow", 1)))
            writing.record(label_fact("a", 1, "slow"))

        async def refused(_: Writing) -> None:
            raise Refused

        first = asyncio.create_task(journal.write(BY_TEST, slow, streams=["member/a"]))
        await asyncio.sleep(0.05)
        with pytest.raises(Refused):
            await journal.write(BY_TEST, refused, streams=["member/x"])
        last = asyncio.create_task(add(journal, "b", "quick"))
        await asyncio.sleep(0.1)
        assert not last.done()
        decided.set()
        await asyncio.gather(first, last)
        order = await pool.fetch("select subject from facts.journal order by position")
        assert [row["subject"] for row in order] == ["member/a", "member/b"]
        await check(pool, Counter("ab"))


async def test_a_key_is_answered_once_however_many_ask_at_the_same_time(database) -> None:
    key = ("key:vp", "one")
    async with journal_on(await database("echo")) as (journal, pool):

        async def command(writing: Writing) -> str:
            before = writing.answered[key]
            if before is not None:
                return before.body
            number = await journal_store.revision_of(writing.conn, "member/a") + 1
            writing.keep(labelled(("a", "x", number)))
            writing.record(label_fact("a", number, "x"))
            writing.remember(Answered(*key, b"asked", 201, {}, f"answer {number}"))
            return f"answer {number}"

        ask = [journal.write(BY_TEST, command, streams=["member/a"], keys=[key]) for _ in range(10)]
        assert set(await asyncio.gather(*ask)) == {"answer 1"}
        await check(pool, Counter("a"))


async def test_who_repeats_a_key_gets_its_answer_and_never_a_refusal(database) -> None:
    """A repeated request reads that there is no answer, then that its stream was changed: by the first one."""
    async with journal_on(await database("echo")) as (journal, pool):

        async def once(number: int) -> str:
            key, stream = ("key:vp", f"{number}"), f"member/a{number}"

            async def command(writing: Writing) -> str:
                before = writing.answered[key]
                if before is not None:
                    return before.body
                if await journal_store.revision_of(writing.conn, stream):
                    raise Refused
                writing.record(Fact("nrem.institution.registered.v1", stream, 1, registered("a", "x")))
                writing.remember(Answered(*key, b"asked", 201, {}, "first"))
                return "first"

            return await journal.write(BY_TEST, command, streams=[stream], keys=[key])

        answers = await asyncio.gather(*(once(number) for number in range(60) for _ in range(6)))
        assert Counter(answers) == {"first": 360}
        assert await pool.fetchval("select count(*) from facts.journal") == 60


async def test_one_command_that_holds_the_head_does_not_slow_down_all_behind_it(database) -> None:
    """Who was overtaken once is decided twice; those that begin after it are not."""
    made, tries, expected = await database("echo"), Counter[str](), Counter[str]()
    async with journal_on(made) as (journal, pool), journal_on(made) as (other, _):

        async def ask(code: str) -> None:
            for number in range(150):
                expected[code] += 1
                await add(journal, code, f"{code}{number}", tries)

        async def disturb() -> None:
            while tries.total() < 100:
                await asyncio.sleep(0)
            expected["z"] += 1
            await add_holding(other, "z", "once")

        await asyncio.gather(*(ask(code) for code in "abc"), disturb())
        await check(pool, expected)
    assert sum(number > 1 for number in tries.values()) < 30


async def test_a_database_that_was_set_back_under_a_running_process_is_decided_on_as_it_is(database) -> None:
    """The same positions come again, with other hashes: what this process remembers of them is of no use."""
    made = await database("echo")
    async with journal_on(made) as (journal, pool):
        await asyncio.gather(*(add(journal, code, code) for code in "abc"))
        owner = await made.connect(owner=True)
        await owner.execute("truncate facts.journal, facts.journal_payload, facts.label")
        await owner.execute(
            "update facts.journal_head set position = 0, recorded_at = '-infinity', hash = sha256('nrem journal')"
        )
        await owner.close()
        await asyncio.gather(*(add(journal, code, f"{code} again") for code in "bca"))
        await check(pool, Counter("abc"))


async def test_time_never_runs_backwards_between_them(database) -> None:
    noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    made = await database("echo")
    async with journal_on(made, DemonstrationClock(noon)) as (journal, _):
        await add(journal, "a", "noon")
    async with journal_on(made, DemonstrationClock(noon - timedelta(hours=1))) as (journal, pool):
        await asyncio.gather(*(add(journal, code, "earlier") for code in "bcd"))
        times = await pool.fetch("select distinct recorded_at from facts.journal")
        assert [row["recorded_at"] for row in times] == [noon]
        await check(pool, Counter("abcd"))
