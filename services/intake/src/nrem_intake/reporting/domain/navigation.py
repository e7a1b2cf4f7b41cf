"""What comes after what on the form."""

from __future__ import annotations

from nrem_intake.reporting.domain.draft import ORDER


def next_section(section: str, among: frozenset[str]) -> str | None:
    """The section to go on with, of those that may be filled; null after the last."""
    following = ORDER[ORDER.index(section) + 1 :]
    return next((each for each in following if each in among), None)
