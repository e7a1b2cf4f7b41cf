"""What is hashed never changes: an old head that was printed must be found by every later release."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest

from nrem_shared.runtime.journal.chain import GENESIS, Row, chained_hash, payload_hash

FIELDS: dict[str, Any] = {
    "position": 7,
    "id": UUID("00000000-0000-4000-8000-000000000007"),
    "type": "nrem.submission.accepted.v1",
    "subject": "submission/2026-Q1/vp",
    "revision": 3,
    "recorded_at": datetime(2026, 4, 20, 7, 0, 0, 123000, tzinfo=UTC),
    "actor": "session:coordinator",
    "correlation_id": "case-17",
    "causation_id": None,
    "payload_hash": payload_hash(b"salt", "{}"),
    "redacts": None,
    "previous_hash": GENESIS,
}


def hashed(**changed: Any) -> bytes:
    """The hash of a row, some of whose fields are others."""
    return chained_hash(Row(**{**FIELDS, **changed}))


def test_hashes_are_those_of_the_first_release() -> None:
    assert GENESIS.hex() == "bd9ae9b98e15966afb57ece8c0841726bf715914b4cc365439cbdf990f796194"
    assert FIELDS["payload_hash"].hex() == "d7c765b399c3a6991ef0b6d49d47662966e2f7acc387535a84b65b7d8704d579"
    assert hashed().hex() == "c239bfd19fe5fd9852a22970c5048b0b00d0675aaa040ea48f7354a70afb159a"


def test_the_same_instant_in_another_zone_is_the_same() -> None:
    riga = FIELDS["recorded_at"].astimezone(timezone(timedelta(hours=3)))
    assert hashed(recorded_at=riga) == hashed()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("position", 8),
        ("id", UUID("00000000-0000-4000-8000-000000000008")),
        ("type", "nrem.submission.returned.v1"),
        ("subject", "submission/2026-Q1/iem"),
        ("revision", 4),
        ("recorded_at", datetime(2026, 4, 20, 7, 0, 0, 123001, tzinfo=UTC)),
        ("actor", "somebody"),
        ("correlation_id", "case-18"),
        ("causation_id", ""),
        ("payload_hash", payload_hash(b"salt", "{ }")),
        ("redacts", 1),
    ],
)
def test_every_field_counts(field: str, value: object) -> None:
    assert hashed(**{field: value}) != hashed()


def test_what_stands_before_counts_and_so_does_the_salt() -> None:
    assert hashed(previous_hash=b"\x00" * 32) != hashed()
    assert payload_hash(b"salt", "{}") != payload_hash(b"tlas", "{}")


def test_texts_of_any_script_are_hashed_as_python_writes_them() -> None:
    """The first releases wrote the row as canonical JSON with Python's own encoder."""
    texts = ["ā\u0301ž", '"\\/', "\x01\b\t\n\f\r\x1f\x7f\x80\u2028", "\U0001f600"]
    for text in texts:
        row = Row(**{**FIELDS, "actor": text})
        fields = [
            7, str(row.id), row.type, row.subject, 3, "2026-04-20T07:00:00.123000+00:00", text, "case-17", None,
            row.payload_hash.hex(), None,
        ]  # fmt: skip
        written = json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()
        assert chained_hash(row) == hashlib.sha256(GENESIS + written).digest()
