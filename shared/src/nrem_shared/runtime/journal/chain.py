"""The hash chain: what is hashed, and how. Written and verified by the same functions."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

from pydantic_core import to_json

#: The hash before the first row; the migration seeds the head with the same value.
GENESIS = hashlib.sha256(b"nrem journal").digest()

ID_BYTES = 16
SALT_BYTES = 16


class Row(NamedTuple):
    """One row of the journal without its payload; `hash` is no part of what is hashed."""

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
    hash: bytes = b""


def payload_hash(salt: bytes, payload: str) -> bytes:
    """SHA-256 over salt and payload: without the salt nobody can test a guess against what was redacted."""
    return hashlib.sha256(salt + payload.encode()).digest()


def chained_hash(row: Row) -> bytes:
    """SHA-256 over the hash before and every field of the row, as canonical JSON (no spaces, microseconds in UTC)."""
    fields = [
        row.position,
        str(row.id),
        row.type,
        row.subject,
        row.revision,
        row.recorded_at.astimezone(UTC).isoformat(timespec="microseconds"),
        row.actor,
        row.correlation_id,
        row.causation_id,
        row.payload_hash.hex(),
        row.redacts,
    ]
    return hashlib.sha256(row.previous_hash + to_json(fields)).digest()
