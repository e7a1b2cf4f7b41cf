"""Vega-Lite specifications in our colours and type: lines and bars over periods, breaks and ranges drawn."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from nrem_shared.web.chart_theme import CONFIG, INK, INK_SOFT, SERIES

_SCHEMA: Final = "https://vega.github.io/schema/vega-lite/v6.json"


@dataclass(frozen=True)
class Observation:
    """One figure of a series; ``value`` None is a gap, never a zero. ``low`` and ``high`` bound what is uncertain."""

    period: str
    value: float | None
    series: str = ""
    provisional: bool = False
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class ChartWords:
    """The words inside a chart, in the reader's language."""

    value_axis: str
    final: str
    provisional: str
    series_break: str


def line_chart(
    observations: Sequence[Observation], words: ChartWords, *, breaks: Iterable[str] = (), height: int = 300
) -> dict[str, Any]:
    """Lines over periods in the order given. A line is interrupted before each period in ``breaks`` and at a gap;
    provisional points are hollow; ``low``–``high`` is a band behind the line."""
    broken = tuple(breaks)
    rows = _rows(observations, broken, words)
    colour = _series_colour(observations)
    detail = {"field": "segment", "type": "nominal"}
    layers: list[dict[str, Any]] = []
    if any(row["low"] is not None for row in rows):
        layers.append(
            {
                "transform": [{"filter": "isValid(datum.low)"}],
                "mark": {"type": "area", "opacity": 0.16},
                "encoding": {
                    "y": {"field": "low", "type": "quantitative"},
                    "y2": {"field": "high"},
                    "detail": detail,
                    "color": colour,
                },
            }
        )
    shown = [{"filter": "isValid(datum.value)"}]
    value = {"field": "value", "type": "quantitative"}
    layers += [
        {
            "transform": shown,
            "mark": {"type": "line", "strokeWidth": 2.5},
            "encoding": {"y": value, "detail": detail, "color": colour},
        },
        {
            "transform": shown,
            "mark": {"type": "point", "size": 70, "strokeWidth": 2, "opacity": 1},
            "encoding": {"y": value, "stroke": colour, **_point_look(rows, words, observations)},
        },
    ]
    if len(_names(observations)) > 1 and any(row["provisional"] for row in rows):
        layers.append(_shape_key(words))
    return _chart(rows, layers, words, observations, broken, height)


def bar_chart(
    observations: Sequence[Observation], words: ChartWords, *, breaks: Iterable[str] = (), height: int = 300
) -> dict[str, Any]:
    """Bars over periods, side by side for several series; a provisional bar is hollow with a dashed outline, a range
    is a whisker."""
    broken = tuple(breaks)
    rows = _rows(observations, broken, words)
    colour = _series_colour(observations)
    beside = {"xOffset": {"field": "series", "sort": None, "scale": {"paddingInner": 0.08}}}
    side_by_side = beside if len(_names(observations)) > 1 else {}
    solid = {"condition": {"test": "datum.provisional", "value": 0.22}, "value": 1}
    layers: list[dict[str, Any]] = [
        {
            "transform": [{"filter": "isValid(datum.value)"}],
            "mark": {"type": "bar", "strokeWidth": 1.5},
            "encoding": {
                "y": {"field": "value", "type": "quantitative"},
                "color": colour,
                "stroke": {**colour, "legend": None},
                "fillOpacity": solid,
                "strokeDash": _bar_outline(rows, words),
                **side_by_side,
            },
        },
    ]
    if any(row["low"] is not None for row in rows):
        layers.append(
            {
                "transform": [{"filter": "isValid(datum.low)"}],
                "mark": {"type": "rule", "strokeWidth": 2, "color": INK},
                "encoding": {"y": {"field": "low", "type": "quantitative"}, "y2": {"field": "high"}, **side_by_side},
            }
        )
    return _chart(rows, layers, words, observations, broken, height)


def _rows(observations: Sequence[Observation], breaks: tuple[str, ...], words: ChartWords) -> list[dict[str, Any]]:
    """The observations as rows; ``segment`` changes at a break and after a gap, so that no line crosses either."""
    segments: dict[str, int] = {}
    rows: list[dict[str, Any]] = []
    for each in observations:
        if each.period in breaks or each.value is None:
            segments[each.series] = segments.get(each.series, 0) + 1
        rows.append(
            {
                "period": each.period,
                "value": each.value,
                "series": each.series,
                "segment": f"{each.series}#{segments.get(each.series, 0)}",
                "provisional": each.provisional,
                "kind": words.provisional if each.provisional else words.final,
                "low": each.low,
                "high": each.high,
            }
        )
    return rows


def _chart(
    rows: list[dict[str, Any]],
    layers: list[dict[str, Any]],
    words: ChartWords,
    observations: Sequence[Observation],
    breaks: tuple[str, ...],
    height: int,
) -> dict[str, Any]:
    periods = list(dict.fromkeys(each.period for each in observations))
    period_axis = {
        "field": "period",
        "type": "ordinal",
        "scale": {"type": "band", "domain": periods, "paddingInner": 0.3, "paddingOuter": 0.15},
        "axis": {"title": None, "labelAngle": 0},
    }
    for layer in layers:
        layer["encoding"]["x"] = period_axis
        layer["encoding"]["y"] = {**layer["encoding"]["y"], "title": words.value_axis, "scale": {"zero": True}}
    return {
        "$schema": _SCHEMA,
        "width": 680,
        "height": height,
        "autosize": {"type": "fit", "contains": "padding"},
        "data": {"values": rows},
        "layer": [*layers, *(_break_mark(period, words) for period in breaks if period in periods)],
        "config": CONFIG,
    }


def _break_mark(period: str, words: ChartWords) -> dict[str, Any]:
    """A dashed upright line before the first period of the new series, with its words."""
    place = {"datum": period, "type": "ordinal", "bandPosition": -0.2}
    return {
        "data": {"values": [{}]},
        "layer": [
            {
                "mark": {"type": "rule", "strokeDash": [2, 4], "strokeWidth": 1.5, "color": INK_SOFT},
                "encoding": {"x": place},
            },
            {
                "mark": {
                    "type": "text",
                    "align": "center",
                    "baseline": "bottom",
                    "dx": 0,
                    "y": -9,
                    "fontSize": 14,
                    "color": INK_SOFT,
                    "text": words.series_break,
                },
                "encoding": {"x": place},
            },
        ],
    }


def _names(observations: Sequence[Observation]) -> list[str]:
    return list(dict.fromkeys(each.series for each in observations))


def _series_colour(observations: Sequence[Observation]) -> dict[str, Any]:
    names = _names(observations)
    if len(names) == 1:
        return {"value": SERIES[0]}
    return {
        "field": "series",
        "type": "nominal",
        "scale": {"domain": names, "range": list(SERIES[: len(names)])},
        "legend": {"title": None},
    }


def _point_look(
    rows: list[dict[str, Any]], words: ChartWords, observations: Sequence[Observation]
) -> dict[str, dict[str, Any]]:
    """Final points are filled, provisional ones hollow; among several series they have a shape of their own as well."""
    colour = _series_colour(observations)
    domain = [words.final, words.provisional]
    if not any(row["provisional"] for row in rows):
        return {"fill": colour}
    if len(_names(observations)) == 1:
        legend = {"title": None, "symbolType": "circle", "symbolStrokeColor": SERIES[0]}
        scale = {"domain": domain, "range": [SERIES[0], "#ffffff"]}
        return {"fill": {"field": "kind", "type": "nominal", "scale": scale, "legend": legend}}
    hollow = {"test": "datum.provisional", "value": "#ffffff"}
    diamond = {"test": "datum.provisional", "value": "diamond"}
    return {"fill": {**colour, "condition": hollow}, "shape": {"condition": diamond, "value": "circle"}}


def _shape_key(words: ChartWords) -> dict[str, Any]:
    """A layer without points, whose key explains the shapes in a colour that belongs to no series."""
    return {
        "transform": [{"filter": "false"}],
        "mark": {"type": "point", "filled": True, "color": INK_SOFT, "opacity": 1},
        "encoding": {
            "y": {"field": "value", "type": "quantitative"},
            "shape": {
                "field": "kind",
                "type": "nominal",
                "scale": {"domain": [words.final, words.provisional], "range": ["circle", "diamond"]},
                "legend": {"title": None},
            },
        },
    }


def _bar_outline(rows: list[dict[str, Any]], words: ChartWords) -> dict[str, Any]:
    if not any(row["provisional"] for row in rows):
        return {"value": [1, 0]}
    return {
        "field": "kind",
        "type": "nominal",
        "scale": {"domain": [words.final, words.provisional], "range": [[1, 0], [4, 3]]},
        "legend": {
            "title": None,
            "symbolType": "square",
            "symbolFillColor": "transparent",
            "symbolStrokeColor": INK_SOFT,
        },
    }
