"""Every submission of the demonstration is valid; every one of `refused.yaml` is refused with exactly its errors."""

from __future__ import annotations

from typing import Any

import pytest

from data_catalogue import QUARTERS, catalogue, load
from demonstration_submissions import before, submissions
from nrem_intake.submissions.domain.validation import Refused, Valid, validate

pytestmark = pytest.mark.unit

CASES = load("demo/refused.yaml")["cases"]


def check(document: dict[str, Any], period: str) -> Valid | Refused:
    member = document["member"]
    return validate(document, period=period, member=member, catalogue=catalogue(period), before=before(member, period))


@pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])
def test_a_refused_submission_has_exactly_its_errors(case: dict[str, Any]) -> None:
    result = check(case["submission"], case["submission"]["id"][:7])

    assert isinstance(result, Refused)
    assert [(e.pointer, e.code) for e in result.errors] == [(e["at"], e["code"]) for e in case["errors"]]


@pytest.mark.parametrize("period", QUARTERS)
def test_every_demonstration_submission_is_valid(period: str) -> None:
    results = {document["id"]: check(document, period) for document in submissions(period)}

    assert results
    assert {name: result for name, result in results.items() if isinstance(result, Refused)} == {}


@pytest.mark.parametrize("period", QUARTERS)
def test_the_content_of_a_valid_submission_is_what_was_sent(period: str) -> None:
    for document in submissions(period):
        result = check(document, period)
        assert isinstance(result, Valid)
        sent = document["observations"]
        assert [o.model_dump(exclude_unset=True) for o in result.content.observations] == sent


def test_every_case_has_a_personal_code_that_is_not_repeated() -> None:
    case = next(case for case in CASES if case["case"] == "personal_code")
    result = check(case["submission"], "2026-Q3")
    assert "329999" not in repr(result)
