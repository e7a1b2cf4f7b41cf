"""SQL of what the demonstration's mail server received."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nrem_shared.runtime.database import Connection


@dataclass(frozen=True, slots=True)
class Mailbox:
    """An address and how much arrived there."""

    recipient: str
    mails: int
    newest: datetime


@dataclass(frozen=True, slots=True)
class Received:
    """One mail as it arrived."""

    id: int
    received_at: datetime
    recipient: str
    message_id: str
    subject: str
    content: bytes


async def add(
    conn: Connection, received_at: datetime, recipients: Sequence[str], message_id: str, subject: str, content: bytes
) -> None:
    """Keep a mail for each of its recipients."""
    await conn.execute(
        """
        insert into facts.received (received_at, recipient, message_id, subject, content)
        select $1, recipient, $3, $4, $5 from unnest($2::text[]) as r(recipient)
        """,
        received_at,
        [one.lower() for one in recipients],
        message_id,
        subject,
        content,
    )


async def mailboxes(conn: Connection) -> list[Mailbox]:
    """Every address that something arrived at, in alphabetical order."""
    rows = await conn.fetch(
        "select recipient, count(*), max(received_at) from facts.received group by recipient order by recipient"
    )
    return [Mailbox(*row) for row in rows]


async def mails(conn: Connection, recipient: str, limit: int, offset: int) -> list[Received]:
    """What arrived at an address, newest first."""
    rows = await conn.fetch(
        """
        select id, received_at, recipient, message_id, subject, content
          from facts.received where recipient = $1 order by id desc limit $2 offset $3
        """,
        recipient.lower(),
        limit,
        offset,
    )
    return [Received(*row) for row in rows]


async def mail(conn: Connection, number: int) -> Received | None:
    """One mail."""
    row = await conn.fetchrow(
        "select id, received_at, recipient, message_id, subject, content from facts.received where id = $1", number
    )
    return Received(*row) if row else None
