"""Every figure that the demonstration files expect, from a replay of their submissions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from data_catalogue import QUARTERS
from unit.statistics import expected
from unit.statistics.demonstration import compiled, submissions_file


def first_block(period: str) -> dict[str, Any]:
    block: dict[str, Any] = submissions_file(period)["expected"]["as_first_accepted"]
    return block


REVISED = [
    (corrected, file["expected"]["revised"]["known_on"], file["expected"]["revised"]["victims"][corrected])
    for file in map(submissions_file, QUARTERS)
    for corrected in file["expected"]["revised"]["victims"]
]


@pytest.mark.parametrize("period", QUARTERS)
def test_every_leaf_as_first_accepted(period: str) -> None:
    block = first_block(period)
    answer = compiled(period, block["known_on"]).model_dump(mode="json")
    assert datetime.fromisoformat(answer["known_on"]) == datetime.fromisoformat(block["known_on"])
    assert expected.first_accepted(answer) == {name: leaf for name, leaf in block.items() if name != "known_on"}


def test_there_are_revised_quarters() -> None:
    assert [(period, known_on[:10]) for period, known_on, _ in REVISED] == [
        ("2026-Q1", "2026-08-01"),
        ("2026-Q1", "2026-11-20"),
    ]


@pytest.mark.parametrize(("period", "known_on", "victims"), REVISED)
def test_every_leaf_revised(period: str, known_on: str, victims: dict[str, Any]) -> None:
    assert expected.victims(compiled(period, known_on).model_dump(mode="json")) == victims


def test_revisions_are_told_with_old_new_and_reason() -> None:
    quarter = compiled("2026-Q1", "2026-11-20T12:00:00+02:00")
    told = [(one.member, one.old and one.old.value, one.new and one.new.value) for one in quarter.revised_figures]
    assert told == [("marta", 2, 1), ("vp", 2, 3)]
    assert all(one.reason and one.reason.en for one in quarter.revised_figures)


def test_nothing_is_revised_before_the_correction_is_accepted() -> None:
    assert compiled("2026-Q1", "2026-07-13T09:04:59+03:00").revised_figures == ()
    assert len(compiled("2026-Q1", "2026-07-13T09:05:00+03:00").revised_figures) == 1
