"""Who stands behind a version: who prepared, signed or entered it. Offices and subjects, never addresses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from nrem_shared.contracts.base import LocalizedText


@dataclass(frozen=True, slots=True)
class Authors:
    """All null where the institution sent the version itself and nobody had to sign it.

    `on_behalf` says why `entered_by` entered it for the member: on paper, by telephone … `part_of` = the correction of
    the member's whose approved figures this is: `entered_by` approved them. `reports_for` = the organisations
    that the member reported for as their coalition.
    """

    prepared_by: str | None = None
    signed_by: str | None = None
    entered_by: str | None = None
    on_behalf: LocalizedText | None = None
    part_of: int | None = None
    reports_for: tuple[str, ...] = ()

    @property
    def in_its_place(self) -> bool:
        """Whether somebody else entered it in the member's place (and did not only approve figures of it)."""
        return self.entered_by is not None and self.part_of is None

    def fields(self) -> dict[str, Any]:
        """As an event and an answer carry them."""
        return {
            "prepared_by": self.prepared_by,
            "signed_by": self.signed_by,
            "entered_by": self.entered_by,
            "on_behalf": self.on_behalf,
            "part_of": self.part_of,
            "reports_for": self.reports_for,
        }

    def stored(self) -> dict[str, Any] | None:
        """As the database keeps them; null where there is nobody to name."""
        if self == NOBODY:
            return None
        return {**self.fields(), "on_behalf": self.on_behalf.model_dump(mode="json") if self.on_behalf else None}


NOBODY = Authors()


def authors_of(stored: dict[str, Any] | None) -> Authors:
    """What the database keeps as the domain's value."""
    if not stored:
        return NOBODY
    on_behalf = stored.get("on_behalf")
    return Authors(
        stored.get("prepared_by"),
        stored.get("signed_by"),
        stored.get("entered_by"),
        LocalizedText.model_validate(on_behalf) if on_behalf else None,
        stored.get("part_of"),
        tuple(stored.get("reports_for") or ()),
    )
