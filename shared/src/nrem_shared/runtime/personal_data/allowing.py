"""Contacts that are made known to everybody: helplines and institutions' own numbers and addresses."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

#: The code list with contacts of institutions and helplines.
ALLOWED_CONTACTS = "allowed_contact"

_LATVIA = "371"


@dataclass(frozen=True, slots=True)
class Allowed:
    """Numbers as digits without the country code of Latvia; addresses in small letters."""

    numbers: frozenset[str] = frozenset()
    addresses: frozenset[str] = frozenset()

    @classmethod
    def of(cls, contacts: Iterable[str]) -> Allowed:
        """From contacts as people write them: `+371 67 123 456`, `116 006`, `pasts@iestade.example`."""
        known = list(contacts)
        return cls(
            frozenset(national(contact) for contact in known if "@" not in contact),
            frozenset(contact.strip().casefold() for contact in known if "@" in contact),
        )


def national(number: str) -> str:
    """The digits of a number, without the prefix for calls from abroad where it is a Latvian one."""
    digits = "".join(character for character in number if character.isdigit())
    digits = digits.removeprefix("00") if digits.startswith("00371") else digits
    return digits[3:] if digits.startswith(_LATVIA) and len(digits) == len(_LATVIA) + 8 else digits


NOTHING_ALLOWED = Allowed()
