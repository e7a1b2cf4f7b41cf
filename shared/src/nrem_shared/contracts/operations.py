"""Events about the platform itself: the demonstration clock, heartbeats of the relays, redactions of a journal."""

from __future__ import annotations

from datetime import datetime

from nrem_shared.contracts.base import Contract


class ClockAdvanced(Contract):
    """The demonstration clock moved forward to `now`. Stream `clock`."""

    now: datetime


class Mark(Contract):
    """The last journal position that a relay sent to one topic-partition; 0 = none yet."""

    topic: str
    partition: int
    position: int


class RelayHeartbeat(Contract):
    """At `sent_at` (real time) everything journalled had been sent up to these marks. Stream `heartbeat/<service>`."""

    service: str
    sent_at: datetime
    caught_up: bool
    marks: tuple[Mark, ...]


class PayloadRedacted(Contract):
    """Payload and salt at `position` of this journal were deleted, for the reason given; the chain still verifies."""

    position: int
    subject: str
    reason: str
