"""What a guard finds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["personal_code", "phone", "email", "iban", "identity_document"]


@dataclass(frozen=True, slots=True)
class PersonalData:
    """Something about a person in a text: characters `start` (0 = first) up to, not including, `end`."""

    kind: Kind
    start: int
    end: int
