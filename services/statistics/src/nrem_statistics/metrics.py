"""What operators see of the figures themselves; the metrics every service has are the runtime's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prometheus_client import Gauge, Histogram

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prometheus_client import CollectorRegistry


class StatisticsMetrics:
    """Completeness of the open periods, and how long compiling takes."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.missing = Gauge(
            "nrem_statistics_missing_submissions",
            "Members that owe a submission for an open period and have sent none",
            ["period"],
            registry=registry,
        )
        self.not_understood = Gauge(
            "nrem_statistics_streams_not_understood",
            "Submission streams with a record that was received, not understood and not resolved",
            registry=registry,
        )
        self.compile_seconds = Histogram(
            "nrem_statistics_quarter_compile_seconds",
            "Time to compile one quarter from the rows read",
            registry=registry,
            buckets=(0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 1),
        )

    def show_missing(self, by_period: Mapping[str, int]) -> None:
        """Show the open periods and no others: a closed one disappears."""
        self.missing.clear()
        for period, count in by_period.items():
            self.missing.labels(period).set(count)
