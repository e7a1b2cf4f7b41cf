"""What is hashed never changes: an old head that was printed must be found by every later release."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest

from nrem_shared.runtime.journal.chain import GENESIS, chained_hash, payload_hash

FIELDS = {
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
}


def test_hashes_are_those_of_the_first_release() -> None:
    assert GENESIS.hex() == "bd9ae9b98e15966afb57ece8c0841726bf715914b4cc365439cbdf990f796194"
    assert FIELDS["payload_hash"].hex() == "d7c765b399c3a6991ef0b6d49d47662966e2f7acc387535a84b65b7d8704d579"
    assert chained_hash(GENESIS, **FIELDS).hex() == "c239bfd19fe5fd9852a22970c5048b0b00d0675aaa040ea48f7354a70afb159a"


def test_the_same_instant_in_another_zone_is_the_same() -> None:
    riga = FIELDS["recorded_at"].astimezone(timezone(timedelta(hours=3)))
    assert chained_hash(GENESIS, **{**FIELDS, "recorded_at": riga}) == chained_hash(GENESIS, **FIELDS)


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
    assert chained_hash(GENESIS, **{**FIELDS, field: value}) != chained_hash(GENESIS, **FIELDS)


def test_what_stands_before_counts_and_so_does_the_salt() -> None:
    assert chained_hash(b"\x00" * 32, **FIELDS) != chained_hash(GENESIS, **FIELDS)
    assert payload_hash(b"salt", "{}") != payload_hash(b"tlas", "{}")
