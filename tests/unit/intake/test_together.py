"""How many submissions are written together."""

from __future__ import annotations

from collections import deque

import pytest

from nrem_intake.submissions.together import GROUPS, MOST, share


def taken_in_turn(asking: int, turns: int) -> list[int]:
    """Sizes of groups where `asking` ask again while the next group is decided, the first of them all at once."""
    waiting, answered, sizes = asking, 0, []
    under_way: deque[int] = deque()
    for _ in range(turns):
        while waiting and len(under_way) < GROUPS:
            under_way.append(min(waiting, share(waiting, sum(under_way), answered)))
            waiting -= under_way[-1]
        waiting += answered  # of the group before
        answered = under_way.popleft()
        sizes.append(answered)
    return sizes


@pytest.mark.parametrize("asking", [32, 33, 48, 100])
def test_those_that_ask_without_a_pause_end_in_equal_parts(asking: int) -> None:
    sizes = taken_in_turn(asking, 60)[-6:]
    assert max(sizes) - min(sizes) <= 2
    assert sum(sizes) / len(sizes) == pytest.approx(asking / (GROUPS + 1), rel=0.1)


def test_one_does_not_wait_for_others() -> None:
    assert share(1, 0, 0) == 1
    assert taken_in_turn(1, 1) == [1]


@pytest.mark.parametrize("waiting", range(1, 300))
def test_there_is_always_one_and_never_too_many(waiting: int) -> None:
    sizes = [share(waiting, under_way, done) for under_way in range(2 * MOST + 1) for done in (0, 1, MOST)]
    assert all(1 <= size <= MOST for size in sizes)


def test_many_that_come_at_once_are_soon_done() -> None:
    waiting, sizes = 300, []
    while waiting:
        sizes.append(min(waiting, share(waiting, sizes[-1] if sizes else 0, sizes[-2] if len(sizes) > 1 else 0)))
        waiting -= sizes[-1]
    assert len(sizes) <= 8
