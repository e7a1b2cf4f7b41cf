"""SQL of mails and attempts. Times that leases and pauses are counted by are real ones, given by the caller."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nrem_shared.runtime.database import Connection


@dataclass(frozen=True, slots=True)
class StoredMail:
    """A mail to be stored; `content` is what will be sent, byte for byte."""

    id: UUID
    kind: str
    contact: str
    institution: str
    role: str
    language: str
    day: date
    subject: str
    message_id: str
    content: bytes
    state: str
    planned_at: datetime
    decided_at: datetime
    cause: str = ""
    sequence: int = 0


@dataclass(frozen=True, slots=True)
class Claimed:
    """A mail to be handed to the server now."""

    id: UUID
    kind: str
    contact: str
    institution: str
    role: str
    content: bytes
    planned_at: datetime
    decided_at: datetime
    attempts: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """A mail that did not leave as far as we know. `handed_over` = a server may have taken it without saying so."""

    id: UUID
    kind: str
    day: date
    sequence: int
    handed_over: bool


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try to hand a mail over, in real time."""

    mail: UUID
    number: int
    began_at: datetime
    ended_at: datetime
    outcome: str
    cause: str
    detail: str


async def add(conn: Connection, mails: Sequence[StoredMail]) -> None:
    """Store mails before they are sent."""
    await conn.executemany(
        """
        insert into facts.mail (id, kind, contact, institution, role, language, day, subject, message_id, content,
                                state, planned_at, decided_at, cause, sequence, settled_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11::text, $12, $13::timestamptz, $14, $15,
                case when $11::text = 'withheld' then $13::timestamptz end)
        """,
        [
            (m.id, m.kind, m.contact, m.institution, m.role, m.language, m.day, m.subject, m.message_id, m.content,
             m.state, m.planned_at, m.decided_at, m.cause, m.sequence)
            for m in mails
        ],
    )  # fmt: skip


async def waiting(conn: Connection) -> list[Waiting]:
    """Mails that wait: what they say may still be said by another one."""
    rows = await conn.fetch(
        """
        select id, kind, day, sequence, handed_over from facts.mail
         where state = 'waiting' order by decided_at for update skip locked
        """
    )
    return [Waiting(*row) for row in rows]


async def supersede(conn: Connection, ids: Sequence[UUID]) -> None:
    """These never left and never will; their bytes go."""
    await conn.execute(
        "update facts.mail set state = 'superseded', content = null where id = any($1::uuid[]) and state = 'waiting'",
        list(ids),
    )


async def digested(conn: Connection, day: date) -> list[str]:
    """Contacts that have had their digest on this day, or will have it."""
    rows = await conn.fetch(
        "select distinct contact from facts.mail where kind = 'digest' and day = $1 and state <> 'superseded'", day
    )
    return [row["contact"] for row in rows]


async def vanished(conn: Connection, now: datetime) -> bool:
    """Whether a sender vanished with mails in hand: their lease is over."""
    found: bool = await conn.fetchval(
        "select exists (select 1 from facts.mail where state = 'sending' and leased_until < $1)", now
    )
    return found


async def take_back(conn: Connection, now: datetime) -> None:
    """Mails whose sender vanished wait again; a server may have them."""
    await conn.execute("update facts.mail set state = 'waiting' where state = 'sending' and leased_until < $1", now)


async def claim(conn: Connection, now: datetime, lease_until: datetime, limit: int) -> list[Claimed]:
    """Take mails that are to be sent now; others pass them by."""
    rows = await conn.fetch(
        """
        update facts.mail m
           set state = 'sending', leased_until = $2, handed_over = true
         where m.id in (
               select id from facts.mail
                where state = 'waiting' and not_before <= $1
                order by not_before, decided_at, id
                limit $3
                  for update skip locked)
        returning m.id, m.kind, m.contact, m.institution, m.role, m.content, m.planned_at, m.decided_at, m.attempts
        """,
        now,
        lease_until,
        limit,
    )
    return sorted((Claimed(*row) for row in rows if row["content"] is not None), key=lambda one: one.decided_at)


async def settle(
    conn: Connection, attempts: Sequence[Attempt], states: Sequence[str | None], now: datetime
) -> set[UUID]:
    """Keep tries, and mark the mails that have a state now, such as sent or failed.

    Returns the mails that this changed: one that was marked before stays as it was.
    """
    rows = await conn.fetch(
        """
        with tried as (
            select * from unnest($1::uuid[], $2::integer[], $3::timestamptz[], $4::timestamptz[], $5::text[],
                                 $6::text[], $7::text[], $8::text[])
                       as t(mail, number, began_at, ended_at, outcome, cause, detail, state)
        ), kept as (
            insert into facts.attempt (mail, number, began_at, ended_at, outcome, cause, detail)
            select mail, number, began_at, ended_at, outcome, cause, detail from tried
            on conflict do nothing
        )
        update facts.mail m
           set state = t.state, cause = t.cause, settled_at = $9, attempts = m.attempts + 1
          from tried t
         where m.id = t.mail and t.state is not null and m.state = 'sending'
        returning m.id
        """,
        [a.mail for a in attempts],
        [a.number for a in attempts],
        [a.began_at for a in attempts],
        [a.ended_at for a in attempts],
        [a.outcome for a in attempts],
        [a.cause for a in attempts],
        [a.detail for a in attempts],
        states,
        now,
    )
    return {row["id"] for row in rows}


async def put_back(conn: Connection, id: UUID, cause: str, not_before: datetime, handed_over: bool) -> None:
    """The server did not take it for now: again later. `handed_over` = it may have taken it without saying so."""
    await conn.execute(
        """
        update facts.mail set state = 'waiting', cause = $2, not_before = $3, handed_over = $4, attempts = attempts + 1
         where id = $1 and state = 'sending'
        """,
        id,
        cause,
        not_before,
        handed_over,
    )


async def untried(conn: Connection) -> int:
    """How many mails were never tried or are being sent at this moment."""
    count: int = await conn.fetchval(
        "select count(*) from facts.mail where (state = 'waiting' and attempts = 0) or state = 'sending'"
    )
    return count


async def backlog(conn: Connection) -> int:
    """How many mails have not left."""
    count: int = await conn.fetchval("select count(*) from facts.mail where state in ('waiting', 'sending')")
    return count


async def forget(conn: Connection, before: datetime, contacts: Sequence[str]) -> None:
    """Empty the bytes of mails that were settled before, and of contacts that are not known any more."""
    await conn.execute(
        """
        update facts.mail set content = null
         where content is not null and state in ('sent', 'failed', 'withheld')
           and (settled_at < $1 or not contact = any($2::text[]))
        """,
        before,
        list(contacts),
    )


async def wake(conn: Connection) -> None:
    """Let the sender look when the transaction commits."""
    await conn.execute("select pg_notify('journal', '')")
