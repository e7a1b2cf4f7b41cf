"""What operators see of the year's work; the metrics every service has are the runtime's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prometheus_client import Gauge

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prometheus_client import CollectorRegistry


class PlanTrackerMetrics:
    """Meetings, minutes, tasks and results as they stand now."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.tasks = Gauge(
            "nrem_plan_tasks", "Tasks by state: open, overdue (open after the due date), done, dropped", ["state"],
            registry=registry,
        )  # fmt: skip
        self.meetings = Gauge(
            "nrem_plan_meetings", "Meetings by state: scheduled, held, cancelled", ["state"], registry=registry
        )
        self.minutes_awaiting_approval = Gauge(
            "nrem_plan_minutes_awaiting_approval", "Minutes circulated and not yet approved", registry=registry
        )
        self.minutes_overdue = Gauge(
            "nrem_plan_minutes_overdue",
            "Meetings held whose draft minutes were due before today and are not circulated",
            registry=registry,
        )
        self.amendments_open = Gauge(
            "nrem_plan_amendments_open", "Proposed amendments without a decision", registry=registry
        )
        self.results = Gauge(
            "nrem_plan_results",
            "Results of the newest plan by status shown; unreported = nobody said anything",
            ["status"],
            registry=registry,
        )
        self.results_disputed = Gauge(
            "nrem_plan_results_disputed", "Results on which members differ or somebody dissents", registry=registry
        )

    def show(self, gauge: Gauge, counts: Mapping[str, int]) -> None:
        """Show these labels and no others."""
        gauge.clear()
        for label, number in counts.items():
            gauge.labels(label).set(number)
