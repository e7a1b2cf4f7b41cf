"""Addresses that were written down, as words; every route that is noted has them."""

from __future__ import annotations

import re

import pytest

from nrem_intake.access_log.domain import EXPORTS, OF_MANY, OF_ONE, Place, manner_of, place_of
from nrem_intake.authorisation import RULES

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("about", "place"),
    [
        ("/periods/2026-Q1/submissions/vp?lang=lv", Place("submission", "vp", "2026-Q1")),
        ("/api/periods/2026-Q1/submissions/vp/versions/2", Place("submission", "vp", "2026-Q1")),
        ("/periods/2026-Q1/submissions/vp/versions/2/review?lang=lv", Place("review", "vp", "2026-Q1")),
        ("/periods/2026-Q1/submissions/vp/report/sections/observations", Place("form", "vp", "2026-Q1")),
        ("/api/periods/2026-Q1/evidence/vp", Place("evidence", "vp", "2026-Q1")),
        ("/queue?period=2026-Q2&lang=en", Place("queue", None, "2026-Q2")),
        ("/corrections/download", Place("corrections")),
        ("/administration/members/vp", Place("member", "vp")),
        ("/administration/members/vp/contacts/deputy", Place("contacts", "vp")),
        ("/api/members/vp/contacts", Place("contacts", "vp")),
        ("/gone", Place("other")),
    ],
)
def test_an_address_says_what_it_shows(about: str, place: Place) -> None:
    assert place_of(about) == place


def test_every_route_that_is_noted_is_called_something() -> None:
    routes = {route.removeprefix("GET ") for route in RULES if route.startswith("GET ")}
    assert routes >= EXPORTS | OF_MANY | OF_ONE
    noted = EXPORTS | OF_MANY | OF_ONE | {route for route in routes if "{member}" in route}
    addresses = [re.sub(r"\{[a-z]+\}", "x", route) for route in sorted(noted)]
    assert [address for address in addresses if place_of(address).page == "other"] == []


def test_how_somebody_was_signed_in() -> None:
    assert manner_of("institution:vp/key:0190") == "key"
    assert manner_of("demonstration:coordinator") == "demonstration"
    assert manner_of("person:7") == "person"
