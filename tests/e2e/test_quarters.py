"""Every expected figure of the demonstration's quarters, imported one by one and all together, and after a rebuild."""

from __future__ import annotations

import re
from typing import Any

import pytest

pytestmark = pytest.mark.timeout(600)

QUARTERS = ("2026-Q1", "2026-Q2", "2026-Q3")
COMPARED = {"2026-Q1": 128, "2026-Q2": 152, "2026-Q3": 157}
KNOWN = {"2026-Q1": "2026-05-01T12:00", "2026-Q2": "2026-08-01T12:00", "2026-Q3": "2026-11-20T12:00"}


def path_of(period: str) -> str:
    return f"data/demo/submissions-{period}.yaml"


def assert_every_figure_is_right(platform: Any, *periods: str) -> None:
    checked = platform.nrem("check-quarter", *map(path_of, periods))
    assert checked.returncode == 0, checked.stdout + checked.stderr
    for period in periods:
        assert f"{period}: compared {COMPARED[period]} values, 0 differ" in checked.stdout


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


def test_quarters_together_and_after_a_rebuild(platform: Any) -> None:
    moved = platform.nrem("clock", "advance", "--to", "2026-11-21")
    assert moved.returncode == 0, moved.stdout + moved.stderr
    assert_every_figure_is_right(platform, *QUARTERS)

    for service in ("statistics", "plan-tracker"):
        rebuilt = platform.nrem("rebuild", service)
        assert rebuilt.returncode == 0, rebuilt.stdout + rebuilt.stderr
    assert_every_figure_is_right(platform, *QUARTERS)


def test_journals_verify_and_nothing_is_missing(platform: Any) -> None:
    verified = platform.nrem("verify-journal")
    assert verified.returncode == 0, verified.stdout
    heads = re.findall(r"(\d+) rows, head ([0-9a-f]{64})", verified.stdout)
    assert len(heads) == 4
    cut_off = platform.nrem("verify-journal", "--service", "intake", "--head", "0" * 63 + "1")
    assert cut_off.returncode == 1
    assert "is not in it" in cut_off.stdout
    status = platform.nrem("status")
    assert status.returncode == 0, status.stdout
