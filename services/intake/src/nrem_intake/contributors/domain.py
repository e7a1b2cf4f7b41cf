"""What an invitation must say. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from nrem_intake.identity.links.domain import is_address
from nrem_shared.contracts.submissions import SECTIONS

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

MOST_PER_INSTITUTION = 50
#: Characters that a name may have.
LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing wrong with a form: the field, and the message that says what and what to do."""

    field: str
    code: str


@dataclass(frozen=True, slots=True)
class Invitation:
    """Who shall help with what; as typed."""

    name: str
    address: str
    language: str
    sections: tuple[str, ...]

    @classmethod
    def typed(cls, name: str, address: str, language: str, sections: Sequence[str]) -> Invitation:
        """From a form: without spaces around, sections in the order of the report, each once."""
        chosen = tuple(one for one in SECTIONS if one in sections)
        return cls(" ".join(name.split()), address.strip(), language, chosen)


def mistakes(given: Invitation, known: Collection[str]) -> tuple[Mistake, ...]:
    """Everything wrong with an invitation; `known` are the addresses, in small letters, of those who help already."""
    found = []
    if not given.name:
        found.append(Mistake("name", "people.name_missing"))
    elif len(given.name) > LONGEST_NAME:
        found.append(Mistake("name", "people.name_long"))
    if not given.address:
        found.append(Mistake("address", "people.address_missing"))
    elif not is_address(given.address):
        found.append(Mistake("address", "people.address_wrong"))
    elif given.address.lower() in known:
        found.append(Mistake("address", "people.address_known"))
    if not given.sections:
        found.append(Mistake("sections", "people.sections_missing"))
    if len(known) >= MOST_PER_INSTITUTION:
        found.append(Mistake("address", "people.too_many"))
    return tuple(found)
