"""Asking the platform for what a quarter file expects, as it was known when the file says."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import quote

from nrem_embedded.checking.comparison import Comparison, Difference, compare
from nrem_embedded.checking.mapping import FIRST_ACCEPTED, PLAN_TRACKER, VICTIMS
from nrem_embedded.demonstration.steps import COORDINATOR
from nrem_embedded.institutions import Institutions

#: Blocks of `expected`, in the order of their comparison.
BLOCKS = ("as_first_accepted", "plan_tracker", "revised")


@dataclass
class Checked:
    """Outcome of a check. `not_reached` = blocks whose instant the clock has not reached; they were not compared."""

    comparison: Comparison = field(default_factory=Comparison)
    not_reached: list[tuple[str, datetime]] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        """Whether everything was compared and nothing differs."""
        return not self.comparison.differences and not self.not_reached


async def check_quarter(institutions: Institutions, period: str, expected: dict[str, Any], now: datetime) -> Checked:
    """Compare every leaf of `expected`. Raises ApiError for a quarter that is not there."""
    checked = Checked()
    for name in sorted(set(expected) - set(BLOCKS)):
        checked.comparison.differences.append(Difference(name, "there is no such block in the API's mapping"))
    for name in BLOCKS:
        block = expected.get(name)
        if block is None:
            continue
        known_on = datetime.fromisoformat(block["known_on"])
        if known_on > now:
            checked.not_reached.append((name, known_on))
        else:
            checked.comparison.add(await _COMPARED_BY[name](institutions, period, block))
    return checked


async def _first_accepted(institutions: Institutions, period: str, block: dict[str, Any]) -> Comparison:
    answer = await _figures(institutions, period, block["known_on"])
    return compare(block, answer, FIRST_ACCEPTED, "as_first_accepted.")


async def _plan(institutions: Institutions, period: str, block: dict[str, Any]) -> Comparison:
    answer = await _asked(institutions, f"/plan/api/periods/{quote(period)}/progress", block["known_on"])
    return compare(block, answer, PLAN_TRACKER, "plan_tracker.")


async def _revised(institutions: Institutions, period: str, block: dict[str, Any]) -> Comparison:
    known_on = block["known_on"]
    rest = {key: value for key, value in block.items() if key != "victims"}
    result = compare(rest, await _figures(institutions, period, known_on), {"known_on": "known_on"}, "revised.")
    for revised, victims in block["victims"].items():
        answer = await _figures(institutions, revised, known_on)
        result.add(compare({"victims": victims}, answer, VICTIMS, f"revised.{revised}."))
    return result


async def _figures(institutions: Institutions, period: str, known_on: str) -> dict[str, Any]:
    return await _asked(institutions, f"/statistics/api/quarters/{quote(period)}", known_on)


async def _asked(institutions: Institutions, path: str, known_on: str) -> dict[str, Any]:
    response = await institutions.do(COORDINATOR, "GET", f"{path}?as_known_on={quote(known_on, safe='')}")
    answer: dict[str, Any] = response.json()
    return answer


_COMPARED_BY = {"as_first_accepted": _first_accepted, "plan_tracker": _plan, "revised": _revised}
