"""What mails say, and when they leave."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from typing import Any

from icalendar import Calendar

from integration.notifier.stage import Stage
from integration.notifier.story import DUE, PERIOD, TITLE, at, opened, returned, submitted
from nrem_shared.contracts.base import LocalizedText
from nrem_shared.contracts.discussions import RemarkAnnounced
from nrem_shared.contracts.meetings import MeetingCancelled, MeetingMoved, MeetingScheduled, TaskAssigned
from nrem_shared.contracts.submissions import SubmissionAccepted
from nrem_shared.runtime.clock import RIGA


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


async def test_a_question_and_its_answer_are_mailed_at_once_without_their_words(stage: Stage) -> None:
    await stage.know()
    await opened(stage, "tsb")
    stream, evening = f"remark/{PERIOD}/tsb", at("2026-10-10", 21)
    whole: dict[str, Any] = {"period": PERIOD, "member": "tsb", "thread": 1, "version": 1, "at": "/observations/0"}
    question = RemarkAnnounced(**whole, number=1, side="coordinator")
    event = await stage.tell(stream, question, evening)
    await stage.at(evening)
    (mail,) = await stage.inbox("focal_point@tsb.example")
    assert mail.subject == "Jautājums vai atbilde: Ceturkšņa iesniegums, 2026. gada 3. ceturksnis, TSB"
    assert f"/intake/periods/{PERIOD}/submissions/tsb/versions/1/discussion?at=/observations/0" in mail.text
    assert await stage.inbox("coordinator@iem.example") == []
    await stage.tell(stream, RemarkAnnounced(**whole, number=2, side="member"), at("2026-10-10", 22))
    await stage.apply([event])  # the same record once more
    await stage.at(at("2026-10-11", 9))
    assert len(await stage.inbox("focal_point@tsb.example")) == 1
    (answer,) = await stage.inbox("coordinator@iem.example")
    assert answer.subject == mail.subject


async def test_a_correction_decided_figure_by_figure_is_one_mail(stage: Stage) -> None:
    await stage.know()
    await opened(stage, "tsb")
    now, stream = at("2026-10-10", 10), f"submission/{PERIOD}/tsb"
    accepted = SubmissionAccepted(
        period=PERIOD, member="tsb", version=1, state="accepted", accepted_version=1, pending_version=None,
        first_submitted_at=now, late=False, due=DUE, nothing_to_report=True,
    )  # fmt: skip
    for fact in (submitted(PERIOD, "tsb", DUE, 1, now), accepted, submitted(PERIOD, "tsb", DUE, 2, now)):
        await stage.tell(stream, fact, now)
    await stage.at(at("2026-10-10", 11))
    before = len(await stage.inbox("focal_point@tsb.example"))
    decided = at("2026-10-10", 12)
    part = submitted(PERIOD, "tsb", DUE, 3, now).model_copy(update={"part_of": 2})
    later = (returned(PERIOD, "tsb", date(2026, 10, 23), 2), part, accepted.model_copy(update={"version": 3}))
    await stage.apply([stage.event(stream, one, decided) for one in later])
    await stage.at(decided)
    (mail,) = (await stage.inbox("focal_point@tsb.example"))[before:]
    assert mail.subject == "Pieņemta daļa: Ceturkšņa iesniegums, 2026. gada 3. ceturksnis, TSB"
    await stage.at(at("2026-10-26"))  # nothing is owed after it
    assert len(await stage.inbox("focal_point@tsb.example")) == before + 1


async def test_mails_about_what_was_entered_on_a_members_behalf_say_so(stage: Stage) -> None:
    await stage.know()
    await opened(stage, "tsb")
    now, stream = at("2026-10-10", 10), f"submission/{PERIOD}/tsb"
    entered = submitted(PERIOD, "tsb", DUE, 1, now).model_copy(
        update={"entered_by": "IeM/coordinator", "on_behalf": LocalizedText(lv="Saņemts uz papīra")}
    )
    what = "2026. gada 3. ceturksnis, TSB (koordinators ievadīja iestādes vietā)"
    await stage.tell(stream, entered, now)
    await stage.at(at("2026-10-10", 11))
    assert (await stage.inbox("focal_point@tsb.example"))[-1].subject == f"Saņemts: Ceturkšņa iesniegums, {what}"
    await stage.tell(stream, returned(PERIOD, "tsb", date(2026, 10, 23), 1), at("2026-10-10", 12))
    await stage.at(at("2026-10-10", 12))
    mail = (await stage.inbox("focal_point@tsb.example"))[-1]
    assert what in mail.subject
    await stage.tell(stream, submitted(PERIOD, "tsb", DUE, 2, now), at("2026-10-10", 13))
    await stage.at(at("2026-10-10", 13))
    assert "iestādes vietā" not in (await stage.inbox("focal_point@tsb.example"))[-1].subject, "its own version"


async def test_a_mail_says_which_language_it_is_in(stage: Stage) -> None:
    await stage.know()
    await opened(stage, "em")
    await stage.at(at("2026-10-15"))
    content = await stage.running.runtime.pool.fetchval("select content from facts.mail")
    assert message_from_bytes(content, policy=default)["Content-Language"] == "lv"


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


async def test_nobody_holds_the_role(stage: Stage) -> None:
    await stage.know({"iem": ("coordinator",), "em": ("authorised_officer",)})
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
