"""Metrics that every service has; each service adds its own in its `metrics.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prometheus_client import Counter, Gauge, Histogram

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry

LAG_BUCKETS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class RequestMetrics:
    """HTTP as clients see it."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.seconds = Histogram(
            "nrem_request_seconds",
            "Time from request to answer, by route and status class",
            ["method", "route", "status"],
            registry=registry,
            buckets=(0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
        )
        self._timed: dict[tuple[str, str, int], Histogram] = {}
        self.errors = Counter(
            "nrem_request_errors_total", "Requests that ended in an error of ours (5xx)", ["route"], registry=registry
        )
        self.refused = Counter(
            "nrem_requests_refused_total", "Requests refused because too many were under way", registry=registry
        )
        self.stale = Counter(
            "nrem_stale_reads_total", "Reads answered before the reader's own write had arrived", registry=registry
        )

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count an answer and its time; `route` is the route's path, `status` the answer's."""
        kind = (method, route, status // 100)
        timed = self._timed.get(kind)
        if timed is None:
            timed = self._timed[kind] = self.seconds.labels(method, route, f"{kind[2]}xx")
        timed.observe(seconds)
        if status >= 500:
            self.errors.labels(route).inc()


class JournalMetrics:
    """The journal and its relay."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.head = Gauge("nrem_journal_head_position", "Newest position in this service's journal", registry=registry)
        self.backlog = Gauge("nrem_relay_backlog", "Journal rows not yet sent to Kafka", registry=registry)
        self.lag = Gauge(
            "nrem_relay_lag_seconds", "How long Kafka has acknowledged nothing, where it should have", registry=registry
        )
        self.sent = Counter(
            "nrem_relay_sent_total", "Records sent to Kafka and acknowledged", ["topic"], registry=registry
        )
        self.failures = Counter(
            "nrem_relay_failures_total", "Times the relay had to start over (Kafka or database away)", registry=registry
        )
        self.active = Gauge(
            "nrem_relay_active", "1 where this process holds the relay's lock, 0 where it stands by", registry=registry
        )


class ProjectionMetrics:
    """What this service knows of the others' facts."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.applied = Counter("nrem_projection_applied_total", "Events applied", ["topic"], registry=registry)
        self.duplicates = Counter(
            "nrem_projection_duplicates_total", "Records that had been applied before and were passed over",
            ["topic"], registry=registry,
        )  # fmt: skip
        self.lag_events = Gauge(
            "nrem_projection_lag_events", "Records on the topic that are not applied yet", ["topic"], registry=registry
        )
        self.lag_seconds = Histogram(
            "nrem_projection_lag_seconds", "Time from sending a record to its being applied",
            ["topic"], registry=registry, buckets=LAG_BUCKETS,
        )  # fmt: skip
        self.freshness = Gauge(
            "nrem_projection_freshness_seconds", "Age of the newest moment up to which nothing is missing",
            ["topic"], registry=registry,
        )  # fmt: skip
        self.gaps = Gauge("nrem_projection_gaps", "Gaps found and not filled since", registry=registry)
        self.dead_letters = Gauge(
            "nrem_projection_dead_letters", "Records received, not understood and not resolved", registry=registry
        )
        self.retries = Counter(
            "nrem_projection_retries_total", "Batches tried again because the database was away", registry=registry
        )
        self.halted = Gauge("nrem_projection_halted", "1 where the consumer stopped and says why", registry=registry)
