"""Asking the platform for what a quarter file expects, as it was known when the file says."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import quote

from nrem_embedded.checking.comparison import Comparison, Difference, compare, count
from nrem_embedded.checking.mapping import FIRST_ACCEPTED, VICTIMS
from nrem_embedded.demonstration.scenario import COORDINATOR
from nrem_embedded.institutions import Institutions

#: Blocks of `expected` that are compared, and the one that has nobody to ask yet.
COMPARED = ("as_first_accepted", "revised")
LATER = "plan_tracker"


@dataclass
class Checked:
    """Outcome of a check. `not_reached` = blocks whose instant the clock has not reached; they were not compared."""

    comparison: Comparison = field(default_factory=Comparison)
    not_reached: list[tuple[str, datetime]] = field(default_factory=list)
    not_compared: int = 0

    @property
    def passed(self) -> bool:
        """Whether everything was compared and nothing differs."""
        return not self.comparison.differences and not self.not_reached


async def check_quarter(institutions: Institutions, period: str, expected: dict[str, Any], now: datetime) -> Checked:
    """Compare every leaf of the statistics part of `expected`. Raises ApiError for a quarter that is not there."""
    checked = Checked(not_compared=count(expected.get(LATER, {})))
    for name in sorted(set(expected) - {*COMPARED, LATER}):
        checked.comparison.differences.append(Difference(name, "there is no such block in the API's mapping"))
    for name in COMPARED:
        block = expected.get(name)
        if block is None:
            continue
        known_on = datetime.fromisoformat(block["known_on"])
        if known_on > now:
            checked.not_reached.append((name, known_on))
        elif name == "as_first_accepted":
            answer = await _asked(institutions, period, block["known_on"])
            checked.comparison.add(compare(block, answer, FIRST_ACCEPTED, f"{name}."))
        else:
            checked.comparison.add(await _revised(institutions, period, block))
    return checked


async def _revised(institutions: Institutions, period: str, block: dict[str, Any]) -> Comparison:
    known_on = block["known_on"]
    rest = {key: value for key, value in block.items() if key != "victims"}
    result = compare(rest, await _asked(institutions, period, known_on), {"known_on": "known_on"}, "revised.")
    for revised, victims in block["victims"].items():
        answer = await _asked(institutions, revised, known_on)
        result.add(compare({"victims": victims}, answer, VICTIMS, f"revised.{revised}."))
    return result


async def _asked(institutions: Institutions, period: str, known_on: str) -> dict[str, Any]:
    path = f"/statistics/api/quarters/{quote(period)}?as_known_on={quote(known_on, safe='')}"
    answer: dict[str, Any] = (await institutions.do(COORDINATOR, "GET", path)).json()
    return answer
