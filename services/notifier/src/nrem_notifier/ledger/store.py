"""SQL of the ledger."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from nrem_notifier.ledger.domain import StepKey
from nrem_notifier.obligations.domain.values import Recipient

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nrem_shared.runtime.database import Connection


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One row: what was decided, and what became of its mail. `settled_at` = when the mail left."""

    obligation: str
    institution: str
    role: str
    step: str
    occurrence: str
    code: str
    planned: date
    due: date | None
    outcome: str
    fallback: bool
    mail: UUID | None
    decided_at: datetime
    state: str | None = None
    kind: str | None = None
    contact: str | None = None
    settled_at: datetime | None = None
    cause: str | None = None

    @property
    def key(self) -> StepKey:
        """What makes it the only one."""
        return StepKey(self.obligation, Recipient(self.institution, self.role), self.step, self.occurrence)


async def told(conn: Connection, obligations: Sequence[str]) -> set[StepKey]:
    """What was told about these obligations; rows whose mail never left do not count."""
    rows = await conn.fetch(
        """
        select l.obligation, l.institution, l.role, l.step, l.occurrence
          from facts.ledger l left join facts.mail m on m.id = l.mail
         where l.obligation = any($1::text[]) and m.state is distinct from 'superseded'
        """,
        list(obligations),
    )
    return {StepKey(row[0], Recipient(row[1], row[2]), row[3], row[4]) for row in rows}


async def add(conn: Connection, rows: Sequence[LedgerRow]) -> None:
    """Add rows; one whose mail never left is taken over by the new mail. One that was told stays as it is."""
    await conn.execute(
        """
        insert into facts.ledger as l (obligation, institution, role, step, occurrence, code, planned, due, outcome,
                                       fallback, mail, decided_at)
        select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::date[],
                             $8::date[], $9::text[], $10::boolean[], $11::uuid[], $12::timestamptz[])
        on conflict (obligation, institution, role, step, occurrence) do update
           set planned = excluded.planned, due = excluded.due, outcome = excluded.outcome,
               fallback = excluded.fallback, mail = excluded.mail, decided_at = excluded.decided_at
         where exists (select from facts.mail m where m.id = l.mail and m.state = 'superseded')
        """,
        [row.obligation for row in rows],
        [row.institution for row in rows],
        [row.role for row in rows],
        [row.step for row in rows],
        [row.occurrence for row in rows],
        [row.code for row in rows],
        [row.planned for row in rows],
        [row.due for row in rows],
        [row.outcome for row in rows],
        [row.fallback for row in rows],
        [row.mail for row in rows],
        [row.decided_at for row in rows],
    )


async def of_mails(conn: Connection, mails: Sequence[UUID]) -> dict[UUID, list[LedgerRow]]:
    """Mail → its rows."""
    rows = await conn.fetch(
        """
        select obligation, institution, role, step, occurrence, code, planned, due, outcome, fallback, mail, decided_at
          from facts.ledger where mail = any($1::uuid[]) order by planned, obligation, step
        """,
        list(mails),
    )
    found: dict[UUID, list[LedgerRow]] = {}
    for row in rows:
        found.setdefault(row["mail"], []).append(LedgerRow(*row))
    return found


async def rows(
    conn: Connection,
    since: datetime,
    until: datetime,
    institution: str | None = None,
    code: str | None = None,
    state: str | None = None,
    limit: int = 500,
) -> list[LedgerRow]:
    """Rows decided from `since` to before `until`, newest first, with what became of their mail."""
    found = await conn.fetch(
        """
        select l.obligation, l.institution, l.role, l.step, l.occurrence, l.code, l.planned, l.due, l.outcome,
               l.fallback, l.mail, l.decided_at, m.state, m.kind, m.contact, m.settled_at, m.cause
          from facts.ledger l left join facts.mail m on m.id = l.mail
         where l.decided_at >= $1 and l.decided_at < $2
           and ($3::text is null or l.institution = $3)
           and ($4::text is null or l.code = $4)
           and ($5::text is null or coalesce(m.state, l.outcome) = $5)
         order by l.decided_at desc, l.obligation, l.role, l.planned desc
         limit $6
        """,
        since,
        until,
        institution,
        code,
        state,
        limit,
    )
    return [LedgerRow(*row) for row in found]


async def of_obligations(conn: Connection, obligations: Sequence[str]) -> list[LedgerRow]:
    """Everything ever told about these obligations."""
    found = await conn.fetch(
        """
        select l.obligation, l.institution, l.role, l.step, l.occurrence, l.code, l.planned, l.due, l.outcome,
               l.fallback, l.mail, l.decided_at, m.state, m.kind, m.contact, m.settled_at, m.cause
          from facts.ledger l left join facts.mail m on m.id = l.mail
         where l.obligation = any($1::text[])
         order by l.decided_at, l.obligation, l.role, l.planned
        """,
        list(obligations),
    )
    return [LedgerRow(*row) for row in found]


async def open_hold(conn: Connection, reason: str, detail: str, now: datetime) -> None:
    """From now nothing is decided, for this reason; a stretch for the same reason goes on."""
    await conn.execute(
        """
        insert into facts.hold (began_at, reason, detail)
        select $3, $1, $2 where not exists (select from facts.hold where ended_at is null and reason = $1)
        """,
        reason,
        detail,
        now,
    )


async def end_holds(conn: Connection, now: datetime, but: str = "") -> None:
    """What held is over, except for this reason."""
    await conn.execute("update facts.hold set ended_at = $1 where ended_at is null and reason <> $2", now, but)


@dataclass(frozen=True, slots=True)
class Hold:
    """A stretch of time in which nothing was decided."""

    began_at: datetime
    ended_at: datetime | None
    reason: str
    detail: str


async def holds(conn: Connection, since: datetime, until: datetime) -> list[Hold]:
    """Stretches that touch this time."""
    found = await conn.fetch(
        """
        select began_at, ended_at, reason, detail from facts.hold
         where began_at <= $2 and (ended_at is null or ended_at >= $1) order by id
        """,
        since,
        until,
    )
    return [Hold(*row) for row in found]


@dataclass(frozen=True, slots=True)
class Decided:
    """How far everything was decided."""

    generation: UUID
    change: int
    instant: datetime
    held: str


async def decided(conn: Connection) -> Decided | None:
    """How far the notifier has decided; null before it ever did."""
    row = await conn.fetchrow("select generation, change, instant, held from facts.decided")
    return Decided(*row) if row else None


async def save_decided(conn: Connection, generation: UUID, change: int, instant: datetime, held: str) -> None:
    """Everything known by this change and due at this instant is decided, or held for a reason."""
    await conn.execute(
        """
        insert into facts.decided (generation, change, instant, held) values ($1, $2, $3, $4)
        on conflict (only_row) do update
           set generation = excluded.generation, change = excluded.change, instant = excluded.instant,
               held = excluded.held
        """,
        generation,
        change,
        instant,
        held,
    )
