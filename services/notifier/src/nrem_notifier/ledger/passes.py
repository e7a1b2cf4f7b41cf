"""One pass: what is known now is turned into mails, in one transaction that holds the journal's head.

Two notifiers take turns: the second finds everything decided. What was decided is in the ledger before anything leaves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, cast

from nrem_notifier.ledger import store
from nrem_notifier.ledger.domain import Decision, StepKey, decide, decide_notices, notice_key, remindable
from nrem_notifier.ledger.gate import Gate, gate
from nrem_notifier.mail import store as mail_store
from nrem_notifier.mail.composing import Composed, Composer, Press
from nrem_notifier.mail.message import Sender
from nrem_notifier.mail.outcomes import withheld_fact
from nrem_notifier.obligations import store as obligations_store
from nrem_notifier.obligations.reading import Knowledge, Known
from nrem_shared.runtime.clock import local_date
from nrem_shared.runtime.journal import Provenance
from nrem_shared.runtime.mail.allowed import AllowList

if TYPE_CHECKING:
    from nrem_notifier.ledger.store import LedgerRow
    from nrem_notifier.metrics import NotifierMetrics
    from nrem_notifier.obligations.domain.values import Notice, Recipient
    from nrem_notifier.policies.domain import Rules
    from nrem_notifier.settings import NotifierSettings
    from nrem_shared.runtime.database import Connection
    from nrem_shared.runtime.journal import Writing
    from nrem_shared.runtime.service import Runtime

ACTOR = "service:notifier"


@dataclass(frozen=True)
class Pass:
    """What a pass found and did."""

    gate: Gate
    mails: int = 0
    withheld: int = 0
    superseded: int = 0
    waits_for: int = 0
    nobody: frozenset[Recipient] = frozenset()
    unreached: int = 0


def provenance() -> Provenance:
    """Nobody asked: the notifier decides by itself."""
    return Provenance(actor=ACTOR, correlation_id="notifier")


def settings_of(runtime: Runtime) -> NotifierSettings:
    """The notifier's own settings."""
    return cast("NotifierSettings", runtime.settings)


def press_of(runtime: Runtime) -> Press:
    """What mails are made with in this process."""
    settings = settings_of(runtime)
    return Press(
        templates=runtime.api.state.site.templates,
        sender=Sender(settings.mail_from, settings.reply_to),
        url=settings.public_url.rstrip("/"),
        allowed=AllowList.of(settings),
    )


class Passes:
    """Makes passes for one process; keeps the facts parsed from one to the next."""

    def __init__(self, runtime: Runtime, knowledge: Knowledge | None = None) -> None:
        self._runtime = runtime
        self._settings = settings_of(runtime)
        self._knowledge = knowledge or Knowledge(self._settings.ministry)
        self._press = press_of(runtime)
        self._metrics = cast("NotifierMetrics", runtime.metrics)

    async def run(self) -> Pass:
        """Decide everything that is due now. Holds, and says why, while the gate is closed."""
        async with self._runtime.journal.writing(provenance()) as writing:
            # The instant asked about, not the journal's: a step is due by the clock alone.
            now = self._runtime.clock.now()
            result = await self._decide(writing, now)
        self._observe(result)
        return result

    async def _decide(self, writing: Writing, now: datetime) -> Pass:
        conn = writing.conn
        generation, change = await obligations_store.state(conn)
        stands = await gate(self._runtime, conn)
        if stands.closed:
            await store.end_holds(conn, now, but=stands.closed)
            await store.open_hold(conn, stands.closed, stands.detail, now)
            await store.save_decided(conn, generation, change, now, stands.closed)
            return Pass(stands, waits_for=await self._held_back(conn, now))
        await store.end_holds(conn, now)
        rules = await self._knowledge.rules(conn)
        if rules is None:
            return Pass(Gate("no_policies"))
        known = await self._knowledge.read(conn, rules, local_date(now))
        gone = await self._supersede(conn, known, rules, now)
        composed = await self._compose(conn, known, rules, now)
        await mail_store.add(conn, composed.mails)
        if composed.rows:
            await store.add(conn, composed.rows)
        await store.save_decided(conn, generation, change, now, "")
        withheld = [mail for mail in composed.mails if mail.state == "withheld"]
        writing.record(*(withheld_fact(mail, [r for r in composed.rows if r.mail == mail.id]) for mail in withheld))
        return Pass(
            stands,
            len(composed.mails),
            len(withheld),
            gone,
            nobody=frozenset(composed.nobody),
            unreached=len(unreached(known)),
        )

    async def _held_back(self, conn: Connection, now: datetime) -> int:
        """How many steps would be taken now if anything were sent."""
        rules = await self._knowledge.rules(conn)
        if rules is None:
            return 0
        known = await self._knowledge.read(conn, rules, local_date(now))
        decisions, notices, _ = await due_now(conn, known, rules, now, self._settings)
        return len(decisions) + len(notices)

    async def _compose(self, conn: Connection, known: Known, rules: Rules, now: datetime) -> Composed:
        decisions, notices, lapsed = await due_now(conn, known, rules, now, self._settings)
        composer = Composer(self._press, known, rules, now)
        composer.lapse(lapsed)
        return composer.compose(decisions, notices)

    async def _supersede(self, conn: Connection, known: Known, rules: Rules, now: datetime) -> int:
        """Mails that never left and say what is not so any more are taken back; a later one says what is."""
        await mail_store.take_back(conn, datetime.now(UTC))
        waiting = await mail_store.waiting(conn)
        if not waiting:
            return 0
        rows = await store.of_mails(conn, [one.id for one in waiting])
        outdated = [one.id for one in waiting if is_outdated(one, rows.get(one.id, []), known, rules, now)]
        if outdated:
            await mail_store.supersede(conn, outdated)
        return len(outdated)

    def _observe(self, result: Pass) -> None:
        metrics = self._metrics
        metrics.held.set(result.waits_for)
        metrics.holding.set(1 if result.gate.closed else 0)
        metrics.mails.labels("withheld").inc(result.withheld)
        metrics.mails.labels("superseded").inc(result.superseded)
        if not result.gate.closed:
            metrics.without_address.set(len(result.nobody))
            metrics.to_coordinator.set(result.unreached)


def unreached(known: Known) -> list[Recipient]:
    """Roles that owe something and that nobody holds: their mail goes to the coordinator."""
    owing = {one.owner for one in known.obligations if one.met_at is None}
    return sorted(one for one in owing if known.contacts.of(one) is None)


async def due_now(
    conn: Connection, known: Known, rules: Rules, now: datetime, settings: NotifierSettings
) -> tuple[list[Decision], list[Notice], list[Notice]]:
    """(steps to take, notices to send, notices that are no news any more), by what the ledger holds."""
    owed = [one for one in known.obligations if remindable(one, rules)]
    keys = [one.key for one in owed] + [one.key for one in known.notices]
    told = await store.told(conn, keys)
    digested = await digested_today(conn, known, now)
    decisions = decide(owed, told, rules, now, digested)
    fresh, lapsed = decide_notices(known.notices, told, rules, now, timedelta(days=settings.notice_days))
    return decisions, *_only_what_was_begun(fresh, lapsed, told)


def _only_what_was_begun(
    fresh: list[Notice], lapsed: list[Notice], told: set[StepKey]
) -> tuple[list[Notice], list[Notice]]:
    """A meeting that was called off before anybody was invited is called off silently."""
    off = {(one.meeting, one.recipient) for one in (*fresh, *lapsed) if one.kind == "cancellation"}
    never_invited = {
        (one.meeting, one.recipient)
        for one in (*fresh, *lapsed)
        if one.kind == "invitation" and (one.meeting, one.recipient) in off and notice_key(one) not in told
    }
    silent = [one for one in fresh if (one.meeting, one.recipient) in never_invited]
    return [one for one in fresh if one not in silent], [*lapsed, *silent]


async def digested_today(conn: Connection, known: Known, now: datetime) -> frozenset[Recipient]:
    """Recipients whose mailbox has had its digest of today."""
    found: set[Recipient] = set()
    for one in await mail_store.digested(conn, local_date(now)):
        contact = known.contacts.by_id(one)
        if contact is not None:
            found |= known.contacts.roles_at(contact.address)
    return frozenset(found)


def is_outdated(mail: mail_store.Waiting, rows: Sequence[LedgerRow], known: Known, rules: Rules, now: datetime) -> bool:
    """Whether a mail that waits says what is not so any more, or what is left of an earlier day.

    One that a server may have taken is repeated as it is, unless nothing of it is owed any more.
    """
    current = {one.key: one for one in known.obligations}
    about = [current.get(row.obligation) for row in rows if row.obligation in current]
    owed = [one for one in about if one is not None and remindable(one, rules)]
    if mail.handed_over:
        return bool(about) and not owed
    if mail.kind in ("digest", "returned", "moved"):
        changed = len(owed) < len(rows) or any(
            current[row.obligation].due != row.due for row in rows if row.obligation in current
        )
        return changed or mail.day < local_date(now)
    if mail.kind == "signature":
        return bool(about) and not owed
    if mail.kind == "invitation":
        code = rows[0].obligation.split("/")[1] if rows else ""
        meeting = known.meeting(code)
        return meeting is None or meeting.sequence != mail.sequence or meeting.state != "scheduled"
    return False
