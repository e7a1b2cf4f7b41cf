"""`nrem check-quarter` compares every expected figure, and says so where it cannot."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from nrem_embedded.checking.comparison import compare, count, same
from nrem_embedded.checking.mapping import FIRST_ACCEPTED, PLAN_TRACKER, VICTIMS, answered_path, leaves
from unit.statistics.demonstration import QUARTERS, compiled, submissions_file


def first_block(period: str) -> dict[str, Any]:
    block: dict[str, Any] = submissions_file(period)["expected"]["as_first_accepted"]
    return block


def answer_for(period: str) -> dict[str, Any]:
    return compiled(period, first_block(period)["known_on"]).model_dump(mode="json")


@pytest.mark.parametrize("period", QUARTERS)
def test_every_leaf_of_the_demonstration_has_a_place_in_the_answer(period: str) -> None:
    unknown = [leaf.name for leaf in leaves(first_block(period)) if answered_path(FIRST_ACCEPTED, leaf.path) is None]
    assert unknown == []


@pytest.mark.parametrize("period", QUARTERS)
def test_a_right_answer_has_no_difference_and_every_leaf_is_counted(period: str) -> None:
    block = first_block(period)
    result = compare(block, answer_for(period), FIRST_ACCEPTED)
    assert result.differences == []
    assert result.compared == count(block) > 80


@pytest.mark.parametrize("period", QUARTERS)
def test_revised_victims_have_a_place_too(period: str) -> None:
    revised = submissions_file(period)["expected"]["revised"]
    for corrected, victims in revised["victims"].items():
        answer = compiled(corrected, revised["known_on"]).model_dump(mode="json")
        result = compare({"victims": victims}, answer, VICTIMS)
        assert (result.differences, result.compared) == ([], count(victims))


def test_each_single_wrong_leaf_is_found() -> None:
    block, answer = first_block("2026-Q1"), answer_for("2026-Q1")
    for leaf in leaves(block):
        if leaf.path[0] == "cells_route_form":
            continue  # rows of a list: the next test
        wrong = copy.deepcopy(block)
        inner = wrong
        for part in leaf.path[:-1]:
            inner = inner[part]
        inner[leaf.path[-1]] = "2001-01-01T00:00:00Z" if leaf.path == ("known_on",) else ["other"]
        assert [each.path for each in compare(wrong, answer, FIRST_ACCEPTED).differences] == [leaf.name]


def test_a_wrong_cell_is_found() -> None:
    block = copy.deepcopy(first_block("2026-Q1"))
    cell = block["cells_route_form"][0]
    cell["value"] += 1
    name = f"cells_route_form.{cell['registering_route']}/{cell['form_of_exploitation']}.value"
    assert [each.path for each in compare(block, answer_for("2026-Q1"), FIRST_ACCEPTED).differences] == [name]


def test_a_leaf_that_nobody_knows_is_reported() -> None:
    block = {**first_block("2026-Q1"), "unheard_of": 3, "victims": {"by_shoe_size": {"XL": 1}}}
    differences = compare(block, answer_for("2026-Q1"), FIRST_ACCEPTED).differences
    assert {each.path for each in differences} == {"unheard_of", "victims.by_shoe_size.XL"}
    assert all("no such figure" in each.what for each in differences)


def test_a_code_that_only_the_answer_has_is_reported() -> None:
    block = copy.deepcopy(first_block("2026-Q1"))
    del block["victims"]["by_sex"]["F"]
    del block["cells_route_form"][0]
    differences = compare(block, answer_for("2026-Q1"), FIRST_ACCEPTED).differences
    assert [each.what for each in differences] == ["not expected, the answer has it"] * 2
    assert differences[0].path == "victims.by_sex.F"


def test_a_figure_that_the_answer_lacks_is_reported() -> None:
    answer = answer_for("2026-Q1")
    del answer["victims"]["by_sex"]["F"]
    differences = compare(first_block("2026-Q1"), answer, FIRST_ACCEPTED).differences
    assert [each.path for each in differences] == ["victims.by_sex.F"]


@pytest.mark.parametrize(
    ("expected", "found", "alike"),
    [
        (4980.75, "4980.75", True),
        (0, None, False),
        (None, None, True),
        (0, False, False),
        (1, True, False),
        (["a", "b"], ["b", "a"], True),
        ([], ["a"], False),
        ("2026-05-01T12:00:00+03:00", "2026-05-01T09:00:00Z", True),
        ("2026-05-01T12:00:00+03:00", "2026-05-01T12:00:00Z", False),
    ],
)
def test_what_counts_as_the_same(expected: Any, found: Any, alike: bool) -> None:
    assert same(expected, found) is alike


def test_what_members_say_of_the_plan_is_compared_to_the_last_code() -> None:
    block: dict[str, Any] = submissions_file("2026-Q3")["expected"]["plan_tracker"]
    assert compare(block, block, PLAN_TRACKER).differences == []
    assert compare(block, block, PLAN_TRACKER).compared == count(block)

    answer = copy.deepcopy(block)
    answer["self_assessments"]["12.1"]["marta"] = "completed"
    answer["self_assessments"]["7.4"] = {"lm": "in_progress"}
    answer["unreported_results"] = answer["unreported_results"][:-1]
    found = {difference.path for difference in compare(block, answer, PLAN_TRACKER).differences}
    assert found == {"self_assessments.12.1.marta", "self_assessments.7.4", "unreported_results"}
