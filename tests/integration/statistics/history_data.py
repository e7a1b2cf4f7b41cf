"""The historical series of `data/history.yaml` as the contract says it."""

from __future__ import annotations

import re
from typing import Any

from data_catalogue import load
from nrem_shared.contracts.history import HistoryRecorded

_RANGE = re.compile(r"^(\d{4})-01-01/P(\d+)Y$")


def history() -> HistoryRecorded:
    document = load("history.yaml")
    return HistoryRecorded.model_validate(
        {
            "series": "victims",
            "figures": [_figure(one) for one in document["series"]],
            "ranges": [_range(one) for one in document["ranges"]],
            "breaks": [
                {
                    "after": int(one["between"][0]),
                    "before": int(one["between"][1]),
                    "counts_before": one["before"],
                    "counts_after": one["after"],
                    "text": one["text"],
                }
                for one in document["series_breaks"]
            ],
        }
    )


def _figure(one: dict[str, Any]) -> dict[str, Any]:
    alternative = one.get("alternative", {}).get("value")
    return {**one, "year": int(one["period"]), "alternative": alternative}


def _range(one: dict[str, Any]) -> dict[str, Any]:
    match = _RANGE.match(one["period"])
    assert match is not None
    first = int(match[1])
    return {**one, "first_year": first, "last_year": first + int(match[2]) - 1}
