"""Who is written to: the person who holds a role, the deputy in a focal point's place, else the coordinator."""

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
        """The role's holder; the deputy where the focal point left; else the coordinator, else nobody."""
        if found := self._known.get(recipient) or self._in_place_of(recipient):
            return Reached(found, fallback=False)
        found = self._known.get(self._coordinator)
        return Reached(found, fallback=True) if found else None

    def _in_place_of(self, recipient: Recipient) -> Contact | None:
        """A focal point's work is the deputy's while nobody else holds the office."""
        if recipient.role != "focal_point":
            return None
        return self._known.get(Recipient(recipient.institution, "deputy"))

    def roles_at(self, address: str) -> frozenset[Recipient]:
        """The roles that one mailbox holds, and those that it stands in for."""
        held = frozenset(r for r, one in self._known.items() if one.address.lower() == address.lower())
        vacant = (Recipient(r.institution, "focal_point") for r in held if r.role == "deputy")
        return held | frozenset(r for r in vacant if r not in self._known)

    def of(self, recipient: Recipient) -> Contact | None:
        """The role's holder."""
        return self._known.get(recipient)

    def by_id(self, contact: str) -> Contact | None:
        """The contact with this id."""
        return next((one for one in self._known.values() if one.id == contact), None)
