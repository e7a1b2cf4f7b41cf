"""Checking the register of institutions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nrem_shared.runtime.problems import FieldError, pointer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from nrem_shared.contracts.members import InstitutionRegistered


def check_register(
    given: Sequence[InstitutionRegistered], known: Mapping[str, InstitutionRegistered]
) -> tuple[FieldError, ...]:
    """Everything wrong with a list of institutions that is about to be registered on top of the known ones."""
    errors = []
    after = {**known, **{item.code: item for item in given}}
    seen: set[str] = set()
    for place, item in enumerate(given):
        if item.code in seen:
            errors.append(FieldError(pointer([place, "code"]), "duplicate", f"{item.code} stands twice in the list"))
        seen.add(item.code)
        if item.parent is not None and item.parent not in after:
            errors.append(
                FieldError(pointer([place, "parent"]), "unknown_code", f"there is no institution {item.parent}")
            )
        elif _circular(item, after):
            errors.append(FieldError(pointer([place, "parent"]), "circular", f"{item.code} would be its own parent"))
        errors += _reports_for(place, item, after)
        errors += [
            FieldError(pointer([place, "memberships", n, "until"]), "before_start", "it ends before it begins")
            for n, stretch in enumerate(item.memberships)
            if stretch.until is not None and stretch.until < stretch.since
        ]
    return tuple(errors)


def _reports_for(
    place: int, item: InstitutionRegistered, register: Mapping[str, InstitutionRegistered]
) -> list[FieldError]:
    """A coalition names organisations of the register, each once, not itself, and none that reports for it."""
    errors = []
    for number, code in enumerate(item.reports_for):
        at = pointer([place, "reports_for", number])
        other = register.get(code)
        if other is None:
            errors.append(FieldError(at, "unknown_code", f"there is no institution {code}"))
        elif code == item.code or item.code in other.reports_for:
            errors.append(FieldError(at, "circular", f"{item.code} and {code} would report for each other"))
        elif code in item.reports_for[:number]:
            errors.append(FieldError(at, "duplicate", f"{code} stands twice in the list"))
    return errors


def _circular(item: InstitutionRegistered, register: Mapping[str, InstitutionRegistered]) -> bool:
    seen = {item.code}
    parent = item.parent
    while parent is not None:
        if parent in seen:
            return True
        seen.add(parent)
        above = register.get(parent)
        parent = above.parent if above else None
    return False
