"""Who is written to: the person who holds a role, or the coordinator where nobody does."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from nrem_notifier.obligations.domain.values import Recipient


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody who can be written to. Only the id is ever kept in the ledger."""

    id: str
    member: str
    role: str
    address: str
    language: str


@dataclass(frozen=True, slots=True)
class Reached:
    """Who gets the mail; `fallback` = not the one it is meant for, who has no address."""

    contact: Contact
    fallback: bool


class Contacts:
    """Everybody who can be written to, by institution and role."""

    def __init__(self, contacts: Iterable[Contact], ministry: str) -> None:
        self._known = {Recipient(one.member, one.role): one for one in contacts}
        self._coordinator = Recipient(ministry, "coordinator")

    def reach(self, recipient: Recipient) -> Reached | None:
        """The role's holder, else the coordinator, else nobody."""
        if found := self._known.get(recipient):
            return Reached(found, fallback=False)
        found = self._known.get(self._coordinator)
        return Reached(found, fallback=True) if found else None

    def roles_at(self, address: str) -> frozenset[Recipient]:
        """The roles that one mailbox holds."""
        return frozenset(r for r, one in self._known.items() if one.address.lower() == address.lower())

    def of(self, recipient: Recipient) -> Contact | None:
        """The role's holder."""
        return self._known.get(recipient)

    def by_id(self, contact: str) -> Contact | None:
        """The contact with this id."""
        return next((one for one in self._known.values() if one.id == contact), None)
