"""What becomes of mails when the server, or a process, does not behave: nothing is lost, and no step told twice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from integration.notifier.stage import Stage
from integration.notifier.story import DUE, PERIOD, at, opened, submitted
from nrem_notifier.mail import store as mail_store
from nrem_shared.runtime.mail.smtp import Server


class Unruly:
    """A mail server that does what a test says: answers by code, or hangs up after the mail."""

    def __init__(self) -> None:
        self.answers: list[str] = []
        self.taken: list[bytes] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        answer = self.answers.pop(0) if self.answers else "250 taken"
        if answer.startswith("250"):
            self.taken.append(envelope.original_content)
        elif answer == "hang up":
            self.taken.append(envelope.original_content)
            server.transport.abort()
        return answer


@pytest.fixture
async def unruly() -> AsyncIterator[tuple[Unruly, Server]]:
    from aiosmtpd.smtp import SMTP

    handler, loop = Unruly(), asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(handler, hostname="unruly", loop=loop), "127.0.0.1", 0)
    yield handler, Server("127.0.0.1", server.sockets[0].getsockname()[1])
    server.close()


async def untried_again(stage: Stage) -> None:
    """The pause between two tries is over."""
    async with stage.running.runtime.pool.acquire() as conn:
        await conn.execute("update facts.mail set not_before = '-infinity'")


async def test_refused_for_now_is_tried_again_and_every_try_is_kept(stage: Stage, unruly: Any) -> None:
    handler, server = unruly
    stage.delivery._server = server
    await stage.know()
    await opened(stage, "em")
    handler.answers = ["451 later", "250 taken"]
    await stage.at(at("2026-10-14"))
    assert handler.taken == []
    await untried_again(stage)
    await stage.look()
    assert len(handler.taken) == 1
    assert await stage.count("select count(*) from facts.attempt") == 2
    assert await stage.count(
        "select count(*) from facts.ledger l join facts.mail m on m.id = l.mail where m.state = 'sent'"
    )


async def test_refused_for_good_is_shown_and_told_to_the_others(stage: Stage, unruly: Any, signing: Any) -> None:
    handler, server = unruly
    stage.delivery._server = server
    await stage.know()
    await opened(stage, "em")
    handler.answers = ["550 no such person"]
    await stage.at(at("2026-10-14"))
    answer = await stage.running.client.get("/api/deliveries/problems", headers=signing.bearer("coordinator"))
    (problem,) = answer.json()
    assert (problem["state"], problem["cause"], problem["institution"]) == ("failed", "refused", "em")
    facts = await stage.count("select count(*) from facts.journal where type = 'nrem.delivery.recorded.v1'")
    assert facts == 1


async def test_a_lost_answer_repeats_the_same_bytes_and_nothing_else(stage: Stage, unruly: Any) -> None:
    handler, server = unruly
    stage.delivery._server = server
    await stage.know()
    await opened(stage, "em")
    handler.answers = ["hang up"]
    await stage.at(at("2026-10-14"))
    await untried_again(stage)
    await stage.look()
    first, second = handler.taken
    assert first == second
    assert await stage.count("select count(*) from facts.mail") == 1


async def test_a_mail_that_never_left_does_not_say_what_is_done(stage: Stage, unruly: Any) -> None:
    handler, server = unruly
    stage.delivery._server = server
    await stage.know()
    await opened(stage, "em", "lm")
    handler.answers = ["451 later", "451 later"]
    await stage.at(at("2026-10-14"))
    done = at("2026-10-14", 9)
    await stage.tell(f"submission/{PERIOD}/em", submitted(PERIOD, "em", DUE, 1, done), done)
    await stage.move(done)
    await untried_again(stage)
    await stage.look()
    recipients = sorted(message.split(b"To: ")[1].split(b"\r\n")[0].decode() for message in handler.taken)
    assert recipients == ["focal_point@em.example", "focal_point@lm.example"]
    assert await stage.count("select count(*) from facts.mail where state = 'superseded'") == 1
    told = [row.step for row in await stage.ledger(f"QUARTER/{PERIOD}/em") if row.state == "sent"]
    assert told == []


async def test_a_server_away_over_days_is_caught_up_by_one_mail(stage: Stage, unruly: Any) -> None:
    handler, server = unruly
    stage.delivery._server = server
    await stage.know()
    await opened(stage, "em")
    handler.answers = ["451 later"] * 3
    for day in ("2026-10-08", "2026-10-12", "2026-10-14"):
        await stage.at(at(day))
        await untried_again(stage)
    await stage.at(at("2026-10-15"))
    assert len(handler.taken) == 1
    rows = await stage.ledger(f"QUARTER/{PERIOD}/em")
    assert {(row.step, row.outcome, row.state) for row in rows if row.planned >= date(2026, 10, 8)} == {
        ("BEFORE-7", "merged", "sent"), ("BEFORE-3", "merged", "sent"), ("BEFORE-1", "merged", "sent"),
        ("ON_DAY", "sent", "sent"),
    }  # fmt: skip


async def test_two_notifiers_tell_everything_once(stage: Stage) -> None:
    await stage.know()
    await opened(stage, "em", "lm", "tsb", "km")
    other = Stage(stage.running, stage.server)
    await stage.move(at("2026-10-22"))
    await asyncio.gather(stage.look(), other.look(), stage.look(), other.look())
    for member in ("em", "lm", "tsb", "km"):
        assert len(await stage.inbox(f"focal_point@{member}.example")) == 1
    assert await stage.count("select count(*) from facts.mail") == await stage.count(
        "select count(*) from facts.received"
    )
    await other.delivery.close()


async def test_a_crash_between_claim_and_mark_repeats_those_bytes(stage: Stage) -> None:
    await stage.know()
    await opened(stage, "em")
    await stage.move(at("2026-10-14"))
    await stage.passes.run()
    now = datetime.now(UTC)
    async with stage.running.runtime.pool.acquire() as conn:
        (claimed,) = await mail_store.claim(conn, now, now - timedelta(seconds=1), 10)
    await stage.look()
    (mail,) = await stage.inbox("focal_point@em.example")
    assert str(claimed.id) in dict(mail.headers)["Message-ID"]
    assert await stage.count("select count(*) from facts.mail") == 1
