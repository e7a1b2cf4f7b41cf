"""The authorised officer is asked for a signature at once, reminded by its due date, left alone once it is settled."""

from __future__ import annotations

from datetime import date

from integration.notifier.stage import Stage
from integration.notifier.story import DUE, PERIOD, at, opened
from nrem_notifier.obligations import handlers
from nrem_shared.contracts.submissions import SignatureAwaited, SignatureSettled

OFFICER, COORDINATOR = "authorised_officer@tsb.example", "coordinator@iem.example"
STREAM = f"signature/{PERIOD}/tsb"
HANDED = {"period": PERIOD, "member": "tsb", "kind": "report", "due": DUE, "prepared_by": "TSB/member"}


async def test_the_officer_is_asked_at_once_and_reminded_until_it_is_signed(stage: Stage) -> None:
    await stage.know()
    await opened(stage, "tsb")
    saturday = at("2026-10-10", 21)
    await stage.tell(STREAM, SignatureAwaited(**HANDED), saturday)
    await stage.at(saturday)
    [asked] = await stage.inbox(OFFICER)
    assert asked.subject.startswith("Gaida jūsu parakstu: Parakstāms pārskats, 2026. gada 3. ceturksnis")
    assert f"/intake/periods/{PERIOD}/submissions/tsb/report/check" in asked.text
    assert "TSB/member" not in asked.text

    await stage.at(at("2026-10-14", 8))
    reminded = (await stage.inbox(OFFICER))[-1]
    assert "Parakstāms pārskats" in reminded.text, "the day before it is due"

    await stage.tell(STREAM, SignatureSettled(**HANDED, outcome="signed"), at("2026-10-14", 9))
    before = len(await stage.inbox(OFFICER))
    for day in range(15, 24):
        await stage.at(at(f"2026-10-{day}", 8))
    later = [mail.text for mail in (await stage.inbox(OFFICER))[before:]]
    assert all("Parakstāms pārskats" not in text for text in later)


async def test_what_was_taken_back_before_the_mail_could_leave_is_not_asked_for(stage: Stage) -> None:
    await stage.know()
    await opened(stage, "tsb")
    await stage.tell(STREAM, SignatureAwaited(**HANDED), at("2026-10-10", 21))
    await stage.tell(STREAM, SignatureSettled(**HANDED, outcome="taken_back"), at("2026-10-10", 21))
    await stage.at(at("2026-10-10", 22))
    assert await stage.inbox(OFFICER) == []


async def test_a_correction_asks_too_and_in_the_officers_language(stage: Stage) -> None:
    await stage.know({"iem": ("coordinator",), "tsb": ("focal_point",)})
    async with stage.running.runtime.pool.acquire() as conn, conn.transaction():
        await handlers.apply_contacts(conn, [stage.contact("tsb", "authorised_officer", "en")])
    correction = SignatureAwaited(**{**HANDED, "kind": "correction", "due": date(2026, 10, 19)})
    await stage.tell(STREAM, correction, at("2026-10-12", 9))
    await stage.at(at("2026-10-12", 9))
    [asked] = await stage.inbox(OFFICER)
    assert asked.subject == "Waiting for your signature: A correction to sign, Q3 2026, TSB"
    assert "/report/correction" in asked.text


async def test_an_office_that_nobody_holds_is_the_coordinators_to_see_to(stage: Stage) -> None:
    await stage.know({"iem": ("coordinator",), "tsb": ("focal_point",)})
    await stage.tell(STREAM, SignatureAwaited(**HANDED), at("2026-10-12", 9))
    await stage.at(at("2026-10-12", 9))
    [asked] = await stage.inbox(COORDINATOR)
    assert asked.subject.startswith("Gaida jūsu parakstu")
