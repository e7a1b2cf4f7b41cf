"""Figures of a member added up over quarters: what a cumulative part is compared with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from nrem_intake.submissions.domain.catalogue import Catalogue
from nrem_shared.contracts.submissions import Observation, dimension_key

#: (indicator, part, dimension key of the part) → sum of the numbers that one member reported under it. An indicator
#: that is neither a cumulative part nor a whole of one does not appear.
Accumulated = Mapping[tuple[str, str, str], int]


def part_key(catalogue: Catalogue, part: str, dimensions: Mapping[str, str]) -> str | None:
    """The dimension key of `dimensions` as far as `part` has them; null where one of them lacks."""
    names = catalogue.indicators[part].dimension_names
    if not names <= dimensions.keys():
        return None
    return dimension_key({name: dimensions[name] for name in names})


def add(
    sums: dict[tuple[str, str, str], int],
    catalogue: Catalogue,
    indicator: str,
    dimensions: Mapping[str, str],
    value: int,
) -> None:
    """Add one figure to `sums`, under each part that it is or is the whole of."""
    for part in catalogue.parts.get(indicator, ()):
        key = part_key(catalogue, part, dimensions)
        if key is not None:
            place = (indicator, part, key)
            sums[place] = sums.get(place, 0) + value


def accumulate(catalogue: Catalogue, observations: Iterable[Observation]) -> Accumulated:
    """The sums of a member's observations accepted for earlier quarters."""
    sums: dict[tuple[str, str, str], int] = {}
    for observation in observations:
        if observation.value:
            add(sums, catalogue, observation.indicator, observation.dimensions, observation.value)
    return sums


def compares_parts(catalogue: Catalogue, document: object) -> bool:
    """Whether a document (parsed JSON) reports a cumulative part, so that earlier quarters have to be known."""
    items = document.get("observations") if isinstance(document, dict) else None
    if not isinstance(items, list):
        return False
    codes = [item.get("indicator") for item in items if isinstance(item, dict)]
    return any(isinstance(code, str) and code in catalogue.parts and catalogue.indicators[code].whole for code in codes)
