"""Where each leaf of an `expected:` block stands in the answer of `GET /api/quarters/{period}`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Answer = Mapping[str, Any]

#: Leaf of the block → indicator, and the dimension where the leaf is broken down.
INDICATORS = {
    "confirmed_later": ("VICT_CONFIRMED", None),
    "referred_to": ("VICT_REFERRED", "destination"),
    "proceedings_new": ("PROC_NEW", None),
    "proceedings_open": ("PROC_OPEN", None),
    "suspected": ("SUSP", None),
    "prosecuted": ("PROS", None),
    "prosecution_decisions": ("PROS_DEC", "charge_decision"),
    "convicted": ("CONV", None),
    "judgments": ("JUDG", "court_outcome"),
    "service_new": ("SERV_NEW", None),
    "service_active": ("SERV_ACTIVE", None),
    "over_180_days": ("SERV_OVER_180", None),
    "extensions_granted": ("SERV_EXT_GRANTED", None),
}
COMPLETENESS = (
    "expected",
    "accepted",
    "pending",
    "returned",
    "missing",
    "first_version_late",
    "returned_once",
    "nothing_to_report",
)


def value(figure: Mapping[str, Any]) -> Any:
    """A figure, or a breakdown of figures, as the bare numbers of the block."""
    if "incomplete" in figure:
        return figure["value"]
    return {code: value(one) for code, one in figure.items()}


def indicator(answer: Answer, code: str, dimension: str | None) -> Any:
    figures = answer["indicators"][code]
    return value(figures["by"][dimension] if dimension else figures["sum_of_reports"])


def victims(answer: Answer) -> dict[str, Any]:
    """The block's `victims`."""
    about = {"indicator", "overlap_indicator", "why"}
    return {name: value(figure) for name, figure in answer["victims"].items() if name not in about}


def activities(answer: Answer) -> dict[str, Any]:
    """The block's `activities`."""
    return {name: value(figure) for name, figure in answer["activities"].items() if name != "by_audience"}


def first_accepted(answer: Answer) -> dict[str, Any]:
    """The whole of `as_first_accepted`, but for `known_on`."""
    cell = ("registering_route", "form_of_exploitation", "value", "small")
    money = answer["funding_eur"]
    return {
        "submissions": {name: answer["submissions"][name] for name in COMPLETENESS},
        "victims": victims(answer),
        "cells_route_form": [{name: one[name] for name in cell} for one in answer["cells_route_form"]],
        **{leaf: indicator(answer, *where) for leaf, where in INDICATORS.items()},
        "article_18a": {part: indicator(answer, f"A18A_{part}", None) for part in ("SUSP", "PROS", "CONV")},
        "activities": activities(answer),
        "funding_eur": {by: {code: float(euro) for code, euro in money[by].items()} for by in ("source", "purpose")},
        "explicit_zeros": answer["explicit_zeros"],
        "empties": answer["empties"],
    }
