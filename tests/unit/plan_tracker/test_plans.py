"""A plan is refused with everything wrong with it."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from data_catalogue import institutions, load, plan
from nrem_plan_tracker.plans.domain import Known, check_plan
from nrem_shared.contracts.plans import PlanAdopted

CODES = frozenset(one.code for one in institutions())
DEADLINES = frozenset(one["code"] for one in load("deadlines.yaml")["deadlines"])


def closed() -> PlanAdopted:
    return PlanAdopted.model_validate(load("plans/2021-2023.yaml")["plan"])


def known(**others: Any) -> Known:
    return Known(CODES, DEADLINES, **others)


def changed(change: Any) -> PlanAdopted:
    document = copy.deepcopy(plan().model_dump(mode="json"))
    change(document)
    return PlanAdopted.model_validate(document)


def result(document: dict[str, Any], direction: int = 0, measure: int = 0, place: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = document["directions"][direction]["measures"][measure]["results"][place]
    return found


def found(given_plan: PlanAdopted, beside: Known | None = None) -> set[tuple[str, str]]:
    return {(one.pointer, one.code) for one in check_plan(given_plan, beside or known())}


def test_both_plans_are_adopted_the_later_one_first() -> None:
    assert found(plan()) == set()
    assert found(closed(), known(plans={"2025-2027": plan()})) == set()


def test_a_plan_that_continues_in_one_nobody_knows() -> None:
    refused = found(closed())
    assert {code for _, code in refused} == {"dangling_reference"}
    assert ("/directions/0/measures/0/results/0/continues_in/0", "dangling_reference") in refused


def test_everything_wrong_is_named_at_once() -> None:
    def spoil(document: dict[str, Any]) -> None:
        result(document)["responsible"] = ["nobody"]
        result(document)["indicators"][0]["co_responsible"] = ["noone"]
        result(document, 0, 1)["same_duty_as"] = "99.9"
        result(document, 0, 1, 1)["continues_in"] = ["8.8"]
        document["directions"][1]["code"] = "D1"
        document["valid_to"] = "2020-01-01"
        document["totals"]["results"] = 24
        document["owner"] = "ghost"

    at = "/directions/0/measures"
    assert found(changed(spoil)) == {
        (f"{at}/0/results/0/responsible/0", "unknown_institution"),
        (f"{at}/0/results/0/indicators/0/co_responsible/0", "unknown_institution"),
        (f"{at}/1/results/0/same_duty_as", "dangling_reference"),
        (f"{at}/1/results/1/continues_in/0", "dangling_reference"),
        ("/directions/1/code", "stands_twice"),
        ("/valid_to", "before_start"),
        ("/totals/results", "total_differs"),
        ("/owner", "unknown_institution"),
    }


def test_circles() -> None:
    def round_duties(document: dict[str, Any]) -> None:
        result(document)["same_duty_as"] = "2.2"
        result(document, 0, 1, 1)["same_duty_as"] = "1.1"

    assert {code for _, code in found(changed(round_duties))} == {"circular_reference"}

    def itself(document: dict[str, Any]) -> None:
        result(document)["continues_in"] = ["1.1"]

    assert {code for _, code in found(changed(itself))} == {"circular_reference"}

    def back(document: dict[str, Any]) -> None:
        result(document, 0, 1, 1)["continues_in"] = ["I-01"]

    assert {code for _, code in found(changed(back), known(plans={"2021-2023": closed()}))} == {"circular_reference"}


def test_a_result_with_a_verdict_stays() -> None:
    def without(document: dict[str, Any]) -> None:
        document["directions"][0]["measures"][0]["results"] = []
        document["totals"] = {}

    beside = known(plans={"2025-2027": plan()}, judged={"1.1"})
    assert found(changed(without), beside) == {("/directions", "result_in_use")}


@given(st.lists(st.sampled_from([one.code for one in plan().results]), min_size=2, max_size=6, unique=True))
def test_any_ring_of_same_duties_is_refused_and_any_chain_is_not(codes: list[str]) -> None:
    def ring(document: dict[str, Any], closed_ring: bool) -> None:
        links = dict(zip(codes, codes[1:] + codes[:1], strict=True))
        if not closed_ring:
            links.pop(codes[-1])
        for direction in document["directions"]:
            for measure in direction["measures"]:
                for one in measure["results"]:
                    one["same_duty_as"] = links.get(one["code"])

    refused = found(changed(lambda document: ring(document, True)))
    assert len(refused) == len(codes)
    assert {code for _, code in refused} == {"circular_reference"}
    assert found(changed(lambda document: ring(document, False))) == set()
