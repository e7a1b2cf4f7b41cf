"""What an item of a submission is called in every version of it and in other quarters, whatever its place there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from nrem_shared.contracts.base import Contract
from nrem_shared.contracts.submissions import SECTIONS, SubmissionContent, dimension_key

#: What names an item of a section; observations are named by their indicator and dimensions.
_NAMES: dict[str, tuple[str, ...]] = {
    "activities": ("code",),
    "plan_progress": ("result", "on_behalf_of"),
    "future_plans": ("code",),
    "challenges": ("code",),
    "funding": ("source", "purpose", "project_code", "plan_result"),
}


def keyed(content: SubmissionContent, section: str) -> dict[str, tuple[str, Contract]]:
    """Name → (JSON pointer, item) of a section's items, in their order; of one name the later ones have a number."""
    found: dict[str, tuple[str, Contract]] = {}
    items: Iterable[Any] = getattr(content, section)
    for place, item in enumerate(items):
        name = _name(section, item)
        same = sum(1 for known in found if known == name or known.startswith(f"{name}#"))
        found[f"{name}#{same + 1}" if same else name] = (f"/{section}/{place}", item)
    return found


def key_at(content: SubmissionContent, pointer: str) -> str:
    """The name of the item that a pointer lies in; empty for the submission as a whole, or a section."""
    parts = pointer.split("/")
    if len(parts) < 3 or parts[1] not in SECTIONS:
        return ""
    at = f"/{parts[1]}/{parts[2]}"
    return next((name for name, (place, _) in keyed(content, parts[1]).items() if place == at), "")


def keys_of(content: SubmissionContent) -> dict[str, str]:
    """JSON pointer of each item → its name."""
    return {at: name for section in SECTIONS for name, (at, _) in keyed(content, section).items()}


def _name(section: str, item: Any) -> str:
    if section == "observations":
        return "/".join(filter(None, (section, item.indicator, dimension_key(item.dimensions))))
    return "/".join(
        (section, *(str(getattr(item, name)) for name in _NAMES[section] if getattr(item, name) is not None))
    )
