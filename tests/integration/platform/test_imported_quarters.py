"""The demonstration's quarters imported one by one: every expected figure after each."""

from __future__ import annotations

import re
from typing import Any

import pytest

from integration.platform.test_quarters import QUARTERS, assert_every_figure_is_right, path_of

pytestmark = pytest.mark.timeout(600)

KNOWN = {"2026-Q1": "2026-05-01T12:00", "2026-Q2": "2026-08-01T12:00", "2026-Q3": "2026-11-20T12:00"}


def test_quarters_imported_one_by_one(empty_platform: Any) -> None:
    too_early = empty_platform.nrem("import-quarter", path_of("2026-Q2"))
    assert too_early.returncode == 2
    assert re.search(r"submissions-2026-Q2\.yaml:\d+: this needs 2026-Q1, which has not been", too_early.stderr)

    for number, period in enumerate(QUARTERS):
        imported = empty_platform.nrem("import-quarter", path_of(period))
        assert imported.returncode == 0, imported.stdout + imported.stderr
        assert " 0 passed over" in imported.stdout
        not_yet = empty_platform.nrem("check-quarter", path_of(period))
        assert not_yet.returncode == 1
        assert "the clock has only reached" in not_yet.stdout
        moved = empty_platform.nrem("clock", "advance", "--to", KNOWN[period])
        assert moved.returncode == 0, moved.stdout + moved.stderr
        assert_every_figure_is_right(empty_platform, *QUARTERS[: number + 1])

    again = empty_platform.nrem("import-quarter", path_of("2026-Q3"))
    assert again.returncode == 2
    assert "and the clock stands at 2026-11-20 12:00 already" in again.stderr
