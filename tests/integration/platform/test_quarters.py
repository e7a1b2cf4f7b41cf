"""Every expected figure of the demonstration's quarters, all together and after a rebuild."""

from __future__ import annotations

import re
from typing import Any

import pytest

pytestmark = pytest.mark.timeout(600)

QUARTERS = ("2026-Q1", "2026-Q2", "2026-Q3")
COMPARED = {"2026-Q1": 128, "2026-Q2": 152, "2026-Q3": 157}


def path_of(period: str) -> str:
    return f"data/demo/submissions-{period}.yaml"


def assert_every_figure_is_right(platform: Any, *periods: str) -> None:
    checked = platform.nrem("check-quarter", *map(path_of, periods))
    assert checked.returncode == 0, checked.stdout + checked.stderr
    for period in periods:
        assert f"{period}: compared {COMPARED[period]} values, 0 differ" in checked.stdout


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
