"""The hash chain: what is hashed, and how. Written and verified by the same functions."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

#: The hash before the first row; the migration seeds the head with the same value.
GENESIS = hashlib.sha256(b"nrem journal").digest()

SALT_BYTES = 16

_canonical = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class Row(NamedTuple):
    """One row of the journal without its payload."""

    position: int
    id: UUID
    type: str
    subject: str
    revision: int
    recorded_at: datetime
    actor: str
    correlation_id: str
    causation_id: str | None
    payload_hash: bytes
    redacts: int | None
    previous_hash: bytes
    hash: bytes


def payload_hash(salt: bytes, payload: str) -> bytes:
    """SHA-256 over salt and payload: without the salt nobody can test a guess against what was redacted."""
    return hashlib.sha256(salt + payload.encode()).digest()


def chained_hash(
    previous: bytes,
    *,
    position: int,
    id: UUID,
    type: str,
    subject: str,
    revision: int,
    recorded_at: datetime,
    actor: str,
    correlation_id: str,
    causation_id: str | None,
    payload_hash: bytes,
    redacts: int | None,
) -> bytes:
    """SHA-256 over the hash before and every field of the row, as canonical JSON (no spaces, microseconds in UTC)."""
    fields = [
        position,
        str(id),
        type,
        subject,
        revision,
        recorded_at.astimezone(UTC).isoformat(timespec="microseconds"),
        actor,
        correlation_id,
        causation_id,
        payload_hash.hex(),
        redacts,
    ]
    return hashlib.sha256(previous + _canonical(fields).encode()).digest()


def expected_hash(row: Row) -> bytes:
    """What the row's hash must be, given the one it names as the one before."""
    return chained_hash(
        row.previous_hash,
        position=row.position,
        id=row.id,
        type=row.type,
        subject=row.subject,
        revision=row.revision,
        recorded_at=row.recorded_at,
        actor=row.actor,
        correlation_id=row.correlation_id,
        causation_id=row.causation_id,
        payload_hash=row.payload_hash,
        redacts=row.redacts,
    )
