"""Notes about obligations. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from nrem_shared.contracts.reminders import ObligationNoted
from nrem_shared.runtime import personal_data
from nrem_shared.runtime.personal_data import NOTHING_ALLOWED, Allowed

#: The longest note, in characters.
LONGEST = 1000


@dataclass(frozen=True, slots=True)
class Note:
    """A note as it is kept: who noted what, when."""

    id: UUID
    obligation: str
    institution: str
    text: str
    by: str
    noted_at: datetime


def refusal_of(text: str, allowed: Allowed = NOTHING_ALLOWED) -> str | None:
    """Why a note is refused: `note_missing`, `note_too_long`, `note_personal_data`; null where nothing is wrong."""
    if not text.strip():
        return "note_missing"
    if len(text.strip()) > LONGEST:
        return "note_too_long"
    return "note_personal_data" if personal_data.find(text, allowed) is not None else None


def noted(note: Note) -> ObligationNoted:
    """The fact of a note."""
    return ObligationNoted(obligation=note.obligation, institution=note.institution, text=note.text, by=note.by)
