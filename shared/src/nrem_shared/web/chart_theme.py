"""Colours and type of charts, the same as the style sheet's (theme/_palette.scss)."""

from typing import Any, Final

INK: Final = "#16242b"
INK_SOFT: Final = "#4a5a62"
LINE: Final = "#dfe6e8"
SERIES: Final = ("#0f4c5c", "#b8641e", "#5b4b8a", "#2e7d55", "#8a2f4b", "#6a7b83")
"""Told apart by people with colour-blindness too, each at least 3:1 on white; use no more than six."""
FONT: Final = "Source Sans 3, Source Sans Pro, Liberation Sans, sans-serif"

CONFIG: Final[dict[str, Any]] = {
    "background": "transparent",
    "font": FONT,
    "view": {"stroke": None},
    "axis": {
        "labelColor": INK_SOFT,
        "titleColor": INK_SOFT,
        "labelFontSize": 14,
        "titleFontSize": 14,
        "titleFontWeight": 400,
        "domainColor": INK_SOFT,
        "tickColor": INK_SOFT,
        "gridColor": LINE,
        "labelPadding": 6,
    },
    "axisX": {"grid": False, "tickSize": 0, "labelPadding": 8},
    "axisY": {
        "domain": False,
        "ticks": False,
        "titleAngle": 0,
        "titleAlign": "left",
        "titleAnchor": "end",
        "titleX": 0,
        "titleY": -12,
        "format": ",d",
        "tickMinStep": 1,
        "tickCount": 5,
    },
    "legend": {
        "orient": "top",
        "labelColor": INK,
        "labelFontSize": 14,
        "symbolSize": 90,
        "symbolStrokeWidth": 2,
        "columnPadding": 24,
        "padding": 0,
        "offset": 36,
        "labelLimit": 400,
        "layout": {"top": {"direction": "vertical", "anchor": "start", "margin": 6}},
    },
    "bar": {"cornerRadiusEnd": 2},
}
