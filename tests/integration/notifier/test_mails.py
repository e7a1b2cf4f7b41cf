"""What mails say and when they leave; what happens when the server, the clock or a process does not behave."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from icalendar import Calendar

from integration.notifier.stage import Stage
from integration.notifier.story import TITLE, returned, submitted
from nrem_notifier.mail import store as mail_store
from nrem_shared.contracts.meetings import MeetingCancelled, MeetingMoved, MeetingScheduled, TaskAssigned
from nrem_shared.contracts.periods import PeriodOpened
from nrem_shared.contracts.submissions import SubmissionAccepted
from nrem_shared.runtime.clock import RIGA
from nrem_shared.runtime.mail.smtp import Server

DUE = date(2026, 10, 15)
PERIOD = "2026-Q3"


def at(day: str, hour: int = 8, minute: int = 0) -> datetime:
    return datetime.combine(date.fromisoformat(day), time(hour, minute), RIGA).astimezone(UTC)


async def opened(stage: Stage, *members: str) -> None:
    """A quarter that these members owe a submission for."""
    fact = PeriodOpened(code=PERIOD, due=DUE, group="working_group_2025", owes=members, illustrative=True)
    await stage.tell(f"period/{PERIOD}", fact, at("2026-07-01"))


async def task(stage: Stage, code: str, owner: str, due: date, given: date) -> None:
    fact = TaskAssigned(
        code=code, meeting="M-2026-Q2", decision="D-2026-04", owner=owner, text=TITLE, assigned_on=given, due=due,
        first_due=due, state="open",
    )  # fmt: skip
    await stage.tell(f"task/{code}", fact, at(given.isoformat(), 12))


async def test_one_digest_about_everything(stage: Stage) -> None:
    await stage.know()
    await opened(stage, "em")
    await task(stage, "T-2026-09", "em", DUE, date(2026, 9, 20))
    await stage.at(at("2026-10-15"))
    (mail,) = await stage.inbox("focal_point@em.example")
    assert mail.subject == "Atgādinājums: 2 darbi"
    headers = dict(mail.headers)
    assert headers["Auto-Submitted"] == "auto-generated"
    assert headers["Reply-To"] == "koordinators@iem.example"
    assert f"/intake/periods/{PERIOD}/submissions/em" in mail.text
    assert "/plan/tasks#T-2026-09" in mail.html
    assert "izdomāti" in mail.text


async def test_english_for_those_who_ask_for_it(stage: Stage) -> None:
    await stage.know()
    async with stage.running.runtime.pool.acquire() as conn:
        from nrem_notifier.obligations import handlers

        await handlers.apply_contacts(conn, [stage.contact("em", "focal_point", "en")])
    await opened(stage, "em")
    await stage.at(at("2026-10-14"))
    (mail,) = await stage.inbox("focal_point@em.example")
    assert mail.subject == "Reminder: Quarterly submission, Q3 2026, EM (15 Oct 2026)"
    assert "1 day left" in mail.text


async def test_receipt_return_and_acceptance_at_once_at_any_hour(stage: Stage) -> None:
    await stage.know()
    await opened(stage, "tsb")
    saturday = at("2026-10-10", 21)
    stream = f"submission/{PERIOD}/tsb"
    await stage.tell(stream, submitted(PERIOD, "tsb", DUE, 1, saturday), saturday)
    await stage.at(saturday)
    await stage.tell(stream, returned(PERIOD, "tsb", date(2026, 10, 23), 1), at("2026-10-11", 10))
    await stage.at(at("2026-10-11", 10))
    await stage.tell(stream, submitted(PERIOD, "tsb", DUE, 2, at("2026-10-11", 11)), at("2026-10-11", 11))
    accepted = SubmissionAccepted(
        period=PERIOD, member="tsb", version=2, state="accepted", accepted_version=2, pending_version=None,
        first_submitted_at=saturday, late=False, due=DUE, nothing_to_report=True,
    )  # fmt: skip
    await stage.tell(stream, accepted, at("2026-10-11", 12))
    await stage.at(at("2026-10-11", 12))
    subjects = [mail.subject.split(":")[0] for mail in await stage.inbox("focal_point@tsb.example")]
    assert subjects == ["Saņemts", "Atdots labošanai", "Saņemts", "Pieņemts"]


async def test_a_meeting_is_one_calendar_entry_for_ever(stage: Stage) -> None:
    await stage.know()
    starts = datetime(2026, 11, 11, 10, tzinfo=RIGA)
    whole: dict[str, Any] = {"code": "M-2026-Q3", "about": PERIOD, "invited": ("em", "lm"), "place": TITLE}
    stream = "meeting/M-2026-Q3"
    await stage.tell(stream, MeetingScheduled(**whole, state="scheduled", starts_at=starts), at("2026-10-21", 9))
    await stage.at(at("2026-10-21", 9))
    later = starts + timedelta(days=7)
    moved = MeetingMoved(**whole, state="scheduled", starts_at=later, sequence=1, moved_from=starts)
    await stage.tell(stream, moved, at("2026-10-28", 9))
    await stage.at(at("2026-10-28", 9))
    off = MeetingCancelled(**whole, state="cancelled", starts_at=later, sequence=2)
    await stage.tell(stream, off, at("2026-10-29", 9))
    await stage.at(at("2026-10-29", 9))
    await stage.at(at("2026-11-11"))
    mails = await stage.inbox("focal_point@em.example")
    entries = [(Calendar.from_ical(mail.calendar), mail) for mail in mails]
    events = [calendar.walk("VEVENT")[0] for calendar, _ in entries]
    assert [str(calendar["method"]) for calendar, _ in entries] == ["REQUEST", "REQUEST", "CANCEL"]
    assert [int(event["sequence"]) for event in events] == [0, 1, 2]
    assert {str(event["uid"]) for event in events} == {"M-2026-Q3@iem.example"}
    assert events[1].decoded("dtstart") == later.astimezone(UTC)


async def test_nothing_is_sent_while_something_may_be_missing(stage: Stage) -> None:
    await stage.know()
    await opened(stage, "em")
    await stage.at(at("2026-10-12"))
    before = await stage.rows()
    await stage.freshen(datetime.now(UTC) - timedelta(days=1))
    held = await stage.at(at("2026-10-14"))
    assert (held.gate.closed, held.waits_for) == ("stale", 1)
    assert await stage.rows() == before
    # It reports while the bus is down; when the bus is back, nobody reminds it.
    await stage.tell(
        f"submission/{PERIOD}/em", submitted(PERIOD, "em", DUE, 1, at("2026-10-14", 11)), at("2026-10-14", 11)
    )
    await stage.freshen()
    await stage.at(at("2026-10-16", 9))
    subjects = [mail.subject.split(":")[0] for mail in await stage.inbox("focal_point@em.example")]
    assert subjects == ["Atgādinājums", "Saņemts"]
    holds = await stage.count("select count(*) from facts.hold where reason = 'stale' and ended_at is not null")
    assert holds == 1


async def test_a_pause_is_caught_up_by_one_mail(stage: Stage, signing: Any) -> None:
    await stage.know()
    await opened(stage, "em")
    headers = signing.bearer("coordinator", member="iem")
    answer = await stage.running.client.post("/api/sending", json={"paused": True, "reason": "test"}, headers=headers)
    assert answer.json()["paused"] is True
    for day in ("2026-10-08", "2026-10-12", "2026-10-14", "2026-10-15"):
        assert (await stage.at(at(day))).gate.closed == "paused"
    await stage.running.client.post("/api/sending", json={"paused": False}, headers=headers)
    await stage.at(at("2026-10-17"))  # a Saturday
    assert await stage.inbox("focal_point@em.example") == []
    await stage.at(at("2026-10-19"))
    (mail,) = await stage.inbox("focal_point@em.example")
    assert "nokavētas 4 dienas" in mail.text


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


async def test_nobody_holds_the_role(stage: Stage) -> None:
    await stage.know({"iem": ("coordinator",), "em": ("deputy",)})
    await opened(stage, "em")
    await stage.at(at("2026-10-14"))
    (mail,) = await stage.inbox("coordinator@iem.example")
    assert "Vēstule domāta: EM, kontaktpersona" in mail.text
    (row,) = [row for row in await stage.ledger(f"QUARTER/{PERIOD}/em") if row.outcome == "sent"]
    assert row.fallback


async def test_no_address_is_in_journal_or_ledger(stage: Stage) -> None:
    await stage.know()
    await opened(stage, "em")
    await stage.at(at("2026-10-14"))
    assert await stage.count("select count(*) from facts.journal_payload where payload like '%@%'") == 0
    assert await stage.count("select count(*) from facts.ledger l where l::text like '%@%'") == 0
