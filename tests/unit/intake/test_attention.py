"""What in the coordinator's queue needs attention, and in which order."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from nrem_intake.reviewing.domain.attention import Filter, Standing, State, counts, line_of, queue

pytestmark = pytest.mark.unit

TODAY = date(2026, 4, 20)
OWED = Standing("2026-Q1", "vp", date(2026, 4, 15), date(2026, 3, 31))


def at(day: int, hour: int = 9) -> datetime:
    return datetime(2026, 4, day, hour, tzinfo=UTC)


def pending(member: str, day: int, revision: int = 1, seen: int | None = None) -> Standing:
    return replace(
        OWED,
        member=member,
        revision=revision,
        version=1,
        state="submitted",
        pending_version=1,
        changed_at=at(day),
        seen_revision=seen,
    )


@pytest.mark.parametrize(
    ("standing", "state", "overdue"),
    [
        (pending("vp", 14), "new", 0),
        (pending("vp", 14, revision=1, seen=1), "waiting", 0),
        (pending("vp", 14, revision=3, seen=2), "changed", 0),
        (OWED, "missing", 5),
        (replace(OWED, due=date(2026, 4, 20)), "due", 0),
        (replace(OWED, due=date(2026, 7, 15), ends=date(2026, 6, 30)), "not_due", 0),
        (replace(OWED, state="withdrawn", revision=2), "missing", 5),
        (replace(OWED, state="returned", revision=2), "returned", 5),
        (replace(OWED, state="returned", revision=2, due=date(2026, 4, 27)), "returned", 0),
        (replace(OWED, state="accepted", revision=2, accepted_version=1), "accepted", 0),
        (replace(OWED, state="withdrawn", revision=4, accepted_version=1), "accepted", 0),
    ],
)
def test_how_a_report_stands(standing: Standing, state: State, overdue: int) -> None:
    line = line_of(standing, TODAY)
    assert (line.state, line.overdue) == (state, overdue)


def test_what_waits_the_longest_comes_first_then_who_asks_then_what_is_missing_the_longest() -> None:
    asks = replace(OWED, member="lm", due=date(2026, 7, 15), ends=date(2026, 6, 30), asked_until=date(2026, 7, 30))
    settled = replace(OWED, member="ta", state="accepted", accepted_version=1, revision=2)
    lines = queue(
        [
            replace(OWED, member="km"),
            settled,
            asks,
            pending("vp", 16),
            replace(OWED, member="tm", due=date(2026, 4, 2)),
            pending("sif", 14, revision=1, seen=1),
        ],
        TODAY,
        "attention",
    )
    assert [line.standing.member for line in lines] == ["sif", "vp", "lm", "tm", "km"]


def test_what_is_missing_from_a_closed_quarter_needs_no_attention_but_can_be_looked_up() -> None:
    closed = replace(OWED, closed=True)
    assert queue([closed], TODAY, "attention") == ()
    assert len(queue([closed], TODAY, "missing")) == 1


def test_an_answer_that_was_read_asks_for_nothing() -> None:
    accepted = replace(OWED, state="accepted", accepted_version=1, revision=2, remarks=2, last_side="member")
    assert len(queue([accepted], TODAY, "attention")) == 1
    assert queue([replace(accepted, seen_remarks=2)], TODAY, "attention") == ()
    assert queue([replace(accepted, last_side="coordinator")], TODAY, "attention") == ()


def test_every_filter_is_counted_as_it_shows() -> None:
    standings = [pending("vp", 14), replace(OWED, member="km"), replace(pending("lm", 15), late=True)]
    found = counts(standings, TODAY)
    wanted: tuple[Filter, ...] = ("attention", "new", "late", "missing", "all")
    assert {name: found[name] for name in wanted} == {"attention": 3, "new": 2, "late": 1, "missing": 1, "all": 3}
    for name, number in found.items():
        assert len(queue(standings, TODAY, name)) == number
