"""From the tables to obligations: the facts are parsed once per change and kept in memory."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from nrem_notifier.obligations import store
from nrem_notifier.obligations.domain.everything import notices_of, obligations_of
from nrem_notifier.obligations.domain.facts import Facts, Revision
from nrem_notifier.obligations.domain.recipients import Contacts
from nrem_notifier.obligations.domain.values import Notice, Obligation, Surroundings
from nrem_notifier.policies.reading import RuleBook
from nrem_shared.contracts.meetings import MeetingStream, MinutesCirculated, MinutesStream
from nrem_shared.contracts.registry import EVENT_TYPES

if TYPE_CHECKING:
    from nrem_notifier.policies.domain import Rules
    from nrem_shared.contracts.base import Contract
    from nrem_shared.runtime.database import Connection


@dataclass(frozen=True)
class Known:
    """What follows from the facts under these rules: everything owed, everything to be told, whom to write to."""

    facts: Facts
    around: Surroundings
    contacts: Contacts
    obligations: tuple[Obligation, ...]
    notices: tuple[Notice, ...]
    rules: Rules

    def meeting(self, code: str) -> MeetingStream | None:
        """A meeting as it stands."""
        return self.facts.newest(f"meeting/{code}", MeetingStream)


class Knowledge:
    """What one process knows: the facts are parsed, and the obligations worked out, only where something changed."""

    def __init__(self, ministry: str) -> None:
        self.rulebook = RuleBook(ministry)
        self._state: tuple[UUID, int] | None = None
        self._revisions: dict[tuple[str, int], Revision] = {}
        self._facts = Facts()
        self._contacts = Contacts((), ministry)
        self._basis: tuple[object, ...] = ()
        self._known: Known | None = None

    async def rules(self, conn: Connection) -> Rules | None:
        """The rules in force."""
        return await self.rulebook.read(conn)

    async def read(self, conn: Connection, rules: Rules, today: date) -> Known:
        """The obligations as they stand, worked out with these rules."""
        state = await store.state(conn)
        if state != self._state:
            known = self._revisions  # a revision never changes: it is parsed once
            rows = await store.facts(conn)
            self._revisions = {
                (row.subject, row.revision): known.get((row.subject, row.revision)) or revision(row) for row in rows
            }
            self._facts = Facts.of(list(self._revisions.values()))
            self._contacts = Contacts(await store.contacts(conn), rules.ministry)
            self._state = state
        basis = (state, id(rules), today)
        if self._known is None or basis != self._basis:
            self._known = self._work_out(rules, today)
            self._basis = basis
        return self._known

    def _work_out(self, rules: Rules, today: date) -> Known:
        around = Surroundings(rules.kinds, rules.days, self._facts.institutions, rules.ministry)
        return Known(
            facts=self._facts,
            around=around,
            contacts=self._contacts,
            obligations=obligations_of(self._facts, around, today),
            notices=notices_of(self._facts, around),
            rules=rules,
        )


def revision(row: store.FactRow) -> Revision:
    """A row as its contract says; minutes are kept without their document."""
    model: type[Contract] = EVENT_TYPES[row.type].model
    if issubclass(model, MinutesStream):
        data: Contract = _minutes(model, row)
    else:
        data = model.model_validate(row.data)
    return Revision(row.subject, row.revision, row.recorded_at, data)


def _minutes(model: type[MinutesStream], row: store.FactRow) -> MinutesStream:
    plain = MinutesStream.model_validate(row.data)
    if issubclass(model, MinutesCirculated):
        # The document is not kept: the state alone was checked when it arrived.
        return MinutesCirculated.model_construct(**{name: getattr(plain, name) for name in type(plain).model_fields})
    return plain
