"""The instant that a reader asks about."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from nrem_shared.runtime.known_on import NotAnInstant, known_on

NOW = datetime(2026, 10, 12, 9, tzinfo=UTC)  # noon in Riga


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        (None, NOW),
        ("", NOW),
        ("2026-10-12", NOW),
        ("2026-10-11", datetime(2026, 10, 11, 20, 59, 59, 999999, tzinfo=UTC)),
        ("2026-01-31", datetime(2026, 1, 31, 21, 59, 59, 999999, tzinfo=UTC)),
        ("2026-10-12T12:00:00+03:00", NOW),
        ("2026-10-12T12:00:00 03:00", NOW),
        ("2026-10-12T09:00Z", NOW),
        ("2026-10-12T08:59:59.5Z", datetime(2026, 10, 12, 8, 59, 59, 500000, tzinfo=UTC)),
    ],
)
def test_what_is_meant(asked: str | None, meant: datetime) -> None:
    assert known_on(asked, NOW) == meant


@pytest.mark.parametrize("asked", ["2026-10-13", "2026-10-12T12:00:01+03:00", "2099-12-31"])
def test_the_future_is_not_known(asked: str) -> None:
    with pytest.raises(NotAnInstant) as error:
        known_on(asked, NOW)
    assert error.value.code == "future_instant"


@pytest.mark.parametrize(
    "asked",
    [
        "2026-02-30",
        "2026-W01-1",
        "20260101",
        "now",
        "2026-10-12T12:00:00",
        "2026-10-12T25:00:00Z",
        "0001-01-01",
        "9999-12-31",
    ],
)
def test_anything_else_is_malformed(asked: str) -> None:
    with pytest.raises(NotAnInstant) as error:
        known_on(asked, NOW)
    assert error.value.code == "malformed_instant"
