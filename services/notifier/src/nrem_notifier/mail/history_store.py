"""SQL of what became of mails, as pages show it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from nrem_notifier.mail.store import Attempt

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nrem_shared.runtime.database import Connection


@dataclass(frozen=True, slots=True)
class MailRow:
    """A mail as pages show it."""

    id: UUID
    kind: str
    contact: str
    institution: str
    role: str
    language: str
    day: date
    subject: str
    state: str
    planned_at: datetime
    decided_at: datetime
    settled_at: datetime | None
    attempts: int
    cause: str


async def problems(conn: Connection, since: datetime) -> list[MailRow]:
    """Mails that failed, are withheld or keep being refused, newest first."""
    rows = await conn.fetch(
        """
        select id, kind, contact, institution, role, language, day, subject, state, planned_at, decided_at, settled_at,
               attempts, cause
          from facts.mail
         where (state in ('failed', 'withheld') or (state in ('waiting', 'sending') and attempts > 0))
           and decided_at >= $1
         order by decided_at desc limit 200
        """,
        since,
    )
    return [MailRow(*row) for row in rows]


async def mail(conn: Connection, id: UUID) -> MailRow | None:
    """One mail."""
    row = await conn.fetchrow(
        """
        select id, kind, contact, institution, role, language, day, subject, state, planned_at, decided_at, settled_at,
               attempts, cause
          from facts.mail where id = $1
        """,
        id,
    )
    return MailRow(*row) if row else None


async def attempts(conn: Connection, ids: Sequence[UUID]) -> list[Attempt]:
    """Every try of these mails."""
    rows = await conn.fetch(
        """
        select mail, number, began_at, ended_at, outcome, cause, detail
          from facts.attempt where mail = any($1::uuid[]) order by began_at
        """,
        list(ids),
    )
    return [Attempt(*row) for row in rows]
