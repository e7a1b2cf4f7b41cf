"""Figures far from what the member reported before: whichever way they come, they are told, and never keep it back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from nrem_intake.reporting.domain.history import History
from nrem_intake.submissions.domain.observations import dimensions_of
from nrem_intake.submissions.domain.refusals import Refusal
from nrem_shared.contracts.submissions import dimension_key


@dataclass(frozen=True, slots=True)
class Unusual:
    """The figure at `place` of the statistics. `name` names it and its number; `explained` = it has a comment."""

    place: int
    name: str
    value: int
    usual: int
    explained: bool

    @property
    def item(self) -> str:
        """The figure's JSON pointer."""
        return f"/observations/{self.place}"

    @property
    def told(self) -> Refusal:
        """What is said about it, at its number."""
        return Refusal(f"{self.item}/value", "unusual", {"value": str(self.value), "usual": str(self.usual)})


def unusual(items: Iterable[Any], history: History) -> tuple[Unusual, ...]:
    """Every figure far from the usual one, explained or not; what is no figure yet is passed over."""
    found = (_unusual(place, item, history) for place, item in enumerate(items) if isinstance(item, Mapping))
    return tuple(each for each in found if each is not None)


def unexplained(items: Iterable[Any], history: History) -> tuple[Unusual, ...]:
    """Those that nobody commented on: somebody should say why, or that they are right."""
    return tuple(each for each in unusual(items, history) if not each.explained)


def _unusual(place: int, item: Mapping[str, Any], history: History) -> Unusual | None:
    value = item.get("value")
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    indicator, key = str(item.get("indicator")), dimension_key(dimensions_of(item))
    usual = history.unusual((indicator, key), value)
    if usual is None:
        return None
    return Unusual(place, f"{indicator} {key} {value}", value, usual, bool(str(item.get("comment") or "").strip()))
