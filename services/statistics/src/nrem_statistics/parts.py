"""What the routes of this service share, as the composition root put it together."""

from __future__ import annotations

from typing import cast

from fastapi import Request

from nrem_shared.runtime.requests import runtime_of
from nrem_shared.web.charts import ChartRenderer
from nrem_statistics.metrics import StatisticsMetrics
from nrem_statistics.settings import StatisticsSettings


def metrics_of(request: Request) -> StatisticsMetrics:
    """The metrics of this service."""
    return cast("StatisticsMetrics", runtime_of(request).metrics)


def small_cell_threshold(request: Request) -> int:
    """Cells above zero and below this are marked small."""
    return cast("StatisticsSettings", runtime_of(request).settings).small_cell_threshold


def charts_of(request: Request) -> ChartRenderer:
    """What draws charts."""
    return cast("ChartRenderer", request.app.state.charts)
