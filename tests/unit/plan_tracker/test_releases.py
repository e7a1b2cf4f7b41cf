"""Which release a quarterly report shows, whatever order they came in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from nrem_plan_tracker.releases.domain import KnownRelease, figures_for
from nrem_shared.contracts.releases import FiguresReleased, ReleasedCompleteness

APPROVED = datetime(2026, 9, 2, 8, tzinfo=UTC)
BEFORE = APPROVED - timedelta(days=90)


def known(period: str, version: int, days: int) -> KnownRelease:
    """A release so many days after the approval."""
    at = APPROVED + timedelta(days=days)
    return KnownRelease(
        version,
        at,
        FiguresReleased(
            period=period,
            version=version,
            as_known_on=at,
            manifest={"vp": version},
            completeness=ReleasedCompleteness(expected=1, accepted=1),
            tables=(),
            small_cell_threshold=5,
            previous=version - 1 or None,
            journal_position=0,
            journal_head="",
        ),
    )


def test_the_newest_release_by_the_approval_is_shown() -> None:
    releases = [known("2026-Q2", 1, -20), known("2026-Q2", 2, 0), known("2026-Q2", 3, 5)]
    found = figures_for("2026-Q2", APPROVED, BEFORE, releases)
    assert found.shown == releases[1]
    assert (found.after_approval, found.newer) == (False, (releases[2],))


def test_else_the_first_one_after_it_so_that_a_report_stays_what_it_was() -> None:
    releases = [known("2026-Q2", 1, 3), known("2026-Q2", 2, 9)]
    found = figures_for("2026-Q2", APPROVED, BEFORE, releases)
    assert (found.shown, found.after_approval, found.newer) == (releases[0], True, (releases[1],))


def test_without_a_release_there_are_no_figures() -> None:
    found = figures_for("2026-Q2", APPROVED, None, [known("2026-Q1", 1, -90)])
    assert (found.shown, found.after_approval, found.newer, found.revised) == (None, False, (), ())


def test_earlier_quarters_revised_since_the_report_before_are_told_once() -> None:
    long_ago, since, later = known("2026-Q1", 2, -100), known("2026-Q1", 3, -50), known("2026-Q1", 4, 1)
    first_of_all = known("2025-Q4", 1, -50)
    releases = [later, first_of_all, since, long_ago]
    assert figures_for("2026-Q2", APPROVED, BEFORE, releases).revised == (since,)
    assert figures_for("2026-Q2", APPROVED, None, releases).revised == (long_ago, since)


@given(st.permutations([("2026-Q1", 1, -80), ("2026-Q1", 2, -9), ("2026-Q2", 1, -5), ("2026-Q2", 2, 4)]))
def test_the_order_of_arrival_makes_no_difference(order: list[tuple[str, int, int]]) -> None:
    in_order = [known(*one) for one in sorted(order)]
    anyhow = [known(*one) for one in order]
    assert figures_for("2026-Q2", APPROVED, BEFORE, anyhow) == figures_for("2026-Q2", APPROVED, BEFORE, in_order)
