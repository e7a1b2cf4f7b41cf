"""Which requests take the short way to submitting: those about which nothing has to be said, and no other."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.routing import APIRoute
from starlette.routing import Match

from nrem_intake.submissions import bulk
from nrem_intake.submissions.api import submit
from nrem_intake.submissions.direct import MANY, ONE, PATH, DirectRoute
from nrem_shared.runtime.idempotency import LONGEST_KEY

pytestmark = pytest.mark.unit

PLAIN = "/api/periods/2026-Q3/submissions/vp"


def asked(path: str = PLAIN, *, key: str = "", **more: Any) -> dict[str, Any]:
    headers = [(b"idempotency-key", key.encode())] if key else []
    return {"type": "http", "method": "POST", "path": path, "root_path": "", "headers": headers, **more}


@pytest.fixture
def route() -> DirectRoute:
    return DirectRoute(APIRoute(PATH, submit, methods=["POST"]), ONE)


@pytest.mark.parametrize(
    "scope",
    [
        asked(),
        asked(key="a" * LONGEST_KEY),
        asked("/intake" + PLAIN, root_path="/intake"),
        asked("/api/periods/2026-Q1/submissions/bench_07"),
    ],
)
def test_a_plain_request_comes_straight_to_the_documented_operation(route: DirectRoute, scope: dict[str, Any]) -> None:
    match, more = route.matches(scope)
    assert match is Match.FULL
    assert more["route"] is route.documented
    assert more["path_params"] == {"period": scope["path"].split("/")[-3], "member": scope["path"].split("/")[-1]}


@pytest.mark.parametrize(
    "scope",
    [
        asked(method="GET"),
        asked("/api/periods/2026-Q5/submissions/vp"),
        asked("/api/periods/2026-Q3/submissions/VP"),
        asked(PLAIN + "\n"),
        asked(PLAIN + "/corrections"),
        asked("/other" + PLAIN),
        asked(key="a" * (LONGEST_KEY + 1)),
    ],
)
def test_whatever_needs_an_explanation_takes_the_documented_way(route: DirectRoute, scope: dict[str, Any]) -> None:
    assert route.matches(scope) == (Match.NONE, {})


def test_only_http_is_answered(route: DirectRoute) -> None:
    assert route.matches({"type": "websocket", "path": PLAIN, "headers": []}) == (Match.NONE, {})


def test_many_in_one_request_take_it_too() -> None:
    route = DirectRoute(APIRoute(bulk.PATH, bulk.submit_many, methods=["POST"]), MANY)
    assert route.matches(asked(bulk.PATH)) == (Match.FULL, {"route": route.documented, "path_params": {}})
    for other in (asked(bulk.PATH, method="GET"), asked(bulk.PATH + "/"), asked(bulk.PATH, key="a" * 201), asked()):
        assert route.matches(other) == (Match.NONE, {})
