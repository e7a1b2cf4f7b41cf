"""The one table of topics: partitions, retention and compaction. `migrate` creates them, never the broker."""

from __future__ import annotations

from dataclasses import dataclass

HOUR = 3_600_000
DAY = 24 * HOUR


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic and how it is kept. `retention_ms` −1 = for ever.

    On a compacted topic records disappear by design, so positions there have gaps that mean nothing.
    """

    name: str
    partitions: int = 1
    compacted: bool = False
    retention_ms: int = -1

    @property
    def configuration(self) -> dict[str, str]:
        """Topic settings in Kafka's own words."""
        if self.compacted:
            # Erasure must be real within a day: segments close and tombstones go within hours.
            return {
                "cleanup.policy": "compact",
                "segment.ms": str(6 * HOUR),
                "max.compaction.lag.ms": str(12 * HOUR),
                "delete.retention.ms": str(6 * HOUR),
                "min.cleanable.dirty.ratio": "0.01",
            }
        return {"cleanup.policy": "delete", "retention.ms": str(self.retention_ms)}


MEMBERS = "nrem.members"
CONTACTS = "nrem.contacts"
PERIODS = "nrem.periods"
REFERENCE = "nrem.reference"
SUBMISSIONS = "nrem.submissions"
PLANS = "nrem.plans"
MEETINGS = "nrem.meetings"
RELEASES = "nrem.releases"
REMINDERS = "nrem.reminders"
CLOCK = "nrem.clock"
HEARTBEATS = "nrem.heartbeats"

TOPICS: dict[str, Topic] = {
    topic.name: topic
    for topic in (
        Topic(MEMBERS),
        Topic(CONTACTS, compacted=True),
        Topic(PERIODS),
        Topic(REFERENCE),
        Topic(SUBMISSIONS),
        Topic(PLANS),
        Topic(MEETINGS),
        Topic(RELEASES),
        Topic(REMINDERS),
        Topic(CLOCK),
        Topic(HEARTBEATS, retention_ms=HOUR),
    )
}
