"""The demonstration submissions of `data/demo/`, replayed: what each member had accepted before a quarter."""

from __future__ import annotations

from functools import cache
from typing import Any

from data_catalogue import QUARTERS, catalogue, load
from nrem_intake.submissions.domain.figures import Accumulated, accumulate
from nrem_shared.contracts.submissions import content_of


def submissions(period: str) -> list[dict[str, Any]]:
    """Every submitted version of a quarter, as it stands in the file; treat as read-only."""
    found: list[dict[str, Any]] = load(f"demo/submissions-{period}.yaml")["submissions"]
    return found


@cache
def before(member: str, period: str) -> Accumulated:
    """Sums of what `member` had accepted for the quarters before `period`."""
    accepted = [
        document
        for earlier in QUARTERS
        for document in submissions(earlier)
        if earlier < period
        and document["member"] == member
        and (document["decision"] or {}).get("outcome") == "accepted"
    ]
    return accumulate(catalogue(period), (o for document in accepted for o in content_of(document).observations))
