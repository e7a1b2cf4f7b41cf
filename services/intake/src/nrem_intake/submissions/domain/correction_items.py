"""Reading the items of a correction: what each names, what it was and what it becomes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from nrem_intake.submissions.domain.errors import Unacceptable
from nrem_intake.submissions.domain.fields import check_bilingual, guard
from nrem_intake.submissions.domain.observations import dimensions_of
from nrem_intake.submissions.domain.refusals import Findings
from nrem_intake.submissions.domain.watch import STRICT, Watch
from nrem_shared.contracts.base import LocalizedText
from nrem_shared.contracts.submissions import dimension_key

MOST_ITEMS = 500

#: Indicator and canonical dimension key: which figure of a submission is meant.
FigureKey = tuple[str, str]


@dataclass(frozen=True, slots=True)
class CorrectionItem:
    """One item as it was sent; `old` null = the figure is added, `new` null = it is dropped."""

    place: int
    indicator: str
    dimensions: dict[str, str]
    old: dict[str, Any] | None
    new: dict[str, Any] | None
    keeps_comment: bool
    reason: LocalizedText

    @property
    def key(self) -> FigureKey:
        """The figure that the item is about."""
        return (self.indicator, dimension_key(self.dimensions))


def read_items(items: Any, watch: Watch = STRICT) -> tuple[CorrectionItem, ...]:
    """The items, if all can be read and no text in them says personal data."""
    found = Findings(watch)
    if not isinstance(items, list):
        found.add("/items", "malformed", expected="list")
    elif not items:
        found.add("/items", "items_missing")
    elif len(items) > MOST_ITEMS:
        found.add("/items", "too_many", limit=str(MOST_ITEMS), given=str(len(items)))
    if found:
        raise Unacceptable(found.sorted())
    read = [_read_item(found, place, item) for place, item in enumerate(items)]
    if found:
        raise Unacceptable(found.sorted())
    return tuple(item for item in read if item is not None)


def _read_item(found: Findings, place: int, item: Any) -> CorrectionItem | None:
    at = f"/items/{place}"
    if not isinstance(item, dict):
        found.add(at, "malformed", expected="object")
        return None
    for name in item:
        if name not in ("observation", "old", "new", "reason"):
            found.unknown_field(at, str(name))
    for name in ("observation", "old", "new"):
        if name not in item or (name == "observation" and item[name] is None):
            found.add(f"{at}/{name}", "missing")
    if item.get("reason") is None:
        found.add(f"{at}/reason", "reason_missing")
        return None
    check_bilingual(found, f"{at}/reason", item["reason"])
    indicator, dimensions = _named(found, at, item.get("observation"))
    old, new = (_cell(found, f"{at}/{name}", item.get(name)) for name in ("old", "new"))
    if found:
        return None
    keeps = not isinstance(item["new"], dict)
    return CorrectionItem(place, indicator, dimensions, old, new, keeps, LocalizedText.model_validate(item["reason"]))


def _named(found: Findings, at: str, observation: Any) -> tuple[str, dict[str, str]]:
    """Indicator and dimensions of the figure that an item is about."""
    if observation is None:
        return "", {}
    if not isinstance(observation, dict):
        found.add(f"{at}/observation", "malformed", expected="object")
        return "", {}
    if not isinstance(observation.get("indicator"), str):
        found.add(f"{at}/observation/indicator", "missing")
        return "", {}
    for name, code in observation.items():
        if not isinstance(code, str):
            found.add(f"{at}/observation", "malformed", expected="text")
        elif name in ("value", "empty", "comment"):
            found.unknown_field(f"{at}/observation", name)
        else:
            guard(found, f"{at}/observation", code)
    return observation["indicator"], dimensions_of(observation)


def _cell(found: Findings, at: str, value: Any) -> dict[str, Any] | None:
    """A bare number as a cell; what is wrong inside a cell is found when the content is validated."""
    if value is None:
        return None
    if isinstance(value, dict):
        for name in value:
            if name not in ("value", "empty", "comment"):
                found.unknown_field(at, str(name))
        if "value" not in value:
            found.add(f"{at}/value", "missing")
        return value
    return {"value": value}
