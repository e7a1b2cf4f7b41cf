"""The notifier's own metrics; their meaning is in its README too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prometheus_client import Counter, Gauge, Histogram

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry

#: Seconds: from at once to a long week-end.
DELAYS = (0.1, 0.5, 1, 5, 15, 60, 300, 900, 3600, 4 * 3600, 12 * 3600, 86_400, 3 * 86_400)


class NotifierMetrics:
    """What was told, how late, and what could not be."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.delay = Histogram(
            "nrem_notifier_delay_seconds",
            "Time from the planned moment of a mail to its acceptance by the server, by kind of mail",
            ["kind"],
            registry=registry,
            buckets=DELAYS,
        )
        self.mails = Counter(
            "nrem_notifier_mails_total",
            "Mails by what became of them: sent, failed (refused for good), withheld (not on the allow-list), "
            "superseded (never left; a later mail says what is due now)",
            ["outcome"],
            registry=registry,
        )
        self.failures = Counter(
            "nrem_notifier_failures_total",
            "Tries that did not succeed, by cause (unreachable, timeout, refused_for_now, refused, "
            "connection_lost, authentication)",
            ["cause"],
            registry=registry,
        )
        self.backlog = Gauge("nrem_notifier_backlog", "Mails made and not yet taken by the server", registry=registry)
        self.held = Gauge(
            "nrem_notifier_held", "Steps that would be taken now if nothing held them back", registry=registry
        )
        self.holding = Gauge(
            "nrem_notifier_holding",
            "1 while nothing is decided: paused, what is known is not fresh, or no policies",
            registry=registry,
        )
        self.without_address = Gauge(
            "nrem_notifier_without_address",
            "Recipients of steps due now that nobody can be written to for, not even the coordinator",
            registry=registry,
        )
        self.to_coordinator = Gauge(
            "nrem_notifier_to_coordinator",
            "Roles that owe something and have no address: their mail goes to the coordinator",
            registry=registry,
        )
