"""JSON routes that make a mail because somebody asks: a reminder now, a test."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from nrem_notifier.guarding import has_personal_data
from nrem_notifier.ledger import store as ledger_store
from nrem_notifier.ledger.asking import knowledge_of
from nrem_notifier.ledger.passes import press_of, settings_of
from nrem_notifier.ledger.store import LedgerRow
from nrem_notifier.mail import history_store, store
from nrem_notifier.mail.letters import Letter, Scribe, Told
from nrem_notifier.mail.message import message_id, render
from nrem_notifier.mail.store import StoredMail
from nrem_notifier.obligations.domain.recipients import Contact
from nrem_shared.runtime.clock import local_date
from nrem_shared.runtime.mail.settings import Address
from nrem_shared.runtime.mail.smtp import Server
from nrem_shared.runtime.problems import FieldError, Problem, problems
from nrem_shared.runtime.requests import provenance, runtime_of
from nrem_shared.web.rendering import translator_of

router = APIRouter(tags=["mail"])


class RemindNow(BaseModel):
    """Remind of one obligation now, with a line of one's own."""

    obligation: Annotated[str, Field(max_length=200)]
    line: Annotated[str, Field(max_length=500)] = ""


class TestMail(BaseModel):
    """Where a mail is to show that mail works, and in which language."""

    address: Address
    language: Annotated[str, Field(pattern="^(lv|en)$")] = "lv"


class Made(BaseModel):
    """A mail that will be sent; `state` is `waiting`, or `withheld` where the allow-list does not have the address."""

    mail: str
    state: str


class MailShown(BaseModel):
    """What became of one mail; `cause` and `detail` are those of its last try, `server` the way out."""

    mail: str
    kind: str
    subject: str
    sender: str
    message_id: str
    server: str
    state: str
    attempts: int
    cause: str
    detail: str


@router.post("/api/reminders", status_code=201, summary="Remind now", responses=problems(404, 409))
async def remind_now(request: Request, given: RemindNow) -> Made:
    """At once, to the obligation's owner; it is in the ledger like every other mail."""
    if await has_personal_data(request, given.line):
        detail = translator_of(request)("refusal.text_personal_data")
        raise Problem.invalid([FieldError("/line", "personal_data", detail)])
    runtime = runtime_of(request)
    now = runtime.clock.now()
    async with runtime.journal.writing(provenance(request)) as writing:
        knowledge = knowledge_of(request)
        rules = await knowledge.rules(writing.conn)
        if rules is None:
            raise Problem.conflict("No policies were adopted yet.")
        known = await knowledge.read(writing.conn, rules, local_date(now))
        one = next((each for each in known.obligations if each.key == given.obligation), None)
        if one is None:
            raise Problem.not_found("There is no such obligation.")
        if one.met_at is not None:
            raise Problem.conflict("It is done already.")
        reached = known.contacts.reach(one.owner)
        if reached is None:
            raise Problem.conflict("Nobody has an address, not even the coordinator.")
        scribe = press_of(runtime).scribe(reached.contact.language, known)
        told = Told(one, "PERSONAL", one.owner, reached.fallback)
        mail = _made(request, "personal", reached.contact, scribe.personal(told, given.line, local_date(now)))
        await store.add(writing.conn, [mail])
        row = LedgerRow(
            one.key, one.owner.institution, one.owner.role, "PERSONAL", str(mail.id), one.code, local_date(now),
            one.due, "sent", reached.fallback, mail.id, now,
        )  # fmt: skip
        await ledger_store.add(writing.conn, [row])
        await store.wake(writing.conn)
    return Made(mail=str(mail.id), state=mail.state)


@router.post("/api/mail/test", status_code=201, summary="Send a test mail")
async def test_mail(request: Request, given: TestMail) -> Made:
    """Only to an address that this installation may write to. Goes the way every mail goes."""
    runtime = runtime_of(request)
    press = press_of(runtime)
    if given.address not in press.allowed:
        raise Problem.invalid([FieldError("/address", "not_allowed", "the allow-list does not have this address")])
    ministry = settings_of(runtime).ministry
    contact = Contact(f"address:{given.address}", ministry, "operator", given.address, given.language)
    scribe = Scribe(press.templates.translator(given.language), press.templates.formats(given.language), press.url)
    mail = _made(request, "test", contact, scribe.test(runtime.clock.now()))
    async with runtime.pool.acquire() as conn, conn.transaction():
        await store.add(conn, [mail])
        await store.wake(conn)
    return Made(mail=str(mail.id), state=mail.state)


@router.get("/api/mails/{mail}", summary="What became of a mail", responses=problems(404))
async def show_mail(request: Request, mail: UUID) -> MailShown:
    """Without its bytes and without the address it went to."""
    runtime = runtime_of(request)
    async with runtime.pool.acquire() as conn:
        one = await history_store.mail(conn, mail)
        tries = await history_store.attempts(conn, [mail])
    if one is None:
        raise Problem.not_found("There is no such mail.")
    last = tries[-1] if tries else None
    sender = press_of(runtime).sender
    return MailShown(
        mail=str(mail),
        kind=one.kind,
        subject=one.subject,
        sender=sender.address,
        message_id=message_id(mail, sender),
        server=_way_out(request),
        state=one.state,
        attempts=one.attempts,
        cause=one.cause,
        detail=last.detail if last else "",
    )


def _way_out(request: Request) -> str:
    """The mail server in words."""
    server = Server.of(settings_of(runtime_of(request)))
    if server is None:
        return "the demonstration's own mailboxes"
    secured = {"none": "not encrypted", "starttls": "STARTTLS", "tls": "TLS"}[server.security]
    return f"{server.host}:{server.port} ({secured})"


def _made(request: Request, kind: str, contact: Contact, letter: Letter) -> StoredMail:
    runtime = runtime_of(request)
    press, now, mail = press_of(runtime), runtime.clock.now(), uuid4()
    allowed = contact.address in press.allowed
    content = render(letter, contact.language, press.templates, press.sender, mail, contact.address, now)
    return StoredMail(
        id=mail,
        kind=kind,
        contact=contact.id,
        institution=contact.member,
        role=contact.role,
        language=contact.language,
        day=local_date(now),
        subject=letter.subject,
        message_id=message_id(mail, press.sender),
        content=content,
        state="waiting" if allowed else "withheld",
        planned_at=now,
        decided_at=now,
        cause="" if allowed else "not_on_allow_list",
    )
