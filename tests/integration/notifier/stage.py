"""A notifier on a stage: its clock and what it knows are moved by the test, its passes and its sending are real."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from nrem_notifier.ledger import store as ledger_store
from nrem_notifier.ledger.passes import Pass, Passes
from nrem_notifier.mail.delivery import Delivery
from nrem_notifier.mailboxes import store as mailboxes_store
from nrem_notifier.mailboxes.pages import Opened, opened
from nrem_notifier.obligations import handlers
from nrem_notifier.policies import store as policies_store
from nrem_notifier.policies.domain import taken_over
from nrem_shared.contracts.base import Contract, LocalizedText
from nrem_shared.contracts.members import ContactChanged, InstitutionRegistered, Membership
from nrem_shared.contracts.registry import EVENT_TYPES
from nrem_shared.contracts.topics import HEARTBEATS
from nrem_shared.runtime.mail.smtp import Server
from nrem_shared.runtime.projection import platform_store
from nrem_shared.runtime.projection.events import Event
from support.running import Running
from unit.notifier import golden

LONG_AGO = datetime(2025, 1, 2, tzinfo=UTC)
ROLES = {
    "iem": ("focal_point", "deputy", "authorised_officer", "coordinator", "secretariat"),
    **dict.fromkeys(("em", "tsb", "lm", "km", "pmlp", "vrs"), ("focal_point", "deputy", "authorised_officer")),
}
_TYPES = {kind.model: kind.name for kind in EVENT_TYPES.values()}


@dataclass
class Stage:
    """`tell` makes a fact known, `at` moves the clock and lets the notifier look and send."""

    running: Running
    server: Server
    _revisions: dict[str, int] = field(default_factory=dict)
    _position: int = 0

    def __post_init__(self) -> None:
        self.passes = Passes(self.running.runtime)
        self.delivery = Delivery(self.running.runtime, self.server)

    def event(self, subject: str, data: Contract, at: datetime) -> Event:
        """The next event of a stream."""
        self._revisions[subject] = revision = self._revisions.get(subject, 0) + 1
        self._position += 1
        return Event(
            id=str(uuid4()), type=_TYPES[type(data)], source="/test", subject=subject, revision=revision,
            position=self._position, prev=0, recorded_at=at.astimezone(UTC), actor="test", correlation_id="test",
            data=data,
        )  # fmt: skip

    async def tell(self, subject: str, data: Contract, at: datetime) -> Event:
        """A fact arrives."""
        event = self.event(subject, data, at)
        await self.apply([event])
        return event

    async def apply(self, events: Sequence[Event]) -> None:
        """Facts arrive, as the consumer would hand them over."""
        async with self.running.runtime.pool.acquire() as conn, conn.transaction():
            await handlers.apply_facts(conn, events)

    async def know(self, members: dict[str, tuple[str, ...]] | None = None) -> None:
        """Policies, the calendar, institutions and their contacts; every input is fresh."""
        async with self.running.runtime.pool.acquire() as conn, conn.transaction():
            adopted = taken_over(golden.policies(), None, LONG_AGO.date())
            await policies_store.save_policies(conn, adopted, 1, LONG_AGO)
            await policies_store.save_calendar(conn, golden.calendar(), 1, LONG_AGO)
            for code, roles in (members or ROLES).items():
                await handlers.apply_facts(conn, [self.event(f"member/{code}", institution(code), LONG_AGO)])
                await handlers.apply_contacts(conn, [self.contact(code, role) for role in roles])
        await self.freshen()

    def contact(self, code: str, role: str, language: str = "lv") -> Event:
        """The address of a role."""
        data = ContactChanged(
            contact=f"{code}-{role}",
            member=code,
            role=role,
            language=language,
            address=f"{role}@{code}.example",  # type: ignore[arg-type]
        )
        return self.event(f"contact/{code}-{role}", data, LONG_AGO)

    async def freshen(self, at: datetime | None = None) -> None:
        """Every input was heard of at this (real) moment."""
        topics = sorted(self.running.runtime.blueprint.topics - {HEARTBEATS})
        async with self.running.runtime.pool.acquire() as conn:
            await conn.execute(
                """
                insert into projection.applied (topic, partition, position, next_offset, fresh_at)
                select topic, 0, 1, 1, $2 from unnest($1::text[]) as t(topic)
                on conflict (topic, partition) do update set fresh_at = excluded.fresh_at
                """,
                topics,
                at or datetime.now(UTC),
            )

    async def move(self, now: datetime) -> None:
        """The clock moves."""
        async with self.running.runtime.pool.acquire() as conn:
            await platform_store.save_clock(conn, now)
        self.running.runtime.clock.advance(now)  # type: ignore[attr-defined]

    async def at(self, now: datetime) -> Pass:
        """The clock moves; the notifier looks and sends."""
        await self.move(now)
        return await self.look()

    async def look(self) -> Pass:
        """The notifier looks and sends."""
        result = await self.passes.run()
        if not result.gate.closed:
            await self.delivery.send_waiting()
        return result

    async def ledger(self, *obligations: str) -> list[ledger_store.LedgerRow]:
        """Everything told about these obligations."""
        async with self.running.runtime.pool.acquire() as conn:
            return await ledger_store.of_obligations(conn, obligations)

    async def rows(self) -> list[ledger_store.LedgerRow]:
        """The whole ledger."""
        async with self.running.runtime.pool.acquire() as conn:
            keys = [row["obligation"] for row in await conn.fetch("select distinct obligation from facts.ledger")]
            return await ledger_store.of_obligations(conn, keys)

    async def inbox(self, address: str) -> list[Opened]:
        """What arrived at an address, oldest first."""
        async with self.running.runtime.pool.acquire() as conn:
            return [opened(one) for one in reversed(await mailboxes_store.mails(conn, address, 1000, 0))]

    async def count(self, statement: str, *arguments: Any) -> int:
        """One number from the database."""
        async with self.running.runtime.pool.acquire() as conn:
            found: int = await conn.fetchval(statement, *arguments)
            return found


def institution(code: str) -> InstitutionRegistered:
    """An institution of the working group."""
    return InstitutionRegistered(
        code=code,
        abbreviation=code.upper(),
        name=LocalizedText(lv=f"Iestāde {code}", en=f"Institution {code}"),
        kind="ministry",
        memberships=(Membership(group="working_group_2025", since=LONG_AGO.date()),),
    )
