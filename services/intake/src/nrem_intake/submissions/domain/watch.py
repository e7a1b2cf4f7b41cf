"""What the guard of free text lets through: contacts made known to everybody, and texts that were let pass."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from nrem_shared.runtime.personal_data import NOTHING_ALLOWED, Allowed


@dataclass(frozen=True, slots=True)
class LetPass:
    """A text that the coordinator let pass, as its salted hash: whoever has the text can tell, nobody else."""

    salt: bytes
    digest: bytes

    @classmethod
    def of(cls, text: str, salt: bytes) -> LetPass:
        """That of a text; blanks around it do not matter."""
        return cls(salt, hashlib.sha256(salt + text.strip().encode()).digest())

    def is_for(self, text: str) -> bool:
        """Whether it is this text."""
        return LetPass.of(text, self.salt) == self


@dataclass(frozen=True, slots=True)
class Watch:
    """What is not refused although it looks like personal data."""

    allowed: Allowed = NOTHING_ALLOWED
    let_pass: tuple[LetPass, ...] = ()

    def lets_pass(self, text: str) -> bool:
        """Whether the whole text was let pass."""
        return any(one.is_for(text) for one in self.let_pass)


STRICT = Watch()
