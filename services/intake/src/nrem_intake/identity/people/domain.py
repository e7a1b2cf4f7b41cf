"""What an address stands for: contacts of institutions, and people who help. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

#: Role of a contact → role in tokens.
ROLE_OF_CONTACT = {
    "focal_point": "member",
    "deputy": "member",
    "authorised_officer": "officer",
    "observer": "observer",
    "coordinator": "coordinator",
    "secretariat": "secretariat",
    "operator": "operator",
}

#: Roles in tokens that nobody steps into without a second factor, where one is asked for.
WITH_SECOND_FACTOR = frozenset({"coordinator", "operator"})

#: The order in which standings are offered.
_ORDER = ("coordinator", "secretariat", "operator", "member", "officer", "observer", "contributor")


@dataclass(frozen=True, slots=True)
class Standing:
    """One thing that a person may be: `kind` names it in words, `role` is what tokens say.

    `contact` or `contributor` = the row that it follows from; when that is gone, so is the standing.
    """

    kind: str
    role: str
    member: str
    display: str
    institution: Mapping[str, str]
    language: str = "lv"
    contact: UUID | None = None
    contributor: UUID | None = None
    sections: frozenset[str] = frozenset()

    @property
    def subject(self) -> str:
        """Who acts, for journals and tokens: no name and no address."""
        return f"contact:{self.contact}" if self.contact else f"contributor:{self.contributor}"


def standings(contacts: Iterable[Mapping[str, Any]], contributors: Iterable[Mapping[str, Any]]) -> tuple[Standing, ...]:
    """Everything that the rows found at one address give; the same role at the same institution counts once."""
    found = [
        Standing(
            kind=row["role"],
            role=ROLE_OF_CONTACT[row["role"]],
            member=row["member"],
            display=row["abbreviation"],
            institution=row["institution"],
            language=row["language"],
            contact=row["id"],
        )
        for row in contacts
        if row["role"] in ROLE_OF_CONTACT
    ]
    found += [
        Standing(
            kind="contributor",
            role="contributor",
            member=row["member"],
            display=row["name"] or row["abbreviation"],
            institution=row["institution"],
            language=row["language"],
            contributor=row["id"],
            sections=frozenset(row["sections"]),
        )
        for row in contributors
    ]
    found.sort(key=lambda one: (_ORDER.index(one.role), one.member, one.kind != "focal_point"))
    once: dict[tuple[str, str], Standing] = {}
    for one in found:
        once.setdefault((one.role, one.member), one)
    return tuple(once.values())
