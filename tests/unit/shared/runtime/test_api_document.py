"""The OpenAPI document says of every operation who may use it and every problem that it may answer."""

from __future__ import annotations

from typing import Any

import pytest

from nrem_embedded.platform.composition import BLUEPRINTS
from nrem_shared.runtime.service import Service


@pytest.fixture(params=BLUEPRINTS)
def document(request: pytest.FixtureRequest) -> dict[str, Any]:
    blueprint, settings_type = BLUEPRINTS[request.param]
    own = {"key_pepper": "p" * 32, "signing_key_file": "none.pem"} if request.param == "intake" else {}
    servers = {"database_url": "postgresql://nobody@nrem.test/none", "kafka_bootstrap": "nrem.test:9092"}
    return Service(blueprint, settings_type(**servers, **own)).api.openapi()


def operations(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        f"{method.upper()} {path}": operation
        for path, item in document["paths"].items()
        for method, operation in item.items()
    }


def test_what_needs_a_role_names_it_and_both_refusals(document: dict[str, Any]) -> None:
    for name, operation in operations(document).items():
        if operation["security"]:
            assert operation["x-roles"], name
            assert {"401", "403"} <= operation["responses"].keys(), name


def test_every_problem_is_said_once_and_is_a_problem_document(document: dict[str, Any]) -> None:
    for name, operation in operations(document).items():
        for status, answer in operation["responses"].items():
            if "$ref" in answer:
                said = document["components"]["responses"][answer["$ref"].rpartition("/")[2]]
                assert list(said["content"]) == ["application/problem+json"], name
                assert answer["$ref"].endswith(status), name


def test_every_answer_names_the_correlation_id(document: dict[str, Any]) -> None:
    shared = document["components"]["responses"]
    for name, operation in operations(document).items():
        for answer in operation["responses"].values():
            whole = shared[answer["$ref"].rpartition("/")[2]] if "$ref" in answer else answer
            assert "X-Correlation-ID" in whole["headers"], name
