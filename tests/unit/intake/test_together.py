"""How many submissions share a transaction."""

from __future__ import annotations

import pytest

from nrem_intake.submissions.together import MOST, share


def taken_in_turn(asking: int, first: int, turns: int) -> list[int]:
    """Sizes of transactions where `asking` ask again as soon as they are answered, and wait when the next begins."""
    taken, waiting, sizes = first, asking - first, []
    for _ in range(turns):
        size = share(waiting, taken)
        sizes.append(size)
        taken, waiting = size, asking - size
    return sizes


@pytest.mark.parametrize("first", [1, 5, 16, 31])
def test_those_that_ask_without_a_pause_end_in_two_halves(first: int) -> None:
    assert taken_in_turn(32, first, 8)[-2:] == [16, 16]


def test_two_take_turns_and_one_does_not_wait() -> None:
    assert taken_in_turn(2, 1, 3) == [1, 1, 1]
    assert share(1, 0) == 1


@pytest.mark.parametrize("waiting", range(1, 300))
def test_there_is_always_one_and_never_too_many(waiting: int) -> None:
    assert all(1 <= share(waiting, taken) <= MOST for taken in range(MOST + 1))


def test_many_that_come_at_once_are_soon_done() -> None:
    waiting, taken, sizes = 200, 0, []
    while waiting:
        taken = min(waiting, share(waiting, taken))
        waiting -= taken
        sizes.append(taken)
    assert sizes == [64, 64, 64, 8]
