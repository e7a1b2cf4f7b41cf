"""Events about the platform itself: the demonstration clock, heartbeats of the relays, redactions of a journal."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import Field

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


class FactRedacted(Contract):
    """What an earlier fact of the same stream says without the texts that were redacted.

    Payload and salt at `position` of this journal were deleted; wherever a consumer kept what that fact said, `data`
    takes its place. `told`, `revision`, `recorded_at` are those of the fact as it was first told (`type`), so that
    nothing but the texts changes; `told` differs from `position` where it had been redacted before.
    """

    position: int
    told: int
    type: str
    revision: int
    recorded_at: datetime
    data: dict[str, Any]
    places: tuple[str, ...] = Field(description="JSON pointers into `data`: where texts stood")
    reason: str


class EvidenceRemoved(Contract):
    """The bytes of a file of evidence were deleted, for the reason given; reports go on naming their hash.

    `files` = how many files they were, of whichever members. Stream `evidence/<id>`.
    """

    period: str
    member: str
    sha256: str
    files: int
    reason: str


class TextLetPass(Contract):
    """The coordinator let a text pass that the guard of personal data refuses. The text itself is in no journal.

    `kinds` = what the guard took parts of it for; `characters` = its length. Stream `text-pass/<id>`.
    """

    period: str
    member: str
    kinds: tuple[str, ...]
    characters: int
    reason: str
