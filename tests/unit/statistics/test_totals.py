"""Figures are added up without mixing numbers and empties."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from nrem_statistics.quarters.totals import Figure, Part, add, add_by, deduct

NUMBERS = st.integers(0, 10**6)
PARTS = st.lists(
    st.one_of(
        NUMBERS.map(Part), st.just(Part(None, "unknown")), st.just(Part(None, "not_applicable")), st.just(Part(None))
    )
)


@given(parts=PARTS, not_reported=st.integers(0, 17))
def test_a_total_adds_numbers_only_and_says_what_it_leaves_out(parts: list[Part], not_reported: int) -> None:
    figure = add(parts, not_reported)
    numbers = [part.value for part in parts if part.value is not None]
    assert figure.value == (sum(numbers) if numbers else None)
    assert figure.unknown + figure.not_applicable == len(parts) - len(numbers)
    assert figure.incomplete == (figure.unknown > 0 or not_reported > 0)


@given(parts=PARTS)
def test_a_breakdown_adds_up_to_its_total(parts: list[Part]) -> None:
    total = add(parts)
    by = add_by(parts, lambda part: "even" if (part.value or 0) % 2 == 0 else "odd")
    known = [figure.value for figure in by.values() if figure.value is not None]
    assert (sum(known) if known else None) == total.value
    assert sum(figure.unknown for figure in by.values()) == total.unknown


def test_zero_is_a_number_and_nothing_is_not() -> None:
    assert add([Part(0)]).value == 0
    assert add([]).value is None
    assert add([Part(None, "unknown")]).value is None


def test_not_applicable_leaves_nothing_out() -> None:
    assert add([Part(3), Part(None, "not_applicable")]) == Figure(value=3, incomplete=False, not_applicable=1)


def test_an_overlap_that_nobody_reported_is_not_zero() -> None:
    assert deduct(add([Part(9)]), add([])) == Figure(value=None, incomplete=True)
    assert deduct(add([Part(9)]), add([Part(0)])) == Figure(value=9, incomplete=False)


def test_more_overlap_than_registrations_is_no_figure() -> None:
    assert deduct(add([Part(1)]), add([Part(2)])) == Figure(value=None, incomplete=True)
