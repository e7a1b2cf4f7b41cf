"""What every service projects by itself: signing keys and revocations, the demonstration clock, heartbeats."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nrem_shared.contracts.members import AccessRevoked, SigningKeyPublished
from nrem_shared.contracts.operations import ClockAdvanced, RelayHeartbeat
from nrem_shared.runtime.projection import platform_store, store

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nrem_shared.runtime.database import Connection
    from nrem_shared.runtime.projection.events import Event


async def apply_access(conn: Connection, events: Sequence[Event]) -> None:
    """Signing keys and revocations, from `nrem.members`."""
    keys = {e.data.kid: e.data.jwk for e in events if isinstance(e.data, SigningKeyPublished)}
    revoked = [(e.data.kind, e.data.id, e.recorded_at) for e in events if isinstance(e.data, AccessRevoked)]
    if keys:
        await platform_store.save_signing_keys(conn, keys)
    if revoked:
        await platform_store.save_revocations(conn, revoked)


async def apply_clock(conn: Connection, events: Sequence[Event]) -> None:
    """The demonstration clock, from `nrem.clock`."""
    instants = [e.data.now for e in events if isinstance(e.data, ClockAdvanced)]
    if instants:
        await platform_store.save_clock(conn, max(instants))


async def apply_heartbeats(conn: Connection, events: Sequence[Event]) -> None:
    """The relays' marks: only the newest of each relay matters."""
    newest: dict[str, RelayHeartbeat] = {}
    for event in events:
        beat = event.data
        if isinstance(beat, RelayHeartbeat) and (
            beat.service not in newest or newest[beat.service].sent_at < beat.sent_at
        ):
            newest[beat.service] = beat
    for beat in newest.values():
        await store.save_heartbeats(conn, beat.service, beat.sent_at, beat.marks)
