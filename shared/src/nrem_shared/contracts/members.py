"""Institutions, their membership of the working group over time, contacts, and who may act for them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from pydantic import Field

from nrem_shared.contracts.base import Contract, InstitutionCode, LocalizedText

CountingRoute = Literal["none", "criminal_proceedings", "specialist_commission"]
ContactRole = Literal[
    "focal_point", "deputy", "authorised_officer", "coordinator", "secretariat", "observer", "operator"
]


class Membership(Contract):
    """One stretch of membership of a working group; `until` is the last day, null = still a member."""

    group: str
    since: date
    until: date | None = None
    role: Literal["lead", "member"] = "member"


class InstitutionRegistered(Contract):
    """An institution as it stands now; stream `member/<code>`. Each change carries the whole state."""

    code: InstitutionCode
    abbreviation: str
    name: LocalizedText
    kind: Literal["ministry", "law_enforcement", "governmental", "municipal", "ngo", "civil_society"]
    counting_route: CountingRoute = "none"
    parent: InstitutionCode | None = None
    language: Literal["lv", "en"] = "lv"
    memberships: tuple[Membership, ...] = ()
    sign_off: bool = Field(default=False, description="Its authorised officer signs what it reports by the form")
    reports_for: tuple[InstitutionCode, ...] = Field(
        default=(), description="Organisations that it reports for as their coalition; its figures stay its own"
    )

    def member_on(self, group: str, day: date) -> bool:
        """Whether the institution belonged to `group` on `day`."""
        return any(
            m.group == group and m.since <= day and (m.until is None or day <= m.until) for m in self.memberships
        )


class ContactChanged(Contract):
    """A contact of an institution; stream `contact/<id>`, topic `nrem.contacts`.

    The journal knows the id, member and role only. The address is added from the mutable table when the record is
    sent; an erased contact is a tombstone.
    """

    contact: str
    member: InstitutionCode
    role: ContactRole
    language: Literal["lv", "en"] = "lv"
    address: str | None = Field(default=None, description="E-mail address; never in the journal")
    illustrative: bool = False


class SigningKeyPublished(Contract):
    """The public part of a key that signs tokens (RFC 7517); stream `signing-key/<kid>`."""

    kid: str
    jwk: dict[str, Any]


class InstitutionKeyIssued(Contract):
    """A key for an institution's machine was issued; its secret is nowhere in the journal. Stream `key/<id>`."""

    key: str
    member: InstitutionCode
    roles: tuple[str, ...]
    replaces: str | None = Field(default=None, description="The key that it follows, which ends at `replaced_until`")
    replaced_until: datetime | None = None


class ContributorChanged(Contract):
    """Somebody of an institution fills these sections of its report; none = not any more. Stream `contributor/<id>`.

    Name and address stand in a table that can be erased, never here.
    """

    contributor: str
    member: InstitutionCode
    sections: tuple[str, ...] = ()


class AccessRevoked(Contract):
    """A key or a session may no longer be used; tokens that name it are refused at once."""

    kind: Literal["key", "session"]
    id: str
