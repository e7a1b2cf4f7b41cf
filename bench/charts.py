"""Pictures of a row: one bar a case, in the platform's colours."""

from __future__ import annotations

from typing import Any

import vl_convert

from nrem_shared.web.chart_theme import CONFIG, INK_SOFT, SERIES

COLOURS = {"ours": SERIES[0], "peer": SERIES[1], "limit": INK_SOFT}


def bars(row: dict[str, Any]) -> str:
    """An SVG; each bar with its figure."""
    values = [
        {"case": case["name"], "kind": case["kind"], "value": case["median"], "text": f"{case['median']:,g}"}
        for case in row["cases"]
    ]
    return str(
        vl_convert.vegalite_to_svg(
            {
                "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
                "config": {**CONFIG, "font": "sans-serif", "axisY": {"domain": False, "ticks": False}},
                "background": "white",
                "padding": {"left": 50, "right": 50, "top": 8, "bottom": 8},
                "width": 420,
                "height": {"step": 30},
                "data": {"values": values},
                "encoding": {
                    "y": {"field": "case", "type": "nominal", "sort": None, "title": None, "axis": {"labelLimit": 320}},
                    "x": {"field": "value", "type": "quantitative", "title": row["unit"]},
                },
                "layer": [
                    {
                        "mark": {"type": "bar", "height": 18},
                        "encoding": {
                            "color": {
                                "field": "kind",
                                "type": "nominal",
                                "title": None,
                                "scale": {"domain": list(COLOURS), "range": list(COLOURS.values())},
                            }
                        },
                    },
                    {
                        "mark": {"type": "text", "align": "left", "dx": 4},
                        "encoding": {"text": {"field": "text", "type": "nominal"}},
                    },
                ],
            }
        )
    )
