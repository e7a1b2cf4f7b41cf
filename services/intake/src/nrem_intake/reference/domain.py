"""Checking reference data before it becomes a fact."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nrem_shared.contracts.reference import CodeList
from nrem_shared.runtime.problems import FieldError, pointer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nrem_shared.contracts.reference import Indicator, Project


def check_reference(items: Sequence[CodeList | Indicator | Project]) -> tuple[FieldError, ...]:
    """What stands twice: an item in the list, a code in its code list."""
    errors = []
    seen: set[tuple[str, str]] = set()
    for place, item in enumerate(items):
        if (item.kind, item.code) in seen:
            errors.append(FieldError(pointer([place, "code"]), "duplicate", f"{item.kind} {item.code} stands twice"))
        seen.add((item.kind, item.code))
        if isinstance(item, CodeList):
            codes: set[str] = set()
            for n, entry in enumerate(item.codes):
                if entry.code in codes:
                    at = pointer([place, "codes", n, "code"])
                    errors.append(FieldError(at, "duplicate", f"{entry.code} stands twice in {item.code}"))
                codes.add(entry.code)
    return tuple(errors)
